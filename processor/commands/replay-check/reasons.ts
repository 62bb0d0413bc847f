const MOST_REASONS = 100;
const OTHERS = 'other reasons';

/** Records that came to nothing for one reason. */
export interface ReasonCount {
  /** '' where it cannot be told. */
  readonly source: string;
  readonly reason: string;
  readonly records: number;
  /** File and line of the first. */
  readonly first: string;
}

/** Counts why records came to nothing; of the reasons beyond the first hundred only how many records they were. */
export class Reasons {
  readonly #counts = new Map<string, { -readonly [K in keyof ReasonCount]: ReasonCount[K] }>();

  add(reason: Pick<ReasonCount, 'source' | 'reason' | 'first'>, records = 1): void {
    const { source, reason: text, first } = reason;
    let key = `${source}\n${text}`;
    if (!this.#counts.has(key) && this.#counts.size >= MOST_REASONS) key = OTHERS;
    const known = this.#counts.get(key);
    if (known !== undefined) known.records += records;
    else if (key === OTHERS) this.#counts.set(key, { source: '', reason: OTHERS, records, first });
    else this.#counts.set(key, { source, reason: text, records, first });
  }

  /** The most frequent first. */
  list(): readonly ReasonCount[] {
    return [...this.#counts.values()].sort((a, b) => b.records - a.records);
  }
}
