// Written by `npm run row-types` from session-evidence.sql: change that, and run it again.
import { sqlQuery } from '../store/sql-query.js';

export interface SessionEvidenceParams {
  readonly tenant: string;
  readonly keys: readonly string[];
  readonly most: number;
}

export interface SessionEvidenceRow {
  readonly session_key: string;
  readonly ts: string;
  readonly event_id: string;
  readonly filed_under: string;
  readonly link: string;
  readonly grade:
    | 'none'
    | 'bypassed'
    | 'inherited'
    | 'asserted'
    | 'credential'
    | 'mfa'
    | 'phishing_resistant';
  readonly activity: string;
  readonly source: string;
  readonly given_in: string;
  readonly amr: readonly string[];
  readonly assurance_level: number;
}

export const sessionEvidence = sqlQuery<SessionEvidenceParams, SessionEvidenceRow>(
  'queries/session-evidence.sql',
);
