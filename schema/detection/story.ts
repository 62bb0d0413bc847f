import type { Link } from '../words.js';
import type { CorrelationFile } from './correlation-file.js';
import type { PointReason } from './severity.js';

/** A row that a correlation about sessions returns: its fixed output columns. */
export interface ProposedRow {
  readonly tenant: string;
  readonly session_key: string;
  readonly user_key: string;
  readonly first_ts: string;
  readonly event_id: string;
  readonly state: 'open' | 'provisional';
  /** Empty where the correlation does not judge the link: the session's own stands. */
  readonly link: Link | '';
  readonly points: number;
  readonly point_reasons: readonly (readonly [name: string, points: number, text: string])[];
}

/** What one correlation proposes. */
export interface Proposed {
  readonly correlation: CorrelationFile;
  readonly rows: readonly ProposedRow[];
}

/** What all correlations together say of one session: one finding. */
export interface Story {
  readonly correlation: CorrelationFile;
  readonly row: ProposedRow;
  readonly reasons: readonly PointReason[];
}

export const sessionOf = (row: { tenant: string; session_key: string }): string =>
  `${row.tenant}\n${row.session_key}`;

interface Candidate {
  readonly correlation: CorrelationFile;
  readonly row: ProposedRow;
}

/** The stronger first: open before provisional, more points, the order of the correlations, the earlier use. */
function byStrength(one: Candidate, other: Candidate): number {
  return (
    Number(one.row.state !== 'open') - Number(other.row.state !== 'open') ||
    other.row.points - one.row.points ||
    one.correlation.strength - other.correlation.strength ||
    (one.row.first_ts < other.row.first_ts ? -1 : 1)
  );
}

const reasonOf = ([name, points, text]: ProposedRow['point_reasons'][number]): PointReason => ({
  name,
  points,
  text,
});

/** What another correlation, which found the same session, adds: a point, since they do not count the same things twice. */
function seconded({ correlation, row }: Candidate): PointReason {
  const texts = row.point_reasons.filter(([, points]) => points > 0).map(([, , text]) => text);
  return { name: `also ${correlation.id}`, points: 1, text: texts.join('; ') };
}

function tell(candidates: readonly Candidate[]): Story | undefined {
  const [strongest, ...others] = candidates
    .filter(({ correlation }) => correlation.with === 'nothing')
    .sort(byStrength);
  if (strongest === undefined) return undefined;
  const { correlation, row } = strongest;
  const told = new Set([correlation.id]);
  const reasons = row.point_reasons.map(reasonOf);
  for (const other of others) {
    if (told.has(other.correlation.id) || other.row.state !== row.state) continue;
    told.add(other.correlation.id);
    reasons.push(seconded(other));
  }
  for (const added of candidates) {
    if (added.correlation.with === 'nothing' || told.has(added.correlation.id)) continue;
    told.add(added.correlation.id);
    reasons.push(...added.row.point_reasons.map(reasonOf));
  }
  return { correlation, row, reasons };
}

/**
 * One story a session. Its correlation and its reasons are the strongest's; each other that found the session is
 * named with one point, and those that only go with others add their own.
 * @returns by `sessionOf`
 */
export function stories(proposed: readonly Proposed[]): Map<string, Story> {
  const bySession = new Map<string, Candidate[]>();
  for (const { correlation, rows } of proposed) {
    for (const row of rows) {
      const candidates = bySession.get(sessionOf(row));
      if (candidates === undefined) bySession.set(sessionOf(row), [{ correlation, row }]);
      else candidates.push({ correlation, row });
    }
  }
  const told = new Map<string, Story>();
  for (const [session, candidates] of bySession) {
    const story = tell(candidates);
    if (story !== undefined) told.set(session, story);
  }
  return told;
}
