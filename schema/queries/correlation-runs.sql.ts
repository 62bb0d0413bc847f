// Written by `npm run row-types` from correlation-runs.sql: change that, and run it again.
import { sqlQuery } from '../store/sql-query.js';

export interface CorrelationRunsParams {
  readonly since: string;
  readonly until: string;
  readonly correlations: readonly string[];
  readonly failed_only: number;
}

export interface CorrelationRunsRow {
  readonly run_key: string;
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

export const correlationRuns = sqlQuery<CorrelationRunsParams, CorrelationRunsRow>(
  'queries/correlation-runs.sql',
);
