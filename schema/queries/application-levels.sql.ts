// Written by `npm run row-types` from application-levels.sql: change that, and run it again.
import { sqlQuery } from '../store/sql-query.js';

export interface ApplicationLevelsParams {
  readonly tenant: string;
  readonly ids: readonly string[];
}

export interface ApplicationLevelsRow {
  readonly application_id: string;
  readonly level: string;
}

export const applicationLevels = sqlQuery<ApplicationLevelsParams, ApplicationLevelsRow>(
  'queries/application-levels.sql',
);
