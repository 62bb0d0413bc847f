// Written by `npm run row-types` from newest-event.sql: change that, and run it again.
import { sqlQuery } from '../store/sql-query.js';

export interface NewestEventParams {
  readonly tenant: string;
}

export interface NewestEventRow {
  readonly ts: string;
}

export const newestEvent = sqlQuery<NewestEventParams, NewestEventRow>('queries/newest-event.sql');
