// Written by `npm run row-types` from events-by-key.sql: change that, and run it again.
import { sqlQuery } from '../store/sql-query.js';

export interface EventsByKeyParams {
  readonly tenant: string;
  readonly times: readonly string[];
  readonly ids: readonly string[];
}

export interface EventsByKeyRow {
  readonly event_id: string;
  readonly ts: string;
  readonly observed_at: string;
  readonly source: string;
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
  readonly vendor_event_type: string;
  readonly vendor_event_id: string;
  readonly action: string;
  readonly user_key: string;
  readonly user_name: string;
  readonly session_key: string;
  readonly token_key: string;
  readonly device_key: string;
  readonly application_id: string;
  readonly application_name: string;
  readonly address: string;
  readonly country: string;
  readonly asn: number;
  readonly as_organization: string;
  readonly network_class: string;
  readonly user_agent: string;
  readonly browser: string;
  readonly browser_version: string;
  readonly os: string;
  readonly os_version: string;
}

export const eventsByKey = sqlQuery<EventsByKeyParams, EventsByKeyRow>('queries/events-by-key.sql');
