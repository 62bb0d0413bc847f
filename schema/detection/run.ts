import { randomInt } from 'node:crypto';
import type { Database } from '../store/database.js';
import { loadSqlFile } from '../store/sql-file.js';
import { mergeGaps, type ProposedGap } from './cell-findings.js';
import type { CorrelationFile, RunTable } from './correlation-file.js';
import type { RunTime } from './finding.js';
import type { FindingChanges } from './finding-store.js';
import { mergeFindings } from './findings.js';
import { JUDGING_SETTINGS } from './judging-settings.js';
import type { Proposed, ProposedRow } from './story.js';
import { toStoreTime } from './time.js';

/** What to judge: arrivals after `from` up to `to` (milliseconds since 1970), as of the wall clock `now`. */
export interface RunWindow {
  readonly from: number;
  readonly to: number;
  readonly now: number;
  /** Whether to look again at sessions that wait for a watermark or for their patience to end. */
  readonly lookAtClocks: boolean;
}

/** What a part of a run cost. */
export interface RunCost {
  readonly durationMs: number;
  readonly rowsRead: number;
  readonly bytesRead: number;
}

/** What one correlation did in a run; a row of `correlation_runs`. */
export interface CorrelationOutcome extends RunCost {
  readonly correlation: string;
  readonly raised: number;
  readonly withdrawn: number;
  /** Empty when it went well. */
  readonly error: string;
}

export interface RunOutcome {
  readonly runId: number;
  /** Sessions judged: those that something new touched, and those that were re-queued. */
  readonly sessions: number;
  /** What the shared part cost: folds, evidence, absence, states. */
  readonly preparation: RunCost;
  readonly correlations: readonly CorrelationOutcome[];
}

const NO_COST: RunCost = { durationMs: 0, rowsRead: 0, bytesRead: 0 };

const RUN_TABLES = [
  'dirty_sessions',
  'touched_days',
  'touched_gates',
  'judged_sessions',
  'judged_evidence',
  'bare_sessions',
  'judged_absence',
  'judged_strands',
  'strand_shares',
  'strand_pasts',
  'strand_users',
  'strand_pairs',
  'measured_strands',
  'strand_switches',
  'strand_points',
  'ended_sessions',
] as const;

/** The strands of the sessions of a run, each step from the tables of those before it. */
const STRAND_STEPS = [
  'judged-strands',
  'strand-shares',
  'strand-pasts',
  'strand-users',
  'strand-pairs',
  'measured-strands',
] as const;
/** What the events of far strands say, and what they come to; nothing where none is far. */
const FAR_STRAND_STEPS = ['strand-switches', 'strand-points'] as const;

/** Ids order by time, so that later versions replace earlier ones; two schedulers in one millisecond differ by chance. */
function newRunId(now: number): number {
  return now * 4096 + randomInt(4096);
}

/** Drops what runs that were cut off left in the run tables: all that is older than an hour. */
export async function dropLeftRunTables(database: Database): Promise<void> {
  const { rows } = await database.query<{ table: string; partition_id: string }>(
    `SELECT DISTINCT table, partition_id FROM system.parts
    WHERE database = currentDatabase() AND table IN {tables:Array(String)} AND active
      AND toUInt64(partition_id) < {before:UInt64}`,
    { tables: RUN_TABLES, before: (Date.now() - 3_600_000) * 4096 },
  );
  for (const { table, partition_id } of rows) {
    await database.command(`ALTER TABLE ${table} DROP PARTITION ID '${partition_id}'`);
  }
}

async function count(database: Database, table: string, run: number, condition = 'true'): Promise<number> {
  const { rows } = await database.query<{ count: number }>(
    `SELECT count() AS count FROM ${table} WHERE run_id = {run:UInt64} AND ${condition}`,
    { run },
  );
  return rows[0]?.count ?? 0;
}

/** Numbers of the parameters of a correlation, by name. */
function defaults(correlation: CorrelationFile): Record<string, number> {
  return Object.fromEntries(correlation.parameters.map((parameter) => [parameter.name, parameter.default]));
}

interface Asked<Row> {
  readonly outcome: CorrelationOutcome;
  /** Empty if it failed. */
  readonly rows: readonly Row[];
}

/** Runs the SELECT of a correlation. One that fails is logged and shown, and stops nothing else. */
async function ask<Row>(
  database: Database,
  correlation: CorrelationFile,
  given: Record<string, unknown>,
): Promise<Asked<Row>> {
  const began = performance.now();
  const said = { correlation: correlation.id, rowsRead: 0, bytesRead: 0, raised: 0, withdrawn: 0, error: '' };
  const durationMs = () => Math.round(performance.now() - began);
  try {
    const { rows, rowsRead, bytesRead } = await database.query<Row>(
      correlation.sql,
      { ...given, ...defaults(correlation) },
      { settings: JUDGING_SETTINGS, logComment: `correlation:${correlation.id}` },
    );
    return { rows, outcome: { ...said, rowsRead, bytesRead, durationMs: durationMs() } };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { rows: [], outcome: { ...said, durationMs: durationMs(), error: reason } };
  }
}

/** Of a correlation that has nothing to find in this run. */
const notAsked = ({ id }: CorrelationFile): Asked<never> => ({
  rows: [],
  outcome: { correlation: id, ...NO_COST, raised: 0, withdrawn: 0, error: '' },
});

