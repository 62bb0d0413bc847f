// Written by `npm run row-types` from report-privileges.sql: change that, and run it again.

export interface ReportPrivilegesRow {
  readonly tenant: string;
  readonly user_key: string;
  readonly reason: string;
  readonly ts: string;
  readonly event_id: string;
  readonly action: string;
}
