import { type Row, storeQuery } from './store-query.js';

/** Statements that read which applications there are. */

export const applicationList = storeQuery({
  file: 'applications.sql',
  params: { text: 'String', levels: 'Array(String)' },
  columns: { id: 'String', name: 'String', name_start: 'String', application_hash: 'String' },
});
export type ApplicationListRow = Row<typeof applicationList>;

export const applicationLevels = storeQuery({
  file: 'application-levels.sql',
  params: { ids: 'Array(String)' },
  columns: { application_id: 'String', level: 'String' },
});
