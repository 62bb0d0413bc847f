// Written by `npm run row-types` from triage-action.sql: change that, and run it again.
import { sqlQuery } from '../store/sql-query.js';

export interface TriageActionParams {
  readonly tenant: string;
  readonly finding_id: string;
  readonly id: string;
}

export interface TriageActionRow {
  readonly id: string;
  readonly kind: string;
  readonly is_undone: boolean;
}

export const triageAction = sqlQuery<TriageActionParams, TriageActionRow>('queries/triage-action.sql');
