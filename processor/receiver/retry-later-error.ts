/** Why a batch could not be stored now, as metrics call it; `other` where nobody said. */
export const RETRY_REASONS = [
  'disk_full',
  'draining',
  'next_receiver',
  'other',
  'queue_full',
  'store_down',
] as const;

export type RetryReason = (typeof RETRY_REASONS)[number];

export interface RetryLaterOptions extends ErrorOptions {
  readonly reason?: RetryReason;
  /** Why batches that come now would be refused as well; undefined once they would not be. */
  readonly standing?: () => RetryLaterError | undefined;
}

/**
 * The batch could not be stored now, through no fault of its own: the sender should send it again. The message is
 * for the sender.
 */
export class RetryLaterError extends Error {
  override readonly name = 'RetryLaterError';
  readonly retryable = true;
  readonly retryAfterSeconds: number;
  readonly reason: RetryReason;
  /** Asked before other batches are read and decoded, which would be in vain while it gives an error. */
  readonly standing: () => RetryLaterError | undefined;

  /** `retryAfterSeconds`: SDKs give up on a wait beyond their export's remaining time, so keep it at 1 or 2. */
  constructor(message: string, retryAfterSeconds = 1, options: RetryLaterOptions = {}) {
    super(message, options);
    this.retryAfterSeconds = retryAfterSeconds;
    this.reason = options.reason ?? 'other';
    this.standing = options.standing ?? (() => undefined);
  }
}

/** How long to wait, in seconds, if `error` asks for its batch to be sent again (`retryable` is true). */
export function retryAfterOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { retryable, retryAfterSeconds } = error as { retryable?: unknown; retryAfterSeconds?: unknown };
  if (retryable !== true) return undefined;
  return typeof retryAfterSeconds === 'number' && retryAfterSeconds > 0 ? retryAfterSeconds : 1;
}
