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

/** In the first days of a source, strands come to LOW at most, however many correlations find them. */
const isHeldDown = ({ row }: Candidate): boolean => row.point_reasons.some(([name]) => name === 'new source');

/**
 * What another correlation that found the same session adds to `points`: one point, since they do not count the same
 * things twice; more only where it had more to say than the one that names the finding.
 */
function seconded(other: Candidate, named: Candidate, points: number): PointReason {
  const { correlation, row } = other;
  const texts = row.point_reasons.filter(([, weight]) => weight > 0).map(([, , text]) => text);
  return {
    name: `also ${correlation.id}`,
    points: isHeldDown(other) || isHeldDown(named) ? 0 : Math.max(1, row.points + 1 - points),
    text: texts.join('; '),
  };
}

/** The strongest of the candidates names the finding, unless it yields to another that is as certain. */
function naming(candidates: readonly Candidate[]): Candidate | undefined {
  const [strongest, ...others] = candidates
    .filter(({ correlation }) => correlation.with === 'nothing')
    .sort(byStrength);
  const preferred = others.find(
    ({ correlation, row }) =>
      strongest?.correlation.yieldsTo.includes(correlation.id) && row.state === strongest.row.state,
  );
  return preferred ?? strongest;
}

function tell(candidates: readonly Candidate[]): Story | undefined {
  const named = naming(candidates);
  if (named === undefined) return undefined;
  const { correlation, row } = named;
  const told = new Set([correlation.id]);
  const reasons = row.point_reasons.map(reasonOf);
  let { points } = row;
  for (const other of [...candidates].sort(byStrength)) {
    if (told.has(other.correlation.id)) continue;
    const goesAlong = other.correlation.with === 'others';
    if (!goesAlong && other.row.state !== row.state) continue;
    told.add(other.correlation.id);
    const added = goesAlong ? other.row.point_reasons.map(reasonOf) : [seconded(other, named, points)];
    reasons.push(...added);
    if (!goesAlong) points = added.reduce((sum, reason) => sum + reason.points, points);
  }
  return { correlation, row, reasons };
}

/**
 * One story a session. Its correlation and its reasons are the strongest's; each other that found the session is
 * named with a point, and those that only go with others add their own.
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
