/*
 * What a gate asks for before the silence of a cell counts; `gateIsOpen` of judging/functions.sql decides by the same,
 * and a test holds the two together.
 */
const LEAST_USERS = 3;
const LEAST_USER_DAYS = 5;
export const LEAST_CLOSURE = 0.8;

/** The days before a day whose user-days decide about it. */
export const GATE_DAYS = 8;
/** The days before a day within which a cell that was covered is missed. */
export const MISSED_DAYS = 28;

/** The figures of the eight days before a day that decide whether absence counts on it. */
export interface GateFigures {
  readonly user_days: number;
  readonly closed: number;
  readonly users: number;
  /** Of the closure: `wilsonLower`; null where nothing was counted. */
  readonly lower_bound: number | null;
}

/** The lower bound of the Wilson score interval with z = 1, as `wilsonLower` of judging/functions.sql; 0 without trials. */
export function wilsonLower(hits: number, trials: number): number {
  if (trials === 0) return 0;
  const share = hits / trials;
  const spread = Math.max(0, (share * (1 - share)) / trials + 1 / (4 * trials * trials));
  return (share + 1 / (2 * trials) - Math.sqrt(spread)) / (1 + 1 / trials);
}

/** The closure, which is 0 where nothing was counted. */
export function closureOf({ lower_bound }: Pick<GateFigures, 'lower_bound'>): number {
  return lower_bound ?? 0;
}

/** The day before which the user-days were counted, and the figures in words. */
export function gateText(figures: GateFigures): string {
  const { user_days, closed, users } = figures;
  return `on ${closed} of ${user_days} user-days of ${users} users in the eight days before, every session of this kind had its evidence in store (closure ${closureOf(figures).toFixed(2)}, and ${LEAST_CLOSURE} is needed)`;
}

/** Why a gate is shut, such as `too few user-days (3 of 5)`; undefined where it is open. */
export function whyShut(figures: GateFigures): string | undefined {
  const { user_days, users } = figures;
  const closure = closureOf(figures);
  const reasons: string[] = [];
  if (users < LEAST_USERS) reasons.push(`too few users (${users} of ${LEAST_USERS})`);
  if (user_days < LEAST_USER_DAYS) reasons.push(`too few user-days (${user_days} of ${LEAST_USER_DAYS})`);
  if (user_days > 0 && closure < LEAST_CLOSURE) {
    // Rounded down, so that what is too little does not look like enough.
    reasons.push(`closure ${(Math.floor(closure * 100) / 100).toFixed(2)} of ${LEAST_CLOSURE} needed`);
  }
  return reasons.length === 0 ? undefined : reasons.join(', ');
}
