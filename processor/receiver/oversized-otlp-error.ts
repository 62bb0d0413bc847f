/** A request decodes into more than one request may; sending it again cannot help, sending it in parts can. */
export class OversizedOtlpError extends Error {
  override readonly name = 'OversizedOtlpError';
  readonly limit: number;

  /** `what`: what there were more than `limit` of. */
  constructor(what: string, limit: number) {
    super(`a request of more than ${limit} ${what}; send it in smaller batches`);
    this.limit = limit;
  }
}
