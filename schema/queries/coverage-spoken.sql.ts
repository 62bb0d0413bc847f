// Written by `npm run row-types` from coverage-spoken.sql: change that, and run it again.
import { sqlQuery } from '../store/sql-query.js';

export interface CoverageSpokenParams {
  readonly tenant: string;
  readonly since: string;
  readonly until: string;
  readonly sources: readonly string[];
  readonly organizations: readonly string[];
  readonly most: number;
}

export interface CoverageSpokenRow {
  readonly source: string;
  readonly organization: string;
  readonly first_hour: number;
  readonly hours: readonly number[];
}

export const coverageSpoken = sqlQuery<CoverageSpokenParams, CoverageSpokenRow>(
  'queries/coverage-spoken.sql',
);
