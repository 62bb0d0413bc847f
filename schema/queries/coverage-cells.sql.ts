// Written by `npm run row-types` from coverage-cells.sql: change that, and run it again.
import { sqlQuery } from '../store/sql-query.js';

export interface CoverageCellsParams {
  readonly tenant: string;
  readonly day: string;
  readonly most: number;
}

export interface CoverageCellsRow {
  readonly cell: string;
  readonly user_days: number;
  readonly closed: number;
  readonly users: number;
  readonly lower_bound: number | null;
  readonly is_open: number;
  readonly last_open_day: string;
}

export const coverageCells = sqlQuery<CoverageCellsParams, CoverageCellsRow>('queries/coverage-cells.sql');
