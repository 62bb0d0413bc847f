import { builder } from '../builder.js';
import type { Context } from '../context.js';
import { idOrName } from '../global-id.js';
import { badInput } from '../limits/bad-input.js';
import { connectionPage } from '../paging/connection.js';
import type { Keyset } from '../paging/keyset.js';
import { userList } from '../reading/user-queries.js';
import { searched } from './filter-values.js';
import { User, type UserShape } from './refs.js';
import { findUser } from './user.js';
import { keysNamed } from './user-keys.js';

const UserFilter = builder.inputType('UserFilter', {
  description: 'Each field narrows the list.',
  fields: (t) => ({
    text: t.string({ description: 'Found anywhere in a login name or in the key, in either case.' }),
    privileged: t.boolean({ description: 'Those with a `User.privileged`, or those without.' }),
  }),
});

const unique = { name: 'user_hash', type: 'String' } as const;
const keysets = {
  NAME: {
    name: 'user name',
    columns: [{ name: 'name_start', type: 'String' }, unique],
    carried: ['user_key'],
  },
  LAST_SEEN: {
    name: 'user last seen',
    columns: [{ name: 'last_seen', type: "DateTime64(9, 'UTC')" }, unique],
    carried: ['user_key'],
  },
} as const satisfies Record<string, Keyset>;

const ORDERS = {
  NAME_ASC: { keyset: keysets.NAME, descending: false },
  NAME_DESC: { keyset: keysets.NAME, descending: true },
  LAST_SEEN_ASC: { keyset: keysets.LAST_SEEN, descending: false },
  LAST_SEEN_DESC: { keyset: keysets.LAST_SEEN, descending: true },
} as const;

const UserOrder = builder.enumType('UserOrder', {
  description:
    'NAME is by the key that the events of a user are joined by: mostly the login name in lower case.',
  values: Object.keys(ORDERS) as (keyof typeof ORDERS)[],
});

const UserConnection = builder.connectionObject({ type: User, name: 'UserConnection' });

/** As the list's statement takes it: '' restricts nothing. */
function yesOrNo(wanted: boolean | null | undefined): '' | 'yes' | 'no' {
  if (wanted == null) return '';
  return wanted ? 'yes' : 'no';
}

/** Keys that are told of where a name is not unique. */
const MOST_NAMED = 5;

/** The user of an id, a key or a login name. Throws a BAD_USER_INPUT error where several have the name. */
async function userNamed(context: Context, given: string): Promise<UserShape | null> {
  const key = idOrName('User', given);
  const user = (await findUser(context, key)) ?? (await findUser(context, key.toLowerCase()));
  if (user) return user;
  const keys = await keysNamed(context, key);
  if (keys.length > 1) {
    const some = keys.slice(0, MOST_NAMED).map((each) => JSON.stringify(each));
    throw badInput(
      'id',
      `${keys.length} users have the login name ${JSON.stringify(key.slice(0, 100))}: give the key of one of them, such as ${some.join(', ')}.`,
    );
  }
  return keys[0] === undefined ? null : findUser(context, keys[0]);
}

builder.queryFields((t) => ({
  user: t.field({
    type: User,
    nullable: true,
    description: 'By `User.id`, key or login name.',
    args: { id: t.arg.string({ required: true }) },
    resolve: (_root, { id }, context) => userNamed(context, id),
  }),
  users: t.field({
    type: UserConnection,
    description: 'Whoever has a session that was judged.',
    args: {
      ...t.arg.connectionArgs(),
      filter: t.arg({ type: UserFilter }),
      orderBy: t.arg({ type: UserOrder, required: true, defaultValue: 'NAME_ASC' }),
    },
    resolve: (_root, args, context) => {
      const list = {
        query: userList,
        params: {
          text: searched(args.filter?.text),
          privileged: yesOrNo(args.filter?.privileged),
        },
        ...ORDERS[args.orderBy],
      };
      return connectionPage(context, list, args, async (rows) =>
        rows.map((row) => ({ key: row['user_key'] as string, name: null })),
      );
    },
  }),
}));
