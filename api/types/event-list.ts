import type { InputShapeFromFields } from '@pothos/core';
import { builder } from '../builder.js';
import type { Context } from '../context.js';
import { type ConnectionPage, connectionPage, emptyPage } from '../paging/connection.js';
import type { Keyset } from '../paging/keyset.js';
import type { ListRow } from '../paging/list-reader.js';
import type { ConnectionArguments } from '../paging/page-arguments.js';
import type { EventPlace } from '../reading/event-key.js';
import { loadEvent } from '../reading/event-loaders.js';
import { type EventRow, eventList, eventsOfFindings, eventsOfSessions } from '../reading/event-queries.js';
import { findingLoader } from '../reading/finding-loaders.js';
import type { FindingRow } from '../reading/finding-queries.js';
import { sessionLoader } from '../reading/session-loaders.js';
import type { SessionRow } from '../reading/session-queries.js';
import { defaultEventRange, hoursOf, placesOfLives } from './event-range.js';
import { listed, listedIds, range, searched } from './filter-values.js';
import { Event } from './refs.js';
import { userKeysOf } from './user-keys.js';
import { ActivityEnum, OutcomeEnum } from './words.js';

const EventFilter = builder.inputType('EventFilter', {
  description: 'Each field narrows the list; an empty list is as good as none.',
  fields: (t) => ({
    users: t.stringList({ description: '`User.id` or login name.' }),
    sessions: t.stringList({ description: '`Session.id` or `Session.key`.' }),
    applications: t.stringList({ description: '`Application.id` or name.' }),
    sources: t.stringList(),
    activities: t.field({ type: [ActivityEnum] }),
    outcomes: t.field({ type: [OutcomeEnum] }),
    addresses: t.stringList({ description: 'Addresses of clients, in canonical form.' }),
    after: t.field({
      type: 'DateTime',
      description:
        'From this moment on. Without it: the 7 days before `before` or the newest event; with `sessions`, from the first record of these.',
    }),
    before: t.field({ type: 'DateTime', description: 'Up to and without this moment.' }),
    text: t.string({
      description:
        'Found, in either case, in an id, a type, the action, user, application, address or user agent.',
    }),
  }),
});

const time: Keyset = {
  name: 'event time',
  columns: [
    { name: 'ts', type: "DateTime64(9, 'UTC')" },
    { name: 'event_id', type: 'String' },
  ],
};
const ORDERS = {
  TIME_ASC: { keyset: time, descending: false },
  TIME_DESC: { keyset: time, descending: true },
} as const;

const EventOrder = builder.enumType('EventOrder', { values: Object.keys(ORDERS) as (keyof typeof ORDERS)[] });

export const EventConnection = builder.connectionObject({ type: Event, name: 'EventConnection' });

const eventArguments = builder.args((t) => ({
  ...t.connectionArgs(),
  filter: t.field({ type: EventFilter }),
  orderBy: t.field({ type: EventOrder, required: true, defaultValue: 'TIME_DESC' }),
}));

function loadEvents(
  context: Context,
): (rows: readonly ListRow[]) => Promise<readonly (EventRow | undefined)[]> {
  return (rows) => Promise.all(rows.map((row) => loadEvent(context, row as unknown as EventPlace)));
}

async function eventsOf(
  context: Context,
  args: InputShapeFromFields<typeof eventArguments>,
): Promise<ConnectionPage<EventRow>> {
  const filter = args.filter ?? {};
  const sessions = listedIds('sessions', 'Session', filter.sessions);
  const said = range('', filter.after, filter.before);
  const [bounds, users] = await Promise.all([
    defaultEventRange(context, { after: filter.after, before: filter.before }, sessions),
    userKeysOf(context, filter.users),
  ]);
  const params = {
    after: bounds.after ?? said.after,
    before: bounds.before ?? said.before,
    users,
    sessions,
    applications: listed('applications', filter.applications),
    sources: listed('sources', filter.sources),
    activities: listed('activities', filter.activities),
    outcomes: listed('outcomes', filter.outcomes),
    addresses: listed('addresses', filter.addresses),
    text: searched(filter.text),
  };
  return connectionPage(
    context,
    { query: eventList, params, ...ORDERS[args.orderBy] },
    args,
    loadEvents(context),
  );
}

/** A page of the events behind a finding, oldest first. */
export async function eventsOfFinding(
  context: Context,
  args: ConnectionArguments,
  finding: FindingRow,
): Promise<ConnectionPage<EventRow>> {
  if (finding.session_key === '') return emptyPage();
  const parent = {
    column: 'finding_id',
    value: finding.id,
    params: async (ids: readonly string[]) => {
      const loaded = await Promise.all(ids.map((id) => findingLoader(context).load(id)));
      const findings = loaded.filter((row) => row !== undefined);
      return {
        ids: findings.map((row) => row.id),
        sessions: findings.map((row) => row.session_key),
        firsts: findings.map((row) => row.first_seen),
        lasts: findings.map((row) => row.last_seen),
        hours: hoursOf(findings),
      };
    },
  };
  const list = { query: eventsOfFindings, params: {}, parent, ...ORDERS.TIME_ASC };
  return connectionPage(context, list, args, loadEvents(context));
}

/** A page of the events of a session, oldest first. */
export async function eventsOfSession(
  context: Context,
  args: ConnectionArguments,
  session: SessionRow,
): Promise<ConnectionPage<EventRow>> {
  const parent = {
    column: 'session_key',
    value: session.session_key,
    params: async (keys: readonly string[]) => {
      const lives = await Promise.all(keys.map((key) => sessionLoader(context).load(key)));
      return { sessions: keys, ...placesOfLives(lives.filter((life) => life !== undefined)) };
    },
  };
  const list = { query: eventsOfSessions, params: {}, parent, ...ORDERS.TIME_ASC };
  return connectionPage(context, list, args, loadEvents(context));
}

builder.queryField('events', (t) =>
  t.field({
    type: EventConnection,
    args: eventArguments,
    resolve: (_root, args, context) => eventsOf(context, args),
  }),
);
