// Written by `npm run row-types` from findings-by-id.sql: change that, and run it again.
import { sqlQuery } from '../store/sql-query.js';

export interface FindingsByIdParams {
  readonly tenant: string;
  readonly ids: readonly string[];
}

export interface FindingsByIdRow {
  readonly id: string;
  readonly revision: number;
  readonly raised_at: string;
  readonly revised_at: string;
  readonly correlation: string;
  readonly story: string;
  readonly subject: string;
  readonly state: string;
  readonly withdrawn_because: string;
  readonly evidence_event_id: string;
  readonly superseded_by: string;
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
  readonly first_event_id: string;
  readonly first_seen: string;
  readonly last_seen: string;
  readonly event_count: number;
  readonly triage_state: string;
  readonly resolution: string;
  readonly assignee: string;
  readonly resolved_at: string;
  readonly action_count: number;
  readonly last_action_at: string;
}

export const findingsById = sqlQuery<FindingsByIdParams, FindingsByIdRow>('queries/findings-by-id.sql');
