/** The batch could not be stored now, through no fault of its own: the sender should send it again. */
export class RetryLaterError extends Error {
  override readonly name = 'RetryLaterError';
  readonly retryable = true;
  readonly retryAfterSeconds: number;

  /** `retryAfterSeconds`: SDKs give up on a wait beyond their export's remaining time, so keep it at 1 or 2. */
  constructor(message: string, retryAfterSeconds = 1, options?: ErrorOptions) {
    super(message, options);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** How long to wait, in seconds, if `error` asks for its batch to be sent again (`retryable` is true). */
export function retryAfterOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { retryable, retryAfterSeconds } = error as { retryable?: unknown; retryAfterSeconds?: unknown };
  if (retryable !== true) return undefined;
  return typeof retryAfterSeconds === 'number' && retryAfterSeconds > 0 ? retryAfterSeconds : 1;
}
