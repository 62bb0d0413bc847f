import type { Database } from '../store/database.js';
import { loadSqlFile } from '../store/sql-file.js';
import type { Link } from '../words.js';
import type { CorrelationFile } from './correlation-file.js';
import {
  type FindingRow,
  type Proposal,
  type RunTime,
  raise,
  type StandingFinding,
  type Withdrawal,
  withdraw,
} from './finding.js';
import { type FindingChanges, newChanges, writeFindings } from './finding-store.js';
import { JUDGING_SETTINGS } from './judging-settings.js';
import type { PointReason } from './severity.js';

/** A row that a correlation returns: its fixed output columns. */
export interface ProposedRow {
  readonly tenant: string;
  readonly session_key: string;
  readonly user_key: string;
  readonly first_ts: string;
  readonly event_id: string;
  readonly state: 'open' | 'provisional';
  readonly link: Link;
  readonly points: number;
  readonly point_reasons: readonly (readonly [name: string, points: number, text: string])[];
}

/** What the events of a proposed session say (proposed-findings.sql). */
interface SessionUse {
  readonly tenant: string;
  readonly session_key: string;
  readonly event_count: number;
  readonly first_seen: string;
  readonly last_seen: string;
  readonly first_event_id: string;
  readonly user_key: string;
  readonly user_name: string;
  readonly address: string;
  readonly country: string;
  readonly asn: number;
  readonly as_organization: string;
  readonly browser: string;
  readonly os: string;
  readonly organization: string;
  readonly application_id: string;
  readonly application_name: string;
  readonly sources: readonly string[];
}

/** A row of standing-findings.sql. */
type StandingRow = StandingFinding & {
  /** What an analyst resolved it as, and when; empty and 1970 while nobody did. */
  readonly resolution: '' | 'true_positive' | 'false_positive' | 'benign';
  readonly resolved_at: string;
  readonly landed_event_id: string;
  readonly landed_link: string;
};

const sessionOf = (row: { tenant: string; session_key: string }): string =>
  `${row.tenant}\n${row.session_key}`;

/** Latest instant that DateTime64(9) holds; a bound that leaves nothing out. */
const END_OF_TIME = '2262-01-01 00:00:00.000000000';

/** Of several proposals for one session (it may lie in several cells), the strongest; ties go to the earliest use. */
function strongest(rows: readonly ProposedRow[]): ProposedRow[] {
  const best = new Map<string, ProposedRow>();
  for (const row of rows) {
    const other = best.get(sessionOf(row));
    if (
      other === undefined ||
      row.points > other.points ||
      (row.points === other.points && row.first_ts < other.first_ts)
    ) {
      best.set(sessionOf(row), row);
    }
  }
  return [...best.values()];
}

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

function place(use: SessionUse): string {
  const network = use.asn === 0 ? '' : `AS${use.asn} ${use.as_organization}`.trim();
  const where = [network, use.country].filter((part) => part !== '').join(', ');
  return use.address === '' ? '' : ` from ${use.address}${where === '' ? '' : ` (${where})`}`;
}

/** One sentence that an analyst can paste into a ticket. */
function summarise(use: SessionUse, link: Link): string {
  const who = use.user_name || use.user_key || 'An unknown user';
  const what = use.application_name || use.application_id || use.sources.join(', ');
  const client = [use.browser, use.os].filter((part) => part !== '').join(' on ');
  const claim = link === 'asserted' ? '; the records claim MFA, but its origin is not in store either' : '';
  return (
    `${who} used a session at ${what} ${plural(use.event_count, 'time')} since ${use.first_seen.slice(0, 19)} UTC` +
    `${place(use)}${client === '' ? '' : ` with ${client}`}, and no credential, factor or issue that would have ` +
    `made the session is in store although the logs that would show it are complete enough${claim}.`
  );
}

function propose(row: ProposedRow, correlation: CorrelationFile, use: SessionUse): Proposal {
  const where = use.application_name || use.application_id;
  return {
    tenant: row.tenant,
    story: 'session',
    subject: row.session_key,
    session_key: row.session_key,
    verdict: row.state === 'open' ? 'unvouched' : 'unproven',
    correlation: correlation.id,
    state: row.state,
    link: row.link,
    point_reasons: row.point_reasons.map(([name, points, text]): PointReason => ({ name, points, text })),
    title: where === '' ? correlation.title : `${correlation.title}: ${where}`,
    summary: summarise(use, row.link),
    user_key: use.user_key || row.user_key,
    user_name: use.user_name,
    sources: use.sources,
    organization: use.organization,
    application_id: use.application_id,
    application_name: use.application_name,
    first_event_id: use.first_event_id,
    first_seen: use.first_seen,
    last_seen: use.last_seen,
    event_count: use.event_count,
  };
}

