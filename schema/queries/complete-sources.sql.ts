// Written by `npm run row-types` from complete-sources.sql: change that, and run it again.
import { sqlQuery } from '../store/sql-query.js';

export interface CompleteSourcesParams {
  readonly tenant: string;
}

export interface CompleteSourcesRow {
  readonly source: string;
  readonly organization: string;
  readonly application_id: string;
}

export const completeSources = sqlQuery<CompleteSourcesParams, CompleteSourcesRow>(
  'queries/complete-sources.sql',
);
