import { builder } from '../builder.js';
import { connectionPage } from '../paging/connection.js';
import type { Keyset } from '../paging/keyset.js';
import { batchLoader } from '../reading/batch-loader.js';
import { type DeadLetterRow, deadLetterList, deadLetterTexts } from '../reading/dead-letter-queries.js';
import { listed, range, searched } from './filter-values.js';

/** A letter is found by the hour in which it was received: that is how the store keeps them. */
const keyOf = ({ id, received_at }: DeadLetterRow): string => `${received_at.slice(0, 13)}:00:00/${id}`;

const texts = batchLoader<string>(async (keys, { reader }) => {
  const places = keys.map((key) => ({ hour: key.slice(0, 19), id: key.slice(20) }));
  const rows = await reader.rows(deadLetterTexts, {
    hours: [...new Set(places.map(({ hour }) => hour))],
    ids: places.map(({ id }) => id),
  });
  const byId = new Map(rows.map((row) => [row.id, row.raw]));
  return new Map(keys.map((key) => [key, byId.get(key.slice(20)) ?? '']));
});

const DeadLetter = builder.objectRef<DeadLetterRow>('DeadLetter').implement({
  description:
    'A record that should have been understood and was not. It is kept as long as VOUCHTRAIL_RETENTION_DEAD_LETTERS says, 90 days where that is unset.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The same for the same text of the same source.' }),
    receivedAt: t.field({
      type: 'DateTime',
      description: 'When it was received last.',
      resolve: (letter) => letter.received_at,
    }),
    source: t.string({
      nullable: true,
      description: 'Null where it could not be told.',
      resolve: (letter) => letter.source || null,
    }),
    path: t.string({
      nullable: true,
      description: 'Where in the record the fault lies; null for all of it.',
      resolve: (letter) => letter.path || null,
    }),
    reason: t.exposeString('reason'),
    raw: t.string({
      description: 'The text of the record, secrets removed; at most 65,536 characters.',
      resolve: async (letter, _args, context) => (await texts(context).load(keyOf(letter))) ?? '',
    }),
  }),
});

const DeadLetterFilter = builder.inputType('DeadLetterFilter', {
  description: 'Each field narrows the list. `receivedAfter` includes its moment, `receivedBefore` does not.',
  fields: (t) => ({
    sources: t.stringList(),
    receivedAfter: t.field({ type: 'DateTime' }),
    receivedBefore: t.field({ type: 'DateTime' }),
    text: t.string({ description: 'Found anywhere in path or reason, in either case.' }),
  }),
});

const byArrival: Keyset = {
  name: 'dead letter',
  columns: [
    { name: 'received_at', type: "DateTime64(3, 'UTC')" },
    { name: 'id', type: 'String' },
  ],
  carried: ['source', 'path', 'reason'],
};

const DeadLetterConnection = builder.connectionObject({ type: DeadLetter, name: 'DeadLetterConnection' });

builder.queryField('deadLetters', (t) =>
  t.field({
    type: DeadLetterConnection,
    description: 'Newest first.',
    args: { ...t.arg.connectionArgs(), filter: t.arg({ type: DeadLetterFilter }) },
    resolve: (_root, args, context) => {
      const filter = args.filter ?? {};
      const received = range('received', filter.receivedAfter, filter.receivedBefore);
      const params = {
        received_after: received.after,
        received_before: received.before,
        sources: listed('sources', filter.sources),
        text: searched(filter.text),
      };
      const list = { query: deadLetterList, params, keyset: byArrival, descending: true };
      return connectionPage(context, list, args, async (rows) => rows as unknown as DeadLetterRow[]);
    },
  }),
);
