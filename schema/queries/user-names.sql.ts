// Written by `npm run row-types` from user-names.sql: change that, and run it again.
import { sqlQuery } from '../store/sql-query.js';

export interface UserNamesParams {
  readonly tenant: string;
  readonly keys: readonly string[];
}

export interface UserNamesRow {
  readonly user_key: string;
  readonly names: readonly string[];
}

export const userNames = sqlQuery<UserNamesParams, UserNamesRow>('queries/user-names.sql');
