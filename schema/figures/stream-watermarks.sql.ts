// Written by `npm run row-types` from stream-watermarks.sql: change that, and run it again.
import { sqlQuery } from '../store/sql-query.js';

export interface StreamWatermarksParams {
  readonly most: number;
}

export interface StreamWatermarksRow {
  readonly tenant: string;
  readonly source: string;
  readonly organization: string;
  readonly stream: string;
  readonly lag_seconds: number | null;
}

export const streamWatermarks = sqlQuery<StreamWatermarksParams, StreamWatermarksRow>(
  'figures/stream-watermarks.sql',
);
