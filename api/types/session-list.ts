import type { InputShapeFromFields } from '@pothos/core';
import { builder } from '../builder.js';
import type { Context } from '../context.js';
import { type ConnectionPage, connectionPage } from '../paging/connection.js';
import type { Keyset } from '../paging/keyset.js';
import type { ListParent } from '../paging/list-reader.js';
import { sessionLoader } from '../reading/session-loaders.js';
import { type SessionRow, sessionList } from '../reading/session-queries.js';
import { listed, range } from './filter-values.js';
import { Session } from './refs.js';
import { userKeysOf } from './user-keys.js';
import { SessionKindEnum, VerdictEnum } from './words.js';

const SessionFilter = builder.inputType('SessionFilter', {
  description:
    'Each field narrows the list; an empty list is as good as none. `...After` includes its moment, `...Before` does not.',
  fields: (t) => ({
    users: t.stringList({ description: '`User.id` or login name.' }),
    sources: t.stringList({ description: 'Sessions with a record from one of these.' }),
    kinds: t.field({ type: [SessionKindEnum] }),
    verdicts: t.field({ type: [VerdictEnum] }),
    startedAfter: t.field({
      type: 'DateTime',
      description: 'A session starts when it was created; where nothing says when, with its first record.',
    }),
    startedBefore: t.field({ type: 'DateTime' }),
    lastSeenAfter: t.field({ type: 'DateTime' }),
    lastSeenBefore: t.field({ type: 'DateTime' }),
  }),
});

function ordered(name: string, column: string): Keyset {
  return {
    name: `session ${name}`,
    columns: [
      { name: column, type: "DateTime64(9, 'UTC')" },
      { name: 'session_key', type: 'String' },
    ],
  };
}
const lastSeen = ordered('last seen', 'last_seen');
const firstSeen = ordered('first seen', 'first_seen');
const ORDERS = {
  LAST_SEEN_ASC: { keyset: lastSeen, descending: false },
  LAST_SEEN_DESC: { keyset: lastSeen, descending: true },
  FIRST_SEEN_ASC: { keyset: firstSeen, descending: false },
  FIRST_SEEN_DESC: { keyset: firstSeen, descending: true },
} as const;

const SessionOrder = builder.enumType('SessionOrder', {
  values: Object.keys(ORDERS) as (keyof typeof ORDERS)[],
});

export const SessionConnection = builder.connectionObject({ type: Session, name: 'SessionConnection' });

export const sessionArguments = builder.args((t) => ({
  ...t.connectionArgs(),
  filter: t.field({ type: SessionFilter }),
  orderBy: t.field({ type: SessionOrder, required: true, defaultValue: 'LAST_SEEN_DESC' }),
}));

/** A page of sessions: of all, or of those under a parent. */
export async function sessionsOf(
  context: Context,
  args: InputShapeFromFields<typeof sessionArguments>,
  parent?: ListParent,
): Promise<ConnectionPage<SessionRow>> {
  const filter = args.filter ?? {};
  const started = range('started', filter.startedAfter, filter.startedBefore);
  const seen = range('lastSeen', filter.lastSeenAfter, filter.lastSeenBefore);
  const params = {
    users: await userKeysOf(context, filter.users),
    sources: listed('sources', filter.sources),
    kinds: listed('kinds', filter.kinds),
    verdicts: listed('verdicts', filter.verdicts),
    started_after: started.after,
    started_before: started.before,
    last_seen_after: seen.after,
    last_seen_before: seen.before,
  };
  const list = { query: sessionList, params, ...ORDERS[args.orderBy], ...(parent ? { parent } : {}) };
  return connectionPage(context, list, args, (rows) =>
    Promise.all(rows.map((row) => sessionLoader(context).load(row['session_key'] as string))),
  );
}
