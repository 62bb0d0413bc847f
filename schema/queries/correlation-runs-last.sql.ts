// Written by `npm run row-types` from correlation-runs-last.sql: change that, and run it again.
import { sqlQuery } from '../store/sql-query.js';

export interface CorrelationRunsLastParams {
  readonly correlations: readonly string[];
}

export interface CorrelationRunsLastRow {
  readonly run_id: string;
  readonly correlation: string;
  readonly started_at: string;
  readonly duration_ms: number;
  readonly rows_read: number;
  readonly bytes_read: number;
  readonly sessions: number;
  readonly findings_raised: number;
  readonly findings_withdrawn: number;
  readonly cursor_from: string;
  readonly cursor_to: string;
  readonly error: string;
}

export const correlationRunsLast = sqlQuery<CorrelationRunsLastParams, CorrelationRunsLastRow>(
  'queries/correlation-runs-last.sql',
);
