import { SEVERITIES, type Severity } from '../words.js';

/** A named part of what decided a finding's severity; the parts add up to its points. */
export interface PointReason {
  readonly name: string;
  readonly points: number;
  readonly text: string;
}

/** Taken off while a finding may still be withdrawn because its evidence is merely late. */
const PROVISIONAL_POINTS = -2;

/** The least points of each severity, in order; docs/severity.md shows the same table. */
const LEAST_POINTS: readonly (readonly [Severity, number])[] = [
  ['critical', 8],
  ['high', 6],
  ['medium', 4],
  ['low', 2],
];

/** Severity by points: under 2 INFO, 2-3 LOW, 4-5 MEDIUM, 6-7 HIGH, 8 and more CRITICAL. */
export function severityOf(points: number): Severity {
  return LEAST_POINTS.find(([, least]) => points >= least)?.[0] ?? 'info';
}

/** Position of a severity, for ordering and filters: 0 is INFO. */
export function severityRank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}

/** The reasons of a correlation with those that do not depend on it, and their sum. */
export function weigh(
  reasons: readonly PointReason[],
  provisional: boolean,
): { reasons: PointReason[]; points: number; severity: Severity } {
  const all = [...reasons];
  if (provisional) {
    all.push({
      name: 'provisional',
      points: PROVISIONAL_POINTS,
      text: 'streams that would carry its evidence are behind, so it may still arrive',
    });
  }
  const points = all.reduce((sum, reason) => sum + reason.points, 0);
  return { reasons: all, points, severity: severityOf(points) };
}
