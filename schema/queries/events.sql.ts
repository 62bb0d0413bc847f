// Written by `npm run row-types` from events.sql: change that, and run it again.
import { sqlQuery } from '../store/sql-query.js';

export interface EventsParams {
  readonly tenant: string;
  readonly after: string;
  readonly before: string;
  readonly users: readonly string[];
  readonly sessions: readonly string[];
  readonly applications: readonly string[];
  readonly sources: readonly string[];
  readonly activities: readonly string[];
  readonly outcomes: readonly string[];
  readonly addresses: readonly string[];
  readonly text: string;
}

export interface EventsRow {
  readonly event_id: string;
  readonly ts: string;
}

export const events = sqlQuery<EventsParams, EventsRow>('queries/events.sql');
