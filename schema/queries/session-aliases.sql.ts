// Written by `npm run row-types` from session-aliases.sql: change that, and run it again.
import { sqlQuery } from '../store/sql-query.js';

export interface SessionAliasesParams {
  readonly tenant: string;
  readonly keys: readonly string[];
  readonly most: number;
}

export interface SessionAliasesRow {
  readonly session_key: string;
  readonly direction: 'child' | 'parent';
  readonly other_key: string;
}

export const sessionAliases = sqlQuery<SessionAliasesParams, SessionAliasesRow>(
  'queries/session-aliases.sql',
);
