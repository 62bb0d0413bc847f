/**
 * The memory that requests may hold at once, from their first byte to their answer. Beyond it requests are
 * refused for now instead of growing the process. A request that is alone may hold more than the limit:
 * refused, it would come again for ever; what a single request may be is limited elsewhere.
 */
export class BytesInFlight {
  readonly #limit: number;
  #used = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** A reservation of nothing yet, for one request. */
  reservation(): Reservation {
    let held = 0;
    const room = () =>
      this.#used === held ? Number.POSITIVE_INFINITY : Math.max(0, this.#limit - this.#used);
    return {
      room,
      grow: (bytes) => {
        if (bytes > room()) return false;
        this.#used += bytes;
        held += bytes;
        return true;
      },
      release: () => {
        this.#used -= held;
        held = 0;
      },
    };
  }
}

/** What one request holds of the {@link BytesInFlight}. */
export interface Reservation {
  /** How much more it could hold now, in bytes. */
  room(): number;
  /** Holds `bytes` more, or holds nothing more and returns false. */
  grow(bytes: number): boolean;
  /** Gives all back; may be called twice. */
  release(): void;
}
