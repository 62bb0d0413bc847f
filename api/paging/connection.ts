import type { Context } from '../context.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import { placeOf } from './keyset.js';
import { countList, type ListRow, readStretch, type StoredList } from './list-reader.js';
import { type ConnectionArguments, pageRequest } from './page-arguments.js';

/** A page of a list, in Relay's shape (https://relay.dev/graphql/connections.htm). */
export interface ConnectionPage<N> {
  readonly edges: { readonly cursor: string; readonly node: N }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  /** Asks the store, so only where a client wants it. */
  readonly totalCount: () => Promise<number>;
}

/** A list and its order. */
export interface OrderedList extends StoredList {
  readonly descending: boolean;
}

/** A page without entries, for a parent that cannot have any. */
export function emptyPage<N>(): ConnectionPage<N> {
  const pageInfo = { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null };
  return { edges: [], pageInfo, totalCount: async () => 0 };
}

/**
 * The page of a list that Relay's arguments ask for.
 * A page is made of places; the entries themselves come from `load`, which may share what others of the request
 * loaded. An entry that is gone by then is left out.
 */
export async function connectionPage<N>(
  context: Context,
  list: OrderedList,
  args: ConnectionArguments,
  load: (rows: readonly ListRow[]) => Promise<readonly (N | null | undefined)[]>,
): Promise<ConnectionPage<N>> {
  const request = pageRequest(args);
  const { keyset } = list;
  const after = request.after === undefined ? undefined : decodeCursor(keyset, 'after', request.after);
  const before = request.before === undefined ? undefined : decodeCursor(keyset, 'before', request.before);
  const read = await readStretch(context, list, {
    keyset,
    descending: list.descending,
    after,
    before,
    fromEnd: request.fromEnd,
    limit: request.size + 1,
  });
  const more = read.length > request.size;
  const rows = read.slice(0, request.size);
  if (request.fromEnd) rows.reverse();

  const nodes = await load(rows);
  const edges = rows.flatMap((row, at) => {
    const node = nodes[at];
    return node == null ? [] : [{ cursor: encodeCursor(keyset, placeOf(keyset, row)), node }];
  });
  return {
    edges,
    pageInfo: {
      // The entry that a cursor names lies on the other side of the page.
      hasNextPage: request.fromEnd ? before !== undefined : more,
      hasPreviousPage: request.fromEnd ? more : after !== undefined,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges[edges.length - 1]?.cursor ?? null,
    },
    totalCount: () => countList(context, list),
  };
}