const withChanges = (outcome: CorrelationOutcome, changes: FindingChanges): CorrelationOutcome => ({
  ...outcome,
  ...changes.get(outcome.correlation),
});

const timeOf = (window: RunWindow): RunTime => ({
  cursor: toStoreTime(window.to),
  now: toStoreTime(window.now),
});

/**
 * What is not about single sessions, once a minute: learns the habits of the streams where that is due, then runs
 * the correlations about cells. Throws as `runOnce` does.
 */
export async function judgeCells(
  database: Database,
  correlations: readonly CorrelationFile[],
  window: RunWindow,
  learnStreams: boolean,
): Promise<RunOutcome> {
  const runId = newRunId(window.now);
  const now = toStoreTime(window.now);
  if (learnStreams) {
    const { text } = await loadSqlFile('judging/stream-clocks.sql');
    const parameters = { run: runId, now };
    await database.command(text, parameters, {
      settings: JUDGING_SETTINGS,
      logComment: 'judging:stream-clocks',
    });
  }
  const outcomes: CorrelationOutcome[] = [];
  for (const correlation of correlations.filter(({ story }) => story === 'cell')) {
    const { rows, outcome } = await ask<ProposedGap>(database, correlation, { now });
    outcomes.push(
      outcome.error === ''
        ? withChanges(outcome, await mergeGaps(database, correlation, rows, timeOf(window)))
        : outcome,
    );
  }
  return { runId, sessions: 0, preparation: NO_COST, correlations: outcomes };
}

/**
 * One run: which sessions something new touched; folds (closure, gates); re-queueing of what the folds changed; the
 * evidence and absence of each session; then every correlation over them, and the findings that follow.
 * Folds come before judging: otherwise the order of arrival would decide what is found.
 * @throws StoreUnavailableError or StoreRejectedError if the shared preparation fails; a failing correlation does
 *   not throw, its outcome says so.
 */
export async function runOnce(
  database: Database,
  correlations: readonly CorrelationFile[],
  window: RunWindow,
): Promise<RunOutcome> {
  const run = newRunId(window.now);
  const parameters = {
    run,
    from: toStoreTime(window.from),
    to: toStoreTime(window.to),
    now: toStoreTime(window.now),
    look_at_clocks: window.lookAtClocks ? 1 : 0,
  };
  const preparation = { durationMs: 0, rowsRead: 0, bytesRead: 0 };
  const judging = async (name: string): Promise<void> => {
    const began = performance.now();
    const { text } = await loadSqlFile(`judging/${name}.sql`);
    const used = Object.entries(parameters).filter(([parameter]) => text.includes(`{${parameter}:`));
    const { rowsRead = 0 } = await database.command(text, Object.fromEntries(used), {
      settings: JUDGING_SETTINGS,
      logComment: `judging:${name}`,
    });
    preparation.rowsRead += rowsRead;
    preparation.durationMs += Math.round(performance.now() - began);
  };
  try {
    await judging('dirty-sessions');
    const arrived = await count(database, 'dirty_sessions', run);
    if (arrived > 0) {
      for (const step of [
        'touched-days',
        'judged-sessions',
        'judged-evidence',
        'judged-legs',
        'closure-days',
        'cell-streams',
        'touched-gates',
        'cell-gates',
        'learned',
      ]) {
        await judging(step);
      }
    }
    await judging('requeued-sessions');
    const sessions = await count(database, 'dirty_sessions', run);
    if (sessions === 0) {
      await judging('completed-run');
      return { runId: run, sessions, preparation, correlations: [] };
    }
    if (sessions > arrived) {
      await judging('judged-sessions');
      await judging('judged-evidence');
      await judging('judged-legs');
    }
    const filled = new Set<RunTable>();
    await judging('bare-sessions');
    if ((await count(database, 'bare_sessions', run)) > 0) {
      await judging('judged-absence');
      filled.add('judged_absence');
    }
    await judging('session-states');
    for (const step of STRAND_STEPS) await judging(step);
    if ((await count(database, 'measured_strands', run, 'distance >= 2')) > 0) {
      for (const step of FAR_STRAND_STEPS) await judging(step);
      filled.add('strand_points');
    }
    await judging('session-strands');
    await judging('ended-sessions');
    if ((await count(database, 'ended_sessions', run)) > 0) filled.add('ended_sessions');
    const proposed: Proposed[] = [];
    const asked: CorrelationOutcome[] = [];
    for (const correlation of correlations.filter(({ story }) => story === 'session')) {
      const hasWork = correlation.needs.length === 0 || correlation.needs.some((table) => filled.has(table));
      const { rows, outcome } = hasWork
        ? await ask<ProposedRow>(database, correlation, { run })
        : notAsked(correlation);
      proposed.push({ correlation, rows });
      asked.push(outcome);
    }
    const failed = new Set(asked.filter(({ error }) => error !== '').map(({ correlation }) => correlation));
    const changes = await mergeFindings(database, proposed, failed, run, timeOf(window));
    const outcomes = asked.map((outcome) => withChanges(outcome, changes));
    await judging('pending-sessions');
    if (failed.size > 0) await judging('retried-sessions');
    await judging('completed-run');
    return { runId: run, sessions, preparation, correlations: outcomes };
  } finally {
    await Promise.all(
      RUN_TABLES.map((table) => database.command(`ALTER TABLE ${table} DROP PARTITION ID '${run}'`)),
    ).catch(() => {
      // A partition left behind is dropped by the next start; the run's own error must not be hidden.
    });
  }
}
