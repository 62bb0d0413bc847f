import { MILLISECONDS, type Row, storeQuery, WORD } from './store-query.js';

/** Statements that read how correlations ran. */

export const lastCorrelationRuns = storeQuery({
  file: 'correlation-runs-last.sql',
  params: { correlations: 'Array(String)' },
  columns: {
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
  },
});
export type CorrelationRunRow = Row<typeof lastCorrelationRuns>;
