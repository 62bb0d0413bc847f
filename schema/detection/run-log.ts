import type { Database } from '../store/database.js';
import type { CorrelationFile } from './correlation-file.js';
import type { RunOutcome, RunWindow } from './run.js';
import { toStoreTime } from './time.js';

/** The name under which the shared part of a run is logged, beside the correlations. */
const PREPARATION = 'judging';

/** Writes what a run did, a row a correlation; a run in which nothing was due logs zeros, so that silence shows. */
export async function logRun(
  database: Database,
  correlations: readonly CorrelationFile[],
  window: RunWindow,
  outcome: RunOutcome,
): Promise<void> {
  const common = {
    run_id: outcome.runId,
    started_at: toStoreTime(window.now),
    sessions: outcome.sessions,
    cursor_from: toStoreTime(window.from),
    cursor_to: toStoreTime(window.to),
  };
  const idle = correlations
    .filter(({ story }) => story === 'session')
    .map(({ id }) => ({
      correlation: id,
      durationMs: 0,
      rowsRead: 0,
      bytesRead: 0,
      raised: 0,
      withdrawn: 0,
      error: '',
    }));
  const preparation = {
    ...outcome.preparation,
    correlation: PREPARATION,
    raised: 0,
    withdrawn: 0,
    error: '',
  };
  const outcomes = [preparation, ...(outcome.correlations.length > 0 ? outcome.correlations : idle)];
  await database.insertRows(
    'correlation_runs',
    outcomes.map((one) => ({
      ...common,
      correlation: one.correlation,
      duration_ms: one.durationMs,
      rows_read: one.rowsRead,
      bytes_read: one.bytesRead,
      findings_raised: one.raised,
      findings_withdrawn: one.withdrawn,
      error: one.error,
    })),
  );
}
