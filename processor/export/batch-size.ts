// Rows are stamped when their insert begins and are looked for a second after their stamp.
const TARGET_SECONDS = 0.5;
const FEWEST_ROWS = 500;

/**
 * How many rows a batch may have: as many as the store takes in about half a second, so that rows are there when
 * they are looked for and an insert stays far from the time at which it is abandoned, however slow the machine.
 */
export class BatchSize {
  readonly #most: number;
  rows: number;

  /** `most`: the rows that a batch never exceeds. */
  constructor(most: number) {
    this.#most = most;
    // A slow store would take seconds to learn from the largest, and a fast one asks for larger ones at once.
    this.rows = Math.min(most, Math.max(FEWEST_ROWS, Math.round(most / 4)));
  }

  inserted(rows: number, seconds: number): void {
    // A small insert says what a statement costs, not what a row costs.
    if (rows < FEWEST_ROWS && seconds < TARGET_SECONDS) return;
    this.#set((this.rows + (rows / seconds) * TARGET_SECONDS) / 2);
  }

  abandoned(): void {
    this.#set(this.rows / 4);
  }

  #set(rows: number): void {
    this.rows = Math.round(Math.min(this.#most, Math.max(FEWEST_ROWS, rows)));
  }
}
