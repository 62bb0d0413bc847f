// Written by `npm run row-types` from event-records.sql: change that, and run it again.
import { sqlQuery } from '../store/sql-query.js';

export interface EventRecordsParams {
  readonly tenant: string;
  readonly times: readonly string[];
  readonly ids: readonly string[];
}

export interface EventRecordsRow {
  readonly event_id: string;
  readonly ts: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly raw: string;
}

export const eventRecords = sqlQuery<EventRecordsParams, EventRecordsRow>('queries/event-records.sql');
