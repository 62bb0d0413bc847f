import type { Context } from '../context.js';
import { batchLoader, groupedBy } from '../reading/batch-loader.js';
import { userKeys } from '../reading/user-queries.js';
import { listedIds } from './filter-values.js';

const keysByName = batchLoader<readonly { readonly user_key: string }[]>(async (names, { reader }) =>
  groupedBy(await reader.rows(userKeys, { names }), (row) => row.user_name),
);

/** Keys of the users that have a login name. */
export async function keysNamed(context: Context, name: string): Promise<string[]> {
  return ((await keysByName(context).load(name)) ?? []).map((row) => row.user_key);
}

/**
 * Keys of the users that a filter names, by `User.id`, key or login name. A name that nobody has stays as it is, so
 * that the filter leaves nothing. Throws a BAD_USER_INPUT error for more than 100.
 */
export async function userKeysOf(
  context: Context,
  given: readonly string[] | null | undefined,
): Promise<string[]> {
  const keys = listedIds('users', 'User', given);
  if (keys.length === 0) return [];
  const named = await Promise.all(keys.map((name) => keysByName(context).load(name)));
  // Keys are made of lower-cased login names.
  const lowerCase = keys.map((key) => key.toLowerCase());
  return [
    ...new Set([...keys, ...lowerCase, ...named.flatMap((rows) => rows ?? []).map((row) => row.user_key)]),
  ];
}
