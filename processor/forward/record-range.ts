/** Some of a request's records that follow each other: those from number `from` on and before `to`, of `all`. */
export class RecordRange {
  readonly from: number;
  readonly to: number;
  readonly all: number;

  constructor(from: number, to: number, all: number) {
    this.from = from;
    this.to = to;
    this.all = all;
  }

  get count(): number {
    return this.to - this.from;
  }

  get isWhole(): boolean {
    return this.from === 0 && this.to === this.all;
  }

  /**
   * Whether what holds the records from number `first` on and before `after` leaves with these: if any of them does;
   * what holds no record goes with the one that follows it, the last of all with the one before.
   */
  holds(first: number, after: number): boolean {
    if (after > first) return first < this.to && after > this.from;
    return first >= this.from && (first < this.to || this.to === this.all);
  }

  /** Both halves; there must be two records at least. */
  halves(): [RecordRange, RecordRange] {
    const middle = this.from + Math.ceil(this.count / 2);
    return [new RecordRange(this.from, middle, this.all), new RecordRange(middle, this.to, this.all)];
  }
}
