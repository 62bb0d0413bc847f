import { builder } from '../builder.js';
import type { Context } from '../context.js';
import { batchLoader, byKey } from '../reading/batch-loader.js';
import { toRfc3339 } from '../reading/store-time.js';
import { type UsersPrivilegedRow, usersPrivileged } from '../reading/user-queries.js';
import { wordEnum } from './words.js';

const PrivilegeReasonEnum = wordEnum('PrivilegeReason', ['policy', 'admin'], 'Why a user is privileged.', {
  policy: 'The policy in force names the user, whatever the user was seen doing.',
  admin: 'Administrative acts of the user are in store, beyond those about own credentials and factors.',
});

/** Acts that the statement counts of a user. */
const MOST_COUNTED = 100;

const privilegeOf = batchLoader<UsersPrivilegedRow>(async (keys, { reader }) =>
  byKey(await reader.rows(usersPrivileged, { keys }), (row) => row.user_key),
);

/** Why the user of a key is privileged; null for one who is not. */
export async function findPrivilege(context: Context, key: string): Promise<UsersPrivilegedRow | null> {
  return (await privilegeOf(context).load(key)) ?? null;
}

/** In words: `Policy names the user. Did 2 administrative acts, the last at ...: iam.amazonaws.com:CreateUser.` */
function inWords({
  by_policy,
  admin_acts,
  last_admin_act_at,
  last_admin_action,
}: UsersPrivilegedRow): string {
  const many = `${admin_acts < MOST_COUNTED ? admin_acts : `${MOST_COUNTED} or more`} administrative acts, the last`;
  const acts = admin_acts === 1 ? '1 administrative act' : many;
  const action = last_admin_action === '' ? '' : `: ${last_admin_action}`;
  return [
    ...(by_policy ? ['Policy names the user.'] : []),
    ...(admin_acts > 0 ? [`Did ${acts} at ${toRfc3339(last_admin_act_at)}${action}.`] : []),
  ].join(' ');
}

export const Privilege = builder.objectRef<UsersPrivilegedRow>('Privilege').implement({
  description: 'That a user can do more harm than others, and why that is thought.',
  fields: (t) => ({
    reason: t.field({
      type: PrivilegeReasonEnum,
      resolve: ({ by_policy }) => (by_policy ? 'policy' : 'admin'),
    }),
    text: t.string({ description: 'The reasons in words.', resolve: inWords }),
  }),
});
