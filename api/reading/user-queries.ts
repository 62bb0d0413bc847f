import { NANOSECONDS, storeQuery } from './store-query.js';

/** Statements that read who the users are. */

export const userList = storeQuery({
  file: 'users.sql',
  params: { text: 'String' },
  columns: { user_key: 'String', name_start: 'String', user_hash: 'String', last_seen: NANOSECONDS },
});

export const userKeys = storeQuery({
  file: 'user-keys.sql',
  params: { names: 'Array(String)' },
  columns: { user_name: 'String', user_key: 'String' },
});

export const userNames = storeQuery({
  file: 'user-names.sql',
  params: { keys: 'Array(String)' },
  columns: { user_key: 'String', names: 'Array(String)' },
});

export const usersKnown = storeQuery({
  file: 'users-known.sql',
  params: { keys: 'Array(String)' },
  columns: { user_key: 'String' },
});
