// Written by `npm run row-types` from users-privileged.sql: change that, and run it again.
import { sqlQuery } from '../store/sql-query.js';

export interface UsersPrivilegedParams {
  readonly tenant: string;
  readonly keys: readonly string[];
}

export interface UsersPrivilegedRow {
  readonly user_key: string;
  readonly by_policy: boolean;
  readonly admin_acts: number;
  readonly last_admin_act_at: string;
  readonly last_admin_action: string;
}

export const usersPrivileged = sqlQuery<UsersPrivilegedParams, UsersPrivilegedRow>(
  'queries/users-privileged.sql',
);
