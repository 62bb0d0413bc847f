/** The middle one of some figures; of an even number, the upper of the two in the middle. */
export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

/** Median, smallest and largest: `2.31, 2.20..2.75`. */
export function spread(figures: readonly number[], decimals = 2): string {
  const [middle, least, most] = [median(figures), Math.min(...figures), Math.max(...figures)].map((figure) =>
    figure.toFixed(decimals),
  );
  return `${middle}, ${least}..${most}`;
}

/**
 * Figures of one number divided by those of another, round by round: what was measured side by side shares the noise of
 * the machine, which so drops out.
 */
export function ratios(dividends: readonly number[], divisors: readonly number[]): number[] {
  return dividends.map((dividend, round) => dividend / (divisors[round] ?? Number.NaN));
}

/** A whole number with separators: 61,234. */
export function whole(figure: number): string {
  return Math.round(figure).toLocaleString('en');
}
