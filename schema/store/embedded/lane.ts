import type { EngineConnection } from './connection.js';
import { QueryError } from './query-error.js';

/**
 * A bounded number of connections for one kind of statement. Kinds have lanes of their own, so that slow
 * reports never hold up inserts: one connection runs one statement at a time.
 */
export class Lane {
  readonly #open: () => EngineConnection;
  readonly #idle: EngineConnection[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly #maxWaiting: number;
  #free: number;

  constructor(size: number, maxWaiting: number, open: () => EngineConnection) {
    this.#free = size;
    this.#maxWaiting = maxWaiting;
    this.#open = open;
  }

  /** Runs `use` on a connection of this lane, when one is free. Throws a QueryError when too many wait already. */
  async use<T>(use: (connection: EngineConnection) => Promise<T>): Promise<T> {
    return this.turn(async () => {
      const connection = this.#idle.pop() ?? this.#open();
      try {
        return await use(connection);
      } finally {
        if (connection.usable) this.#idle.push(connection);
        else connection.close();
      }
    });
  }

  /** Waits for a turn without taking a connection: for statements that bring their own. */
  async turn<T>(run: () => Promise<T>): Promise<T> {
    await this.#enter();
    try {
      return await run();
    } finally {
      this.#leave();
    }
  }

  close(): void {
    for (const connection of this.#idle.splice(0)) connection.close();
  }

  async #enter(): Promise<void> {
    if (this.#free > 0) {
      this.#free--;
      return;
    }
    if (this.#waiting.length >= this.#maxWaiting) {
      throw new QueryError(
        202,
        'TOO_MANY_SIMULTANEOUS_QUERIES',
        `${this.#waiting.length} statements wait already. Send fewer at once, or later.`,
      );
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free++;
  }
}
