// Written by `npm run row-types` from cell-streams.sql: change that, and run it again.
import { sqlQuery } from '../store/sql-query.js';

export interface CellStreamsParams {
  readonly tenant: string;
  readonly cells: readonly string[];
}

export interface CellStreamsRow {
  readonly cell: string;
  readonly source: string;
  readonly organization: string;
  readonly stream: string;
}

export const cellStreams = sqlQuery<CellStreamsParams, CellStreamsRow>('queries/cell-streams.sql');
