/** An option of `SessionLogRecordProcessor` that it cannot work with. */
export class ProcessorOptionError extends Error {
  override readonly name = 'ProcessorOptionError';
  /** Such as `key` or `store.url`. */
  readonly option: string;

  constructor(option: string, problem: string, options?: ErrorOptions) {
    super(`SessionLogRecordProcessor: the option ${option} ${problem}`, options);
    this.option = option;
  }
}
