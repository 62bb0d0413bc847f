// Written by `npm run row-types` from session-strands.sql: change that, and run it again.
import { sqlQuery } from '../store/sql-query.js';

export interface SessionStrandsParams {
  readonly tenant: string;
  readonly keys: readonly string[];
  readonly most: number;
}

export interface SessionStrandsRow {
  readonly session_key: string;
  readonly asn: number;
  readonly country: string;
  readonly network: string;
  readonly network_class: string;
  readonly client_kind: string;
  readonly os: string;
  readonly browser: string;
  readonly device_key: string;
  readonly first_seen: string;
  readonly last_seen: string;
  readonly event_count: number;
  readonly vouched_by: string;
  readonly session_distance: number | null;
  readonly user_distance: number | null;
  readonly concurrent: number;
}

export const sessionStrands = sqlQuery<SessionStrandsParams, SessionStrandsRow>(
  'queries/session-strands.sql',
);
