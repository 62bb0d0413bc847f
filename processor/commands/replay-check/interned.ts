/** Small numbers in place of texts that come again and again, at most `most` of them. */
export class Interned {
  readonly #numbers = new Map<string, number>();
  readonly #most: number;
  /** Texts that had no number left, each time that one was asked for. */
  leftOut = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#numbers.size;
  }

  /** The number of a text, from 0; undefined for a text that is new when all numbers are given. */
  of(text: string): number | undefined {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    if (this.#numbers.size >= this.#most) {
      this.leftOut += 1;
      return undefined;
    }
    const number = this.#numbers.size;
    this.#numbers.set(text, number);
    return number;
  }
}
