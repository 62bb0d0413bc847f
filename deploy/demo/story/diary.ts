import { STORY_END, STORY_START } from './calendar.js';

/** Something with its time, in milliseconds since the epoch. */
export interface Entry<T> {
  readonly at: number;
  readonly what: T;
}

/** What happened within the story, in the order in which it happened; nothing outside the story is kept. */
export class Diary<T> {
  readonly #entries: Entry<T>[] = [];

  write(at: number, what: T): void {
    if (at >= STORY_START && at <= STORY_END) this.#entries.push({ at, what });
  }

  /** Entries of the same time keep the order in which they were written. */
  inOrder(): readonly Entry<T>[] {
    return this.#entries.toSorted((a, b) => a.at - b.at);
  }
}
