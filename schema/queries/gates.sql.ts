// Written by `npm run row-types` from gates.sql: change that, and run it again.
import { sqlQuery } from '../store/sql-query.js';

export interface GatesParams {
  readonly cells: readonly string[];
  readonly days: readonly string[];
  readonly users: readonly string[];
  readonly tenant: string;
}

export interface GatesRow {
  readonly cell: string;
  readonly day: string;
  readonly user_key: string;
  readonly user_days: number;
  readonly closed: number;
  readonly users: number;
  readonly lower_bound: number | null;
  readonly is_open: number;
}

export const gates = sqlQuery<GatesParams, GatesRow>('queries/gates.sql');
