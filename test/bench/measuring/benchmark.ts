/** How much a benchmark does. `smoke` is the smallest that shows that it runs: its figures say nothing. */
export type Effort = 'full' | 'smoke';

/** Takes what a benchmark prints, a line at a time. */
export type Say = (line: string) => void;

/** What a file of `test/bench/` exports: a measurement. */
export interface Benchmark {
  /** Measures, and says what was measured with medians and spread, beside the goal where there is one. */
  run(say: Say, effort: Effort): Promise<void>;
}

/** Says a goal, and whether what was measured reaches it. A goal that is missed is said, never an error. */
export function sayGoal(say: Say, goal: string, isReached: boolean): void {
  say(`goal ${isReached ? 'reached' : 'MISSED '}  ${goal}`);
}

/** A logger that says nothing; what is measured must not be the terminal. */
export const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
