import { MILLISECONDS, type Row, storeQuery, WORD } from './store-query.js';

/** Statements that read what was done about findings. Where each finding stands comes with the finding. */

export const triageActions = storeQuery({
  file: 'triage-actions.sql',
  params: { ids: 'Array(String)', most: 'UInt32' },
  columns: {
    finding_id: 'String',
    at: MILLISECONDS,
    id: 'String',
    author: 'String',
    kind: WORD,
    resolution: WORD,
    assignee: 'Nullable(String)',
    note: 'String',
    undoes: 'String',
    is_undone: 'Bool',
  },
});
export type TriageActionRow = Row<typeof triageActions>;

export const triageAction = storeQuery({
  file: 'triage-action.sql',
  params: { finding_id: 'String', id: 'String' },
  columns: { id: 'String', kind: WORD, is_undone: 'Bool' },
});
