// Written by `npm run row-types` from coverage-hours.sql: change that, and run it again.
import { sqlQuery } from '../store/sql-query.js';

export interface CoverageHoursParams {
  readonly tenant: string;
  readonly since: string;
  readonly until: string;
  readonly sources: readonly string[];
  readonly organizations: readonly string[];
  readonly regions: readonly string[];
  readonly applications: readonly string[];
  readonly most: number;
}

export interface CoverageHoursRow {
  readonly source: string;
  readonly organization: string;
  readonly region: string;
  readonly application_id: string;
  readonly hour: string;
  readonly event_count: number;
  readonly session_count: number;
  readonly device_count: number;
  readonly user_agent_count: number;
  readonly address_count: number;
  readonly mfa_count: number;
  readonly usual_delays: readonly (number | null)[];
}

export const coverageHours = sqlQuery<CoverageHoursParams, CoverageHoursRow>('queries/coverage-hours.sql');
