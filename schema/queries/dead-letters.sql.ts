// Written by `npm run row-types` from dead-letters.sql: change that, and run it again.
import { sqlQuery } from '../store/sql-query.js';

export interface DeadLettersParams {
  readonly tenant: string;
  readonly received_after: string;
  readonly received_before: string;
  readonly sources: readonly string[];
  readonly text: string;
}

export interface DeadLettersRow {
  readonly id: string;
  readonly received_at: string;
  readonly source: string;
  readonly path: string;
  readonly reason: string;
}

export const deadLetters = sqlQuery<DeadLettersParams, DeadLettersRow>('queries/dead-letters.sql');
