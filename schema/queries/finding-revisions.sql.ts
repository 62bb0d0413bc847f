// Written by `npm run row-types` from finding-revisions.sql: change that, and run it again.
import { sqlQuery } from '../store/sql-query.js';

export interface FindingRevisionsParams {
  readonly tenant: string;
  readonly ids: readonly string[];
  readonly most: number;
}

export interface FindingRevisionsRow {
  readonly id: string;
  readonly revision: number;
  readonly revised_at: string;
  readonly correlation: string;
  readonly state: string;
  readonly withdrawn_because: string;
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
}

export const findingRevisions = sqlQuery<FindingRevisionsParams, FindingRevisionsRow>(
  'queries/finding-revisions.sql',
);
