import { MILLISECONDS, NANOSECONDS, type Row, storeQuery, WORD } from './store-query.js';

/** Statements that read how correlations ran. */

const run = {
  run_id: 'String',
  correlation: WORD,
  started_at: MILLISECONDS,
  duration_ms: 'UInt32',
  rows_read: 'UInt64',
  bytes_read: 'UInt64',
  sessions: 'UInt32',
  findings_raised: 'UInt32',
  findings_withdrawn: 'UInt32',
  cursor_from: MILLISECONDS,
  cursor_to: MILLISECONDS,
  error: 'String',
} as const;

export const lastCorrelationRuns = storeQuery({
  file: 'correlation-runs-last.sql',
  params: { correlations: 'Array(String)' },
  columns: run,
});
export type CorrelationRunRow = Row<typeof lastCorrelationRuns>;

export const correlationRuns = storeQuery({
  file: 'correlation-runs.sql',
  params: { since: NANOSECONDS, until: NANOSECONDS, correlations: 'Array(String)', failed_only: 'UInt8' },
  columns: { run_key: 'String', ...run },
});
