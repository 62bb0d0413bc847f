// Written by `npm run row-types` from triage-actions.sql: change that, and run it again.
import { sqlQuery } from '../store/sql-query.js';

export interface TriageActionsParams {
  readonly tenant: string;
  readonly ids: readonly string[];
  readonly most: number;
}

export interface TriageActionsRow {
  readonly finding_id: string;
  readonly at: string;
  readonly id: string;
  readonly author: string;
  readonly kind: string;
  readonly resolution: string;
  readonly assignee: string | null;
  readonly note: string;
  readonly undoes: string;
  readonly is_undone: boolean;
}

export const triageActions = sqlQuery<TriageActionsParams, TriageActionsRow>('queries/triage-actions.sql');
