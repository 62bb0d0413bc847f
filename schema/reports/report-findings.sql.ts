// Written by `npm run row-types` from report-findings.sql: change that, and run it again.

export interface ReportFindingsRow {
  readonly tenant: string;
  readonly id: string;
  readonly raised_at: string;
  readonly revised_at: string;
  readonly revision: number;
  readonly correlation: string;
  readonly state: string;
  readonly withdrawn_because: string;
  readonly evidence_event_id: string;
  readonly severity: string;
  readonly points: number;
  readonly point_reasons: readonly {
    readonly name: string;
    readonly points: number;
    readonly text: string;
  }[];
  readonly link: string;
  readonly verdict: string;
  readonly title: string;
  readonly summary: string;
  readonly session_key: string;
  readonly user_key: string;
  readonly user_name: string;
  readonly sources: readonly string[];
  readonly organization: string;
  readonly application_id: string;
  readonly application_name: string;
  readonly first_seen: string;
  readonly last_seen: string;
  readonly event_count: number;
  readonly triage_state: string;
  readonly resolution: string;
  readonly assignee: string;
  readonly triaged_by: string;
  readonly triaged_at: string;
}
