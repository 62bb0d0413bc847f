// Written by `npm run row-types` from session-tokens.sql: change that, and run it again.
import { sqlQuery } from '../store/sql-query.js';

export interface SessionTokensParams {
  readonly tenant: string;
  readonly keys: readonly string[];
}

export interface SessionTokensRow {
  readonly session_key: string;
  readonly first_use_ts: string;
  readonly first_use_event_id: string;
  readonly first_use_stream: string;
  readonly claimed_mfa: number;
  readonly tokens: readonly string[];
}

export const sessionTokens = sqlQuery<SessionTokensParams, SessionTokensRow>('queries/session-tokens.sql');
