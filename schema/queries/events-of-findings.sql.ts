// Written by `npm run row-types` from events-of-findings.sql: change that, and run it again.
import { sqlQuery } from '../store/sql-query.js';

export interface EventsOfFindingsParams {
  readonly ids: readonly string[];
  readonly tenant: string;
  readonly hours: readonly string[];
  readonly sessions: readonly string[];
  readonly firsts: readonly string[];
  readonly lasts: readonly string[];
}

export interface EventsOfFindingsRow {
  readonly finding_id: string;
  readonly event_id: string;
  readonly ts: string;
}

export const eventsOfFindings = sqlQuery<EventsOfFindingsParams, EventsOfFindingsRow>(
  'queries/events-of-findings.sql',
);
