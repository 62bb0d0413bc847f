// Written by `npm run row-types` from findings.sql: change that, and run it again.
import { sqlQuery } from '../store/sql-query.js';

export interface FindingsParams {
  readonly tenant: string;
  readonly states: readonly string[];
  readonly assignees: readonly string[];
  readonly severities: readonly string[];
  readonly correlations: readonly string[];
  readonly users: readonly string[];
  readonly sessions: readonly string[];
  readonly applications: readonly string[];
  readonly sources: readonly string[];
  readonly links: readonly string[];
  readonly verdicts: readonly string[];
  readonly raised_after: string;
  readonly raised_before: string;
  readonly first_seen_after: string;
  readonly first_seen_before: string;
  readonly last_seen_after: string;
  readonly last_seen_before: string;
  readonly text: string;
}

export interface FindingsRow {
  readonly id: string;
  readonly raised_at: string;
  readonly severity_rank: number;
  readonly first_seen: string;
  readonly last_seen: string;
  readonly session_key: string;
  readonly user_key: string;
}

export const findings = sqlQuery<FindingsParams, FindingsRow>('queries/findings.sql');