/** Reads what the events of the proposed sessions say, in one bounded read. */
async function readUses(database: Database, rows: readonly ProposedRow[]): Promise<Map<string, SessionUse>> {
  if (rows.length === 0) return new Map();
  const { text } = await loadSqlFile('judging/proposed-findings.sql');
  const since = rows.map((row) => row.first_ts).sort()[0] ?? END_OF_TIME;
  const { rows: uses } = await database.query<SessionUse>(
    text,
    {
      tenants: [...new Set(rows.map((row) => row.tenant))],
      session_keys: rows.map((row) => row.session_key),
      since,
      until: END_OF_TIME,
    },
    { settings: JUDGING_SETTINGS },
  );
  return new Map(uses.map((use) => [sessionOf(use), use]));
}

/** What stands on a session: its finding of the newest generation, and when an older one was last resolved. */
interface Standing {
  readonly newest: StandingRow;
  readonly resolvedBefore: string | undefined;
}

/** The findings that stand on the sessions of a run, by session, each with the evidence that landed since. */
async function readStanding(database: Database, run: number): Promise<Map<string, Standing>> {
  const { text } = await loadSqlFile('judging/standing-findings.sql');
  const { rows } = await database.query<StandingRow>(text, { run }, { settings: JUDGING_SETTINGS });
  const standing = new Map<string, Standing>();
  for (const row of rows.sort((one, other) => one.generation - other.generation)) {
    const older = standing.get(sessionOf(row))?.newest;
    standing.set(sessionOf(row), { newest: row, resolvedBefore: older?.resolved_at });
  }
  return standing;
}

function toFinding(row: StandingRow): FindingRow {
  const {
    revision_order: _order,
    resolution: _resolution,
    resolved_at: _at,
    landed_event_id: _event,
    landed_link: _link,
    ...finding
  } = row;
  return finding;
}

/**
 * What the session did after an analyst resolved its finding, if that is a new story: any use after a true positive,
 * a strand not seen by then after anything else. `undefined` if the old finding still covers it.
 */
async function readResumedUse(
  database: Database,
  row: ProposedRow,
  before: StandingRow,
): Promise<SessionUse | undefined> {
  const { tenant, session_key } = row;
  const { resolved_at } = before;
  if (before.resolution !== 'true_positive') {
    const { text } = await loadSqlFile('judging/new-strands.sql');
    const { rows } = await database.query<{ strands: number }>(
      text,
      { tenant, session_key, since: row.first_ts, resolved_at },
      { settings: JUDGING_SETTINGS },
    );
    if ((rows[0]?.strands ?? 0) === 0) return undefined;
  }
  return readUseSince(database, row, resolved_at);
}

async function readUseSince(
  database: Database,
  row: ProposedRow,
  since: string,
): Promise<SessionUse | undefined> {
  const uses = await readUses(database, [{ ...row, first_ts: since }]);
  return uses.get(sessionOf(row));
}

/** By the evidence that landed, or, where none did, because absence cannot be trusted there (any more). */
function whyWithdrawn(row: StandingRow): Withdrawal {
  const landed = row.landed_event_id !== '';
  return {
    withdrawn_because: landed ? 'evidence' : 'coverage',
    evidence_event_id: row.landed_event_id,
    verdict: landed ? 'proven' : 'unproven',
    link: landed ? (row.landed_link as Link) : row.link,
  };
}

/**
 * Writes what a correlation's proposals make of the findings that stand on the sessions of a run: new findings, new
 * revisions, newer figures, and withdrawals of what is no longer proposed. Writing the same twice changes nothing.
 */
export async function mergeFindings(
  database: Database,
  correlation: CorrelationFile,
  proposed: readonly ProposedRow[],
  run: number,
  time: RunTime,
): Promise<FindingChanges> {
  const rows = strongest(proposed);
  const [uses, standing] = await Promise.all([readUses(database, rows), readStanding(database, run)]);
  const changes = newChanges();
  const still = new Set<string>();
  for (const row of rows) {
    const use = uses.get(sessionOf(row));
    if (use === undefined) continue;
    still.add(sessionOf(row));
    const { newest, resolvedBefore } = standing.get(sessionOf(row)) ?? {};
    if (newest !== undefined && newest.resolution !== '') {
      const resumed = await readResumedUse(database, row, newest);
      if (resumed === undefined) continue;
      changes.add(
        raise(propose(row, correlation, resumed), undefined, time, newest.generation + 1),
        undefined,
      );
      continue;
    }
    // What came before an earlier resolution is told by the finding that was resolved.
    const told = resolvedBefore === undefined ? use : await readUseSince(database, row, resolvedBefore);
    if (told === undefined) continue;
    changes.add(raise(propose(row, correlation, told), newest && toFinding(newest), time), newest?.state);
  }
  for (const [session, { newest }] of standing) {
    if (!still.has(session)) changes.addWithdrawal(withdraw(toFinding(newest), whyWithdrawn(newest), time));
  }
  return writeFindings(database, changes);
}
