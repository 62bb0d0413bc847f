import type { Session } from 'chdb';

const COUNTERS = `
SELECT sumIf(value, event = 'SelectedRows') AS rows, sumIf(value, event = 'SelectedBytes') AS bytes
FROM system.events`;

interface Counters {
  readonly rows: number;
  readonly bytes: number;
  /** What reading the counters adds to them. */
  readonly own: { readonly rows: number; readonly bytes: number };
}

/**
 * Finds out how much an INSERT SELECT read. The engine tells that only for statements that answer JSON, so it
 * is the difference of its global counters; where another statement ran meanwhile, nothing is known.
 */
export class ReadMeter {
  readonly #control: Session;
  #running = 0;
  #started = 0;

  constructor(control: Session) {
    this.#control = control;
  }

  /** Runs a statement, so that it is known to run while others are measured. */
  async count<T>(statement: () => Promise<T>): Promise<T> {
    this.#running++;
    this.#started++;
    try {
      return await statement();
    } finally {
      this.#running--;
    }
  }

  /** Runs a statement inside `count` and measures it; `read` is undefined when it did not run alone. */
  async measure<T>(
    statement: () => Promise<T>,
  ): Promise<{ value: T; read: { rows: number; bytes: number } | undefined }> {
    const alone = this.#running === 1;
    const started = this.#started;
    const before = alone ? await this.#counters() : undefined;
    const value = await statement();
    if (!before || this.#started !== started) return { value, read: undefined };
    const after = await this.#counters();
    if (this.#started !== started) return { value, read: undefined };
    return {
      value,
      read: {
        rows: after.rows - before.rows - before.own.rows,
        bytes: after.bytes - before.bytes - before.own.bytes,
      },
    };
  }

  async #counters(): Promise<Counters> {
    const result = await this.#control.queryAsync(COUNTERS, { format: 'JSONCompact' });
    const { data, statistics } = JSON.parse(result.text()) as {
      data: [[number | string, number | string]];
      statistics: { rows_read: number; bytes_read: number };
    };
    const [[rows, bytes]] = data;
    return {
      rows: Number(rows),
      bytes: Number(bytes),
      own: { rows: statistics.rows_read, bytes: statistics.bytes_read },
    };
  }
}
