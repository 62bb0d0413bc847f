// Written by `npm run row-types` from evidence-times.sql: change that, and run it again.
import { sqlQuery } from '../store/sql-query.js';

export interface EvidenceTimesParams {
  readonly tenant: string;
  readonly sessions: readonly string[];
  readonly ids: readonly string[];
}

export interface EvidenceTimesRow {
  readonly event_id: string;
  readonly ts: string;
}

export const evidenceTimes = sqlQuery<EvidenceTimesParams, EvidenceTimesRow>('queries/evidence-times.sql');
