// Written by `npm run row-types` from findings-related.sql: change that, and run it again.
import { sqlQuery } from '../store/sql-query.js';

export interface FindingsRelatedParams {
  readonly tenant: string;
  readonly ids: readonly string[];
  readonly most: number;
}

export interface FindingsRelatedRow {
  readonly about_id: string;
  readonly id: string;
}

export const findingsRelated = sqlQuery<FindingsRelatedParams, FindingsRelatedRow>(
  'queries/findings-related.sql',
);
