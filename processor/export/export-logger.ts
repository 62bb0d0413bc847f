/** What the writer says in the log; pino fits. */
export interface ExportLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
