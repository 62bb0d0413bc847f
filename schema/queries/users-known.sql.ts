// Written by `npm run row-types` from users-known.sql: change that, and run it again.
import { sqlQuery } from '../store/sql-query.js';

export interface UsersKnownParams {
  readonly tenant: string;
  readonly keys: readonly string[];
}

export interface UsersKnownRow {
  readonly user_key: string;
}

export const usersKnown = sqlQuery<UsersKnownParams, UsersKnownRow>('queries/users-known.sql');
