/** Why an event did not get to the store. */
export type DropReason =
  /** As many events as may wait were waiting. */
  | 'queue_full'
  /** The store did not take it before the shutdown's time was over. */
  | 'shutdown'
  /** The store's keys are made with another key. */
  | 'key_mismatch';

/** A flush is over and the store does not have everything that waited when it began; `cause` says why. */
export class EventsNotStoredError extends Error {
  override readonly name = 'EventsNotStoredError';
  readonly events: number;

  constructor(events: number, cause: Error) {
    super(`${events} events are not stored: ${cause.message}`, { cause });
    this.events = events;
  }
}
