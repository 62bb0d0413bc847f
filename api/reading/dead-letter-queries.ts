import { MILLISECONDS, NANOSECONDS, type Row, storeQuery } from './store-query.js';

/** Statements that read records which were not understood. */

export const deadLetterList = storeQuery({
  file: 'dead-letters.sql',
  params: {
    received_after: NANOSECONDS,
    received_before: NANOSECONDS,
    sources: 'Array(String)',
    text: 'String',
  },
  columns: { id: 'String', received_at: MILLISECONDS, source: 'String', path: 'String', reason: 'String' },
});
export type DeadLetterRow = Row<typeof deadLetterList>;

export const deadLetterTexts = storeQuery({
  file: 'dead-letter-texts.sql',
  params: { hours: "Array(DateTime('UTC'))", ids: 'Array(String)' },
  columns: { id: 'String', raw: 'String' },
});
