import type { Database } from '../store/database.js';
import { loadSqlFile } from '../store/sql-file.js';
import type { Link } from '../words.js';
import {
  type FindingRow,
  type RunTime,
  raise,
  type StandingFinding,
  type Withdrawal,
  withdraw,
} from './finding.js';
import { type FindingChanges, GatheredChanges, writeFindings } from './finding-store.js';
import { JUDGING_SETTINGS } from './judging-settings.js';
import { propose, readUses, type SessionUse } from './session-use.js';
import { type Proposed, type Story, sessionOf, stories } from './story.js';

/** A row of standing-findings.sql. */
type StandingRow = StandingFinding & {
  /** What an analyst resolved it as, and when; empty and 1970 while nobody did. */
  readonly resolution: '' | 'true_positive' | 'false_positive' | 'benign';
  readonly resolved_at: string;
  readonly landed_event_id: string;
  readonly landed_link: string;
};

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
  story: Story,
  before: StandingRow,
): Promise<SessionUse | undefined> {
  const { tenant, session_key, first_ts } = story.row;
  const { resolved_at } = before;
  if (before.resolution !== 'true_positive') {
    const { text } = await loadSqlFile('judging/new-strands.sql');
    const { rows } = await database.query<{ strands: number }>(
      text,
      { tenant, session_key, since: first_ts, resolved_at },
      { settings: JUDGING_SETTINGS },
    );
    if ((rows[0]?.strands ?? 0) === 0) return undefined;
  }
  return readUseSince(database, story, resolved_at);
}

async function readUseSince(
  database: Database,
  story: Story,
  since: string,
): Promise<SessionUse | undefined> {
  const uses = await readUses(database, [story], since);
  return uses.get(sessionOf(story.row));
}

/**
 * By the evidence that landed; because absence cannot be trusted there (any more); or because what was found of its
 * strands is no longer so.
 */
function whyWithdrawn(row: StandingRow): Withdrawal {
  const { verdict, link } = row;
  if (row.correlation !== 'unvouched-access') {
    return { withdrawn_because: 'superseded', evidence_event_id: '', verdict, link };
  }
  if (row.landed_event_id === '') {
    return { withdrawn_because: 'coverage', evidence_event_id: '', verdict: 'unproven', link };
  }
  const evidence_event_id = row.landed_event_id;
  return {
    withdrawn_because: 'evidence',
    evidence_event_id,
    verdict: 'proven',
    link: row.landed_link as Link,
  };
}

/**
 * Writes what the correlations' proposals make of the findings that stand on the sessions of a run: new findings, new
 * revisions, newer figures, and withdrawals of what is no longer proposed. Writing the same twice changes nothing.
 * @param failed correlations that could not say: what stands of them stays as it is
 */
export async function mergeFindings(
  database: Database,
  proposed: readonly Proposed[],
  failed: ReadonlySet<string>,
  run: number,
  time: RunTime,
): Promise<FindingChanges> {
  const told = stories(proposed);
  const [uses, standing] = await Promise.all([
    readUses(database, [...told.values()]),
    readStanding(database, run),
  ]);
  const changes = new GatheredChanges();
  const still = new Set<string>();
  for (const [session, story] of told) {
    const use = uses.get(session);
    if (use === undefined) continue;
    still.add(session);
    const { newest, resolvedBefore } = standing.get(session) ?? {};
    if (newest !== undefined && failed.has(newest.correlation)) continue;
    if (newest !== undefined && newest.resolution !== '') {
      const resumed = await readResumedUse(database, story, newest);
      if (resumed === undefined) continue;
      changes.add(raise(propose(story, resumed), undefined, time, newest.generation + 1), undefined);
      continue;
    }
    // What came before an earlier resolution is told by the finding that was resolved.
    const rest = resolvedBefore === undefined ? use : await readUseSince(database, story, resolvedBefore);
    if (rest === undefined) continue;
    changes.add(raise(propose(story, rest), newest && toFinding(newest), time), newest?.state);
  }
  for (const [session, { newest }] of standing) {
    if (still.has(session) || failed.has(newest.correlation)) continue;
    changes.addWithdrawal(withdraw(toFinding(newest), whyWithdrawn(newest), time));
  }
  return writeFindings(database, changes);
}
