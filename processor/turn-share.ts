import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Work in pieces that together take at most so many milliseconds of each turn of the event loop, however many
 * do it at once. A turn that is over budget by many requests delays timers and sockets by all of them.
 */
export class TurnShare {
  readonly #milliseconds: number;
  /** When this turn's share is used up (`performance.now()`); 0 = nothing of it is used yet. */
  #end = 0;

  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds;
  }

  /** Whether the rest of the work should wait for another turn. */
  get usedUp(): boolean {
    const now = performance.now();
    if (this.#end === 0) {
      this.#end = now + this.#milliseconds;
      setImmediate(() => {
        this.#end = 0;
      });
    }
    return now > this.#end;
  }

  /** Resolves in a turn with some share left; those who came first go first. */
  async wait(): Promise<void> {
    do await nextTurn();
    while (this.usedUp);
  }
}
