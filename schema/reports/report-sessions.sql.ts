// Written by `npm run row-types` from report-sessions.sql: change that, and run it again.

export interface ReportSessionsRow {
  readonly tenant: string;
  readonly session_key: string;
  readonly user_key: string;
  readonly user_name: string;
  readonly session_id: string;
  readonly source: string;
  readonly sources: readonly string[];
  readonly organization: string;
  readonly application_id: string;
  readonly application_name: string;
  readonly kind: string;
  readonly implied: boolean;
  readonly created_at: string;
  readonly creation_event_id: string;
  readonly creation_link: string;
  readonly first_seen: string;
  readonly last_seen: string;
  readonly first_use: string;
  readonly last_use: string;
  readonly ended_at: string;
  readonly verdict: string;
  readonly link: string;
  readonly evidence:
    | 'none'
    | 'bypassed'
    | 'inherited'
    | 'asserted'
    | 'credential'
    | 'mfa'
    | 'phishing_resistant';
  readonly assurance_level: number;
  readonly amr: readonly string[];
  readonly last_credential_at: string;
  readonly missing: string;
}
