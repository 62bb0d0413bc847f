// Written by `npm run row-types` from user-keys.sql: change that, and run it again.
import { sqlQuery } from '../store/sql-query.js';

export interface UserKeysParams {
  readonly tenant: string;
  readonly names: readonly string[];
}

export interface UserKeysRow {
  readonly user_name: string;
  readonly user_key: string;
}

export const userKeys = sqlQuery<UserKeysParams, UserKeysRow>('queries/user-keys.sql');
