import type { Planted } from '../../deploy/demo/story/planted.js';
import { type Finding, stands } from './finding.js';

/** What was planted beside what was found. */
export interface Comparison {
  readonly planted: readonly Pair[];
  /** Findings at MEDIUM or above that are about nothing that was planted. */
  readonly others: readonly Finding[];
}

export interface Pair {
  readonly attack: Planted;
  readonly finding: Finding | undefined;
  /** A finding about it that is under MEDIUM or withdrawn. */
  readonly weak: Finding | undefined;
}

/** Milliseconds by which GraphQL's time of a finding's first use may differ from the label's: rounding. */
const TOLERANCE_MS = 1000;

/** Pairs each planted attack with the finding about it. `shift`: by how many milliseconds the sample was moved. */
export function compare(
  planted: readonly Planted[],
  findings: readonly Finding[],
  shift: number,
): Comparison {
  const standing = findings.filter(stands);
  const pairs = planted.map((attack) => {
    const about = findings.filter((finding) => isAbout(finding, attack, shift));
    return { attack, finding: about.find(stands), weak: about.find((finding) => !stands(finding)) };
  });
  const paired = new Set(pairs.map(({ finding }) => finding));
  return { planted: pairs, others: standing.filter((finding) => !paired.has(finding)) };
}

/** Whether everything planted was found and nobody else is accused. */
export function isAsPlanted({ planted, others }: Comparison): boolean {
  return others.length === 0 && planted.every(({ finding }) => finding !== undefined);
}

/** What differs, in sentences; empty if nothing does. */
export function differences({ planted, others }: Comparison): string[] {
  const missing = planted.flatMap(({ attack, finding, weak }) => {
    if (finding !== undefined) return [];
    const instead =
      weak === undefined ? 'nothing was found of it' : `it was found, but ${weak.severity} and ${weak.state}`;
    return [`Not found at MEDIUM or above: ${attack.what} (${attack.user}, ${attack.kind}): ${instead}.`];
  });
  const wrong = others.map(
    (finding) =>
      `Found, but not planted: ${finding.severity} ${finding.title} (${finding.user?.name ?? 'nobody'}, ` +
      `${finding.session?.kind ?? 'no session'}, ${finding.id}).`,
  );
  return [...missing, ...wrong];
}

function isAbout(finding: Finding, attack: Planted, shift: number): boolean {
  const firstUse = Date.parse(attack.firstUse) + shift;
  return (
    finding.correlation.id === attack.correlation &&
    finding.user?.name === attack.user &&
    finding.session?.source === attack.source &&
    finding.session.kind === attack.kind &&
    Math.abs(Date.parse(finding.firstSeen) - firstUse) <= TOLERANCE_MS
  );
}
