// Written by `npm run row-types` from sessions.sql: change that, and run it again.
import { sqlQuery } from '../store/sql-query.js';

export interface SessionsParams {
  readonly tenant: string;
  readonly users: readonly string[];
  readonly sources: readonly string[];
  readonly kinds: readonly string[];
  readonly verdicts: readonly string[];
  readonly started_after: string;
  readonly started_before: string;
  readonly last_seen_after: string;
  readonly last_seen_before: string;
}

export interface SessionsRow {
  readonly session_key: string;
  readonly first_seen: string;
  readonly last_seen: string;
  readonly user_key: string;
}

export const sessions = sqlQuery<SessionsParams, SessionsRow>('queries/sessions.sql');
