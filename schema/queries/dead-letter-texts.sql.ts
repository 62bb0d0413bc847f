// Written by `npm run row-types` from dead-letter-texts.sql: change that, and run it again.
import { sqlQuery } from '../store/sql-query.js';

export interface DeadLetterTextsParams {
  readonly tenant: string;
  readonly hours: readonly string[];
  readonly ids: readonly string[];
}

export interface DeadLetterTextsRow {
  readonly id: string;
  readonly raw: string;
}

export const deadLetterTexts = sqlQuery<DeadLetterTextsParams, DeadLetterTextsRow>(
  'queries/dead-letter-texts.sql',
);
