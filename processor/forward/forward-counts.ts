/** What forwarding has done since the start; everything only ever grows. */
export interface ForwardCounters {
  /** Log records that the destination took. */
  readonly records: number;
  /** Log records that it refused for good. */
  readonly refused: number;
  /** Log records that senders were told to send again because it did not take them now. */
  readonly retried: number;
  /** Requests to it that were answered or failed, and the seconds that they took together. */
  readonly requests: number;
  readonly seconds: number;
}

/** Counts; the forwarder writes, everyone else reads it as {@link ForwardCounters}. */
export class ForwardCounts implements ForwardCounters {
  records = 0;
  refused = 0;
  retried = 0;
  requests = 0;
  seconds = 0;
}
