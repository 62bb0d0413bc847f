// Written by `npm run row-types` from findings-standing.sql: change that, and run it again.
import { sqlQuery } from '../store/sql-query.js';

export interface FindingsStandingRow {
  readonly severity: string;
  readonly state: string;
  readonly findings: number;
}

export const findingsStanding = sqlQuery<Record<string, never>, FindingsStandingRow>(
  'figures/findings-standing.sql',
);
