import { pino } from 'pino';
import type { LogLevel } from '../config.js';
import { requestFields } from './request-id.js';

export type Logger = ReturnType<typeof createLogger>;

interface Destination {
  /** Readable lines instead of JSON. */
  terminal: boolean;
  write: (text: string) => void;
}

const standardError = (): Destination => ({
  terminal: process.stderr.isTTY === true,
  // Synchronous by the nature of stderr, so that the line before a crash is not lost.
  write: (text) => void process.stderr.write(text),
});

/**
 * The service's log: one JSON object a line, or one readable line where somebody watches. It goes to standard
 * error; standard output holds only what a command was asked for.
 */
export function createLogger(level: LogLevel, destination: Partial<Destination> = {}) {
  const { terminal, write } = { ...standardError(), ...destination };
  return pino(
    {
      level,
      base: { service: 'vouchtrail' },
      mixin: requestFields,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: ['password', 'key', '*.password', '*.key'],
    },
    { write: terminal ? (line: string) => write(readableLine(line)) : write },
  );
}

/** `03:04:05.678 WARN  message  name=value ...`, a stack below it where an error brought one. */
function readableLine(line: string): string {
  const { level, time, msg, service: _service, err, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const clock = String(time).slice(11, 23);
  const details = Object.entries(fields).map(([name, value]) => ` ${name}=${compact(value)}`);
  return `${clock} ${String(level).toUpperCase().padEnd(5)} ${msg ?? ''}${details.join('')}${errorLines(err)}\n`;
}

const compact = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function errorLines(err: unknown): string {
  if (err === undefined) return '';
  const { message, stack } = err as { message?: string; stack?: string };
  return `\n      ${(stack ?? message ?? compact(err)).replaceAll('\n', '\n      ')}`;
}
