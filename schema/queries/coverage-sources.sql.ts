// Written by `npm run row-types` from coverage-sources.sql: change that, and run it again.
import { sqlQuery } from '../store/sql-query.js';

export interface CoverageSourcesParams {
  readonly since: string;
  readonly tenant: string;
  readonly until: string;
  readonly sources: readonly string[];
  readonly organizations: readonly string[];
  readonly regions: readonly string[];
  readonly applications: readonly string[];
  readonly most: number;
}

export interface CoverageSourcesRow {
  readonly source: string;
  readonly organization: string;
  readonly region: string;
  readonly application_id: string;
  readonly application_name: string;
  readonly newest: string;
  readonly event_count: number;
  readonly session_count: number;
  readonly device_count: number;
  readonly user_agent_count: number;
  readonly address_count: number;
  readonly mfa_count: number;
  readonly usual_delays: readonly (number | null)[];
  readonly total: number;
}

export const coverageSources = sqlQuery<CoverageSourcesParams, CoverageSourcesRow>(
  'queries/coverage-sources.sql',
);
