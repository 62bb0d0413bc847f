import type { InputShapeFromFields } from '@pothos/core';
import { builder } from '../builder.js';
import type { Context } from '../context.js';
import { type ConnectionPage, connectionPage } from '../paging/connection.js';
import type { Keyset } from '../paging/keyset.js';
import type { ListParent } from '../paging/list-reader.js';
import { findingLoader } from '../reading/finding-loaders.js';
import { type FindingRow, findingList } from '../reading/finding-queries.js';
import { listed, listedIds, range, searched } from './filter-values.js';
import { Finding } from './refs.js';
import { userKeysOf } from './user-keys.js';
import { FindingStateEnum, LinkEnum, SeverityEnum, VerdictEnum } from './words.js';

const FindingFilter = builder.inputType('FindingFilter', {
  description:
    'Each field narrows the list; an empty list is as good as none. `...After` includes its moment, `...Before` does not.',
  fields: (t) => ({
    states: t.field({
      type: [FindingStateEnum],
      description: '`Finding.state`. Without it, all states, WITHDRAWN included.',
    }),
    severities: t.field({ type: [SeverityEnum] }),
    correlations: t.stringList({ description: '`Correlation.id`.' }),
    attackIds: t.stringList({
      description:
        'Findings of the correlations that cover one of these, such as T1550.004 or AN0201; a technique includes its sub-techniques.',
    }),
    assignees: t.stringList({ description: '`Finding.assignee`; an empty text for those that nobody has.' }),
    users: t.stringList({ description: '`User.id` or login name.' }),
    sessions: t.stringList({ description: '`Session.id` or `Session.key`.' }),
    applications: t.stringList({ description: '`Application.id` or name.' }),
    sources: t.stringList({ description: 'Findings with a record from one of these.' }),
    links: t.field({ type: [LinkEnum] }),
    verdicts: t.field({ type: [VerdictEnum] }),
    raisedAfter: t.field({ type: 'DateTime' }),
    raisedBefore: t.field({ type: 'DateTime' }),
    firstSeenAfter: t.field({ type: 'DateTime' }),
    firstSeenBefore: t.field({ type: 'DateTime' }),
    lastSeenAfter: t.field({ type: 'DateTime' }),
    lastSeenBefore: t.field({ type: 'DateTime' }),
    text: t.string({ description: 'Found anywhere in title, summary, user or application, in either case.' }),
  }),
});

const id = { name: 'id', type: 'String' } as const;
const raisedAt = { name: 'raised_at', type: "DateTime64(3, 'UTC')" } as const;
const keysets = {
  RAISED_AT: { name: 'finding raised at', columns: [raisedAt, id] },
  LAST_SEEN: {
    name: 'finding last seen',
    columns: [{ name: 'last_seen', type: "DateTime64(9, 'UTC')" }, id],
  },
  FIRST_SEEN: {
    name: 'finding first seen',
    columns: [{ name: 'first_seen', type: "DateTime64(9, 'UTC')" }, id],
  },
  SEVERITY: { name: 'finding severity', columns: [{ name: 'severity_rank', type: 'UInt8' }, raisedAt, id] },
} as const satisfies Record<string, Keyset>;

const ORDERS = {
  RAISED_AT_ASC: { keyset: keysets.RAISED_AT, descending: false },
  RAISED_AT_DESC: { keyset: keysets.RAISED_AT, descending: true },
  LAST_SEEN_ASC: { keyset: keysets.LAST_SEEN, descending: false },
  LAST_SEEN_DESC: { keyset: keysets.LAST_SEEN, descending: true },
  FIRST_SEEN_ASC: { keyset: keysets.FIRST_SEEN, descending: false },
  FIRST_SEEN_DESC: { keyset: keysets.FIRST_SEEN, descending: true },
  SEVERITY_ASC: { keyset: keysets.SEVERITY, descending: false },
  SEVERITY_DESC: { keyset: keysets.SEVERITY, descending: true },
} as const;

const FindingOrder = builder.enumType('FindingOrder', {
  description: 'Among equals by SEVERITY, by when they were raised.',
  values: Object.keys(ORDERS) as (keyof typeof ORDERS)[],
});

export const FindingConnection = builder.connectionObject({ type: Finding, name: 'FindingConnection' });

export const findingArguments = builder.args((t) => ({
  ...t.connectionArgs(),
  filter: t.field({ type: FindingFilter }),
  orderBy: t.field({ type: FindingOrder, required: true, defaultValue: 'RAISED_AT_DESC' }),
}));
type FindingArguments = InputShapeFromFields<typeof findingArguments>;

/** No correlation has this id, so that a filter on it leaves nothing. */
const NO_CORRELATION = '';

/** Correlations that a filter leaves, by id or by what of ATT&CK they cover; none named is no restriction. */
function correlationsOf(
  context: Context,
  filter: NonNullable<FindingArguments['filter']>,
): readonly string[] {
  const named = listed('correlations', filter.correlations);
  const attackIds = listed('attackIds', filter.attackIds);
  if (attackIds.length === 0) return named;
  const covering = context.correlations.coveringAttack(attackIds);
  const both = named.length === 0 ? covering : covering.filter((correlation) => named.includes(correlation));
  return both.length === 0 ? [NO_CORRELATION] : both;
}

/** A page of findings: of all, or of those under a parent. */
export async function findingsOf(
  context: Context,
  args: FindingArguments,
  parent?: ListParent,
): Promise<ConnectionPage<FindingRow>> {
  const filter = args.filter ?? {};
  const raised = range('raised', filter.raisedAfter, filter.raisedBefore);
  const first = range('firstSeen', filter.firstSeenAfter, filter.firstSeenBefore);
  const last = range('lastSeen', filter.lastSeenAfter, filter.lastSeenBefore);
  const params = {
    states: listed('states', filter.states),
    assignees: listed('assignees', filter.assignees),
    severities: listed('severities', filter.severities),
    correlations: correlationsOf(context, filter),
    users: await userKeysOf(context, filter.users),
    sessions: listedIds('sessions', 'Session', filter.sessions),
    applications: listed('applications', filter.applications),
    sources: listed('sources', filter.sources),
    links: listed('links', filter.links),
    verdicts: listed('verdicts', filter.verdicts),
    raised_after: raised.after,
    raised_before: raised.before,
    first_seen_after: first.after,
    first_seen_before: first.before,
    last_seen_after: last.after,
    last_seen_before: last.before,
    text: searched(filter.text),
  };
  const list = { query: findingList, params, ...ORDERS[args.orderBy], ...(parent ? { parent } : {}) };
  return connectionPage(context, list, args, (rows) =>
    Promise.all(rows.map((row) => findingLoader(context).load(row['id'] as string))),
  );
}
