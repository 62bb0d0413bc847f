// Written by `npm run row-types` from report-privileged-users.sql: change that, and run it again.

export interface ReportPrivilegedUsersRow {
  readonly tenant: string;
  readonly user_key: string;
  readonly by_policy: boolean;
  readonly admin_acts: number;
  readonly last_admin_act_at: string;
  readonly last_admin_action: string;
}
