// Written by `npm run row-types` from session-by-vendor-id.sql: change that, and run it again.
import { sqlQuery } from '../store/sql-query.js';

export interface SessionByVendorIdParams {
  readonly tenant: string;
  readonly vendor_id: string;
  readonly source: string;
}

export interface SessionByVendorIdRow {
  readonly session_key: string;
}

export const sessionByVendorId = sqlQuery<SessionByVendorIdParams, SessionByVendorIdRow>(
  'queries/session-by-vendor-id.sql',
);
