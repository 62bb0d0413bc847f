// Written by `npm run row-types` from report-events.sql: change that, and run it again.

export interface ReportEventsRow {
  readonly tenant: string;
  readonly ts: string;
  readonly event_id: string;
  readonly observed_at: string;
  readonly ingested_at: string;
  readonly time_clamped: boolean;
  readonly source: string;
  readonly stream: string;
  readonly organization: string;
  readonly region: string;
  readonly activity: string;
  readonly outcome: string;
  readonly evidence:
    | 'none'
    | 'bypassed'
    | 'inherited'
    | 'asserted'
    | 'credential'
    | 'mfa'
    | 'phishing_resistant';
  readonly amr: readonly string[];
  readonly assurance_level: number;
  readonly claimed_mfa: boolean;
  readonly vendor_event_type: string;
  readonly vendor_event_id: string;
  readonly action: string;
  readonly auth_protocol: string;
  readonly policy_result: string;
  readonly vendor_risks: readonly string[];
  readonly user_key: string;
  readonly user_id: string;
  readonly user_name: string;
  readonly actor_kind: string;
  readonly target_user_key: string;
  readonly user_email: string;
  readonly session_key: string;
  readonly session_id: string;
  readonly session_aliases: readonly string[];
  readonly session_kind: string;
  readonly session_implied: boolean;
  readonly session_created_at: string;
  readonly principal_key: string;
  readonly token_key: string;
  readonly token_id: string;
  readonly token_type: string;
  readonly token_binding: string;
  readonly vouches_for: readonly string[];
  readonly device_key: string;
  readonly application_id: string;
  readonly application_name: string;
  readonly address: string;
  readonly network: string;
  readonly country: string;
  readonly asn: number;
  readonly as_organization: string;
  readonly network_class: string;
  readonly user_agent: string;
  readonly client_kind: string;
  readonly browser: string;
  readonly browser_version: string;
  readonly os: string;
  readonly os_version: string;
  readonly tls_fingerprint: string;
  readonly service_name: string;
  readonly event_name: string;
  readonly severity_number: number;
  readonly trace_id: string;
  readonly span_id: string;
  readonly resource_attributes: Readonly<Record<string, string>>;
  readonly attributes: Readonly<Record<string, string>>;
  readonly raw: string;
}
