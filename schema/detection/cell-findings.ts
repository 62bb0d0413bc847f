import type { Database } from '../store/database.js';
import { loadSqlFile } from '../store/sql-file.js';
import type { CorrelationFile } from './correlation-file.js';
import { type Proposal, type RunTime, raise, type StandingFinding, withdraw } from './finding.js';
import { type FindingChanges, GatheredChanges, writeFindings } from './finding-store.js';
import { JUDGING_SETTINGS } from './judging-settings.js';
import type { PointReason } from './severity.js';

/** A row that a correlation about cells returns. */
export interface ProposedGap {
  readonly tenant: string;
  readonly cell: string;
  readonly first_ts: string;
  /** Sessions that wait for the evidence. */
  readonly sessions: number;
  readonly point_reasons: readonly (readonly [name: string, points: number, text: string])[];
  readonly points: number;
}

/** The parts of a cell, as `cellOf` of functions.sql joins them; the organisation may hold anything. */
function partsOf(cell: string): { source: string; organization: string; kind: string; application: string } {
  const parts = cell.split('|');
  const source = parts.shift() ?? '';
  const application = parts.pop() ?? '';
  const kind = parts.pop() ?? '';
  return { source, organization: parts.join('|'), kind, application };
}

function propose(row: ProposedGap, correlation: CorrelationFile): Proposal {
  const { source, organization, kind, application } = partsOf(row.cell);
  const where = [application, organization].filter((part) => part !== '').join(', ') || source;
  const [[, , reason = ''] = []] = row.point_reasons;
  return {
    tenant: row.tenant,
    story: 'cell',
    subject: row.cell,
    session_key: '',
    verdict: 'unproven',
    correlation: correlation.id,
    state: 'open',
    link: 'none',
    point_reasons: row.point_reasons.map(([name, points, text]): PointReason => ({ name, points, text })),
    title: `${correlation.title}: ${kind} sessions of ${where}`,
    summary:
      `Since ${row.first_ts.slice(0, 19)} UTC nothing can be said about ${kind} sessions of ${where} (source ${source}): ` +
      `${reason}; ${row.sessions} of them wait.`,
    user_key: '',
    user_name: '',
    sources: [source],
    organization,
    application_id: application,
    application_name: application,
    first_event_id: '',
    first_seen: row.first_ts,
    last_seen: row.first_ts,
    event_count: row.sessions,
  };
}

/** Runs a correlation about cells and writes what it makes of the findings that stand; a gap that closed is withdrawn. */
export async function mergeGaps(
  database: Database,
  correlation: CorrelationFile,
  proposed: readonly ProposedGap[],
  time: RunTime,
): Promise<FindingChanges> {
  const { text } = await loadSqlFile('judging/standing-gaps.sql');
  const answer = await database.query<StandingFinding>(
    text,
    { correlation: correlation.id },
    { settings: JUDGING_SETTINGS },
  );
  const standing = new Map(
    answer.rows.map(({ revision_order: _order, ...row }) => [`${row.tenant}\n${row.subject}`, row]),
  );
  const changes = new GatheredChanges();
  for (const row of proposed) {
    const subject = `${row.tenant}\n${row.cell}`;
    const before = standing.get(subject);
    changes.add(raise(propose(row, correlation), before, time), before?.state);
    standing.delete(subject);
  }
  for (const row of standing.values()) {
    const { link, verdict } = row;
    changes.addWithdrawal(
      withdraw(row, { withdrawn_because: 'evidence', evidence_event_id: '', link, verdict }, time),
    );
  }
  return writeFindings(database, changes);
}
