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

  /**
   * Whether a group that holds the records from number `first` on and before `after` leaves with these: if any of them
   * does. A group without records leaves with the record before it and the one after, which may lie in two ranges:
   * what holds it may end with either.
   */
  holds(first: number, after: number): boolean {
    if (after > first) return first < this.to && after > this.from;
    return first >= this.from && first <= this.to;
  }

  /** Whether what stands alone before the record of this number leaves with these; after the last, with the last. */
  holdsBefore(next: number): boolean {
    return next >= this.from && (next < this.to || this.to === this.all);
  }

  /** Both halves; there must be two records at least. */
  halves(): [RecordRange, RecordRange] {
    const middle = this.from + Math.ceil(this.count / 2);
    return [new RecordRange(this.from, middle, this.all), new RecordRange(middle, this.to, this.all)];
  }
}
