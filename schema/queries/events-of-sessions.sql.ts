// Written by `npm run row-types` from events-of-sessions.sql: change that, and run it again.
import { sqlQuery } from '../store/sql-query.js';

export interface EventsOfSessionsParams {
  readonly tenant: string;
  readonly since: string;
  readonly until: string;
  readonly hours: readonly string[];
  readonly sessions: readonly string[];
}

export interface EventsOfSessionsRow {
  readonly session_key: string;
  readonly event_id: string;
  readonly ts: string;
}

export const eventsOfSessions = sqlQuery<EventsOfSessionsParams, EventsOfSessionsRow>(
  'queries/events-of-sessions.sql',
);
