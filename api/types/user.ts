import { builder } from '../builder.js';
import type { Context } from '../context.js';
import { batchLoader, byKey } from '../reading/batch-loader.js';
import { userNames, usersKnown } from '../reading/user-queries.js';
import { FindingConnection, findingArguments, findingsOf } from './finding-list.js';
import { findPrivilege, Privilege } from './privilege.js';
import { User, type UserShape } from './refs.js';
import { SessionConnection, sessionArguments, sessionsOf } from './session-list.js';

/** The user of a row, or null where it names none. */
export function userOf(row: { readonly user_key: string; readonly user_name: string }): UserShape | null {
  return row.user_key === '' ? null : { key: row.user_key, name: row.user_name || null };
}

const namesOf = batchLoader<readonly string[]>(async (keys, { reader }) => {
  const rows = byKey(await reader.rows(userNames, { keys }), (row) => row.user_key);
  return new Map([...rows].map(([key, row]) => [key, row.names]));
});

const known = batchLoader<true>(async (keys, { reader }) => {
  const rows = await reader.rows(usersKnown, { keys });
  return new Map(rows.map((row) => [row.user_key, true]));
});

/** The user of a key; null where no record names one. */
export async function findUser(context: Context, key: string): Promise<UserShape | null> {
  const [names, hasEvents] = await Promise.all([namesOf(context).load(key), known(context).load(key)]);
  return names || hasEvents ? { key, name: null } : null;
}

builder.node(User, {
  description: 'Somebody, or some service account, whom the logs name.',
  id: { resolve: (user) => user.key },
  brandLoadedObjects: true,
  loadOne: (key, context) => findUser(context, key),
  fields: (t) => ({
    name: t.string({
      nullable: true,
      description: 'The login name, as the vendor writes it.',
      resolve: async (user, _args, context) =>
        user.name ?? (await namesOf(context).load(user.key))?.[0] ?? null,
    }),
    names: t.stringList({
      description: 'Login names under which the user was seen, the latest first; 50 at most.',
      resolve: async (user, _args, context) => [
        ...((await namesOf(context).load(user.key)) ?? (user.name === null ? [] : [user.name])),
      ],
    }),
    privileged: t.field({
      type: Privilege,
      nullable: true,
      description: 'Why the user counts as privileged; null where nothing says so.',
      resolve: (user, _args, context) => findPrivilege(context, user.key),
    }),
    sessions: t.field({
      type: SessionConnection,
      args: sessionArguments,
      resolve: (user, args, context) => sessionsOf(context, args, { column: 'user_key', value: user.key }),
    }),
    findings: t.field({
      type: FindingConnection,
      args: findingArguments,
      resolve: (user, args, context) => findingsOf(context, args, { column: 'user_key', value: user.key }),
    }),
  }),
});
