// Written by `npm run row-types` from standing-gaps.sql: change that, and run it again.
import { sqlQuery } from '../store/sql-query.js';

export interface StandingGapsParams {
  readonly tenant: string;
  readonly until: string;
  readonly most: number;
}

export interface StandingGapsRow {
  readonly id: string;
  readonly subject: string;
  readonly source: string;
  readonly organization: string;
  readonly application_id: string;
  readonly first_seen: string;
}

export const standingGaps = sqlQuery<StandingGapsParams, StandingGapsRow>('queries/standing-gaps.sql');
