import type { Database } from '../store/database.js';
import { fromStoreTime, toStoreTime } from './time.js';

/** Arrivals of one window when it was judged. */
interface JudgedWindow {
  readonly from: number;
  readonly to: number;
  readonly arrivals: number;
}

/**
 * Stamps are given at insert and rows show when the insert commits, so rows may show below the cursor. The writer
 * abandons an insert after ten seconds; a window this old has all its rows.
 */
const COMMIT_WINDOW_MS = 10 * 60_000;
/** Rows younger than this may still be committing; reading them would move the cursor past others. */
const READ_LAG_MS = 1_000;
/** Arrivals judged in one run at most, so that catching up after days away takes many runs of bounded size. */
const MOST_ARRIVALS = 200_000;

/** Where the scheduler stands in `arrivals`, and which windows that it has judged have grown since. */
export class ArrivalsCursor {
  readonly #database: Database;
  readonly #name: string;
  #position: number | undefined;
  #judged: JudgedWindow[] = [];

  constructor(database: Database, name: string) {
    this.#database = database;
    this.#name = name;
  }

  /** Milliseconds since 1970 up to which everything is judged; before the first run, the oldest arrival. */
  async position(): Promise<number> {
    if (this.#position !== undefined) return this.#position;
    const { rows } = await this.#database.query<{ position: string }>(
      `SELECT argMax(position, version) AS position FROM cursors WHERE name = {name:String} HAVING count() > 0`,
      { name: this.#name },
    );
    const stored = rows[0] === undefined ? undefined : fromStoreTime(rows[0].position);
    if (stored !== undefined) {
      // What was committed late while nobody looked: the windows of the last process are unknown to this one.
      this.#position = stored - COMMIT_WINDOW_MS;
      return this.#position;
    }
    const { rows: oldest } = await this.#database.query<{ oldest: string }>(
      'SELECT min(ingested_at) AS oldest FROM arrivals HAVING count() > 0',
    );
    this.#position = oldest[0] === undefined ? 0 : fromStoreTime(oldest[0].oldest) - 1;
    return this.#position;
  }

  /** The next window to judge as of `now`: it may be empty. */
  async next(now: number): Promise<{ from: number; to: number; arrivals: number }> {
    const from = await this.position();
    const newest = Math.max(from, now - READ_LAG_MS);
    const { rows } = await this.#database.query<{ ingested_at: string }>(
      `SELECT ingested_at FROM arrivals
      WHERE ingested_at > {from:DateTime64(3, 'UTC')} AND ingested_at <= {to:DateTime64(3, 'UTC')}
      ORDER BY ingested_at LIMIT 1 OFFSET {most:UInt32}`,
      { from: toStoreTime(from), to: toStoreTime(newest), most: MOST_ARRIVALS },
    );
    const to = rows[0] === undefined ? newest : fromStoreTime(rows[0].ingested_at);
    return { from, to, arrivals: await this.#count(from, to) };
  }

  /** Windows of the last ten minutes in which more rows show now than when they were judged. */
  async grown(now: number): Promise<{ from: number; to: number }[]> {
    this.#judged = this.#judged.filter((window) => window.to > now - COMMIT_WINDOW_MS);
    const grown: { from: number; to: number }[] = [];
    for (const [index, window] of this.#judged.entries()) {
      const arrivals = await this.#count(window.from, window.to);
      if (arrivals <= window.arrivals) continue;
      this.#judged[index] = { ...window, arrivals };
      grown.push(window);
    }
    return grown;
  }

  /** Moves past a window that was judged. */
  async advance(window: JudgedWindow): Promise<void> {
    if (window.arrivals > 0) this.#judged.push(window);
    await this.#database.insertRows('cursors', [
      { name: this.#name, position: toStoreTime(window.to), version: window.to },
    ]);
    this.#position = window.to;
  }

  async #count(from: number, to: number): Promise<number> {
    const { rows } = await this.#database.query<{ arrivals: number }>(
      `SELECT count() AS arrivals FROM arrivals
      WHERE ingested_at > {from:DateTime64(3, 'UTC')} AND ingested_at <= {to:DateTime64(3, 'UTC')}`,
      { from: toStoreTime(from), to: toStoreTime(to) },
    );
    return rows[0]?.arrivals ?? 0;
  }
}
