// Written by `npm run row-types` from users.sql: change that, and run it again.
import { sqlQuery } from '../store/sql-query.js';

export interface UsersParams {
  readonly tenant: string;
  readonly text: string;
  readonly privileged: string;
}

export interface UsersRow {
  readonly user_key: string;
  readonly name_start: string;
  readonly user_hash: string;
  readonly last_seen: string;
}

export const users = sqlQuery<UsersParams, UsersRow>('queries/users.sql');
