/** The body of an OTLP request is not what its Content-Type says; sending it again cannot help. */
export class MalformedOtlpError extends Error {
  override readonly name = 'MalformedOtlpError';
  /** Where the fault was seen, in bytes from the start of the decompressed body. */
  readonly offset: number;
  /** What is wrong there, without the place. */
  readonly reason: string;

  constructor(offset: number, reason: string) {
    super(`${reason} at byte ${offset} of the request`);
    this.offset = offset;
    this.reason = reason;
  }
}
