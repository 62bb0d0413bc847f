/** Worlds that rules and parameters may be tuned on. */
export const TUNING_SEEDS: readonly string[] = ['tuning-1', 'tuning-2'];

/** Worlds that nobody looks into: their figures are what counts. */
export const HELD_OUT_SEEDS: readonly string[] = ['held-out-1', 'held-out-2'];

/** What a seed is for. */
export function purposeOf(seed: string): string {
  if (HELD_OUT_SEEDS.includes(seed)) return 'held out';
  return TUNING_SEEDS.includes(seed) ? 'tuning' : 'other';
}
