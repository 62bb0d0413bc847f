// Written by `npm run row-types` from applications.sql: change that, and run it again.
import { sqlQuery } from '../store/sql-query.js';

export interface ApplicationsParams {
  readonly tenant: string;
  readonly text: string;
  readonly levels: readonly string[];
}

export interface ApplicationsRow {
  readonly id: string;
  readonly name: string;
  readonly name_start: string;
  readonly application_hash: string;
}

export const applications = sqlQuery<ApplicationsParams, ApplicationsRow>('queries/applications.sql');
