// Written by `npm run row-types` from coverage-streams.sql: change that, and run it again.
import { sqlQuery } from '../store/sql-query.js';

export interface CoverageStreamsParams {
  readonly now: string;
  readonly tenant: string;
  readonly most: number;
}

export interface CoverageStreamsRow {
  readonly source: string;
  readonly organization: string;
  readonly stream: string;
  readonly first_record: string;
  readonly newest_record: string;
  readonly clock: string;
  readonly is_learned: number;
  readonly disorder_seconds: number;
  readonly delay_seconds: number;
  readonly pause_seconds: number;
  readonly session_life_seconds: number;
}

export const coverageStreams = sqlQuery<CoverageStreamsParams, CoverageStreamsRow>(
  'queries/coverage-streams.sql',
);
