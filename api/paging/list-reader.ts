import DataLoader from 'dataloader';
import type { Context } from '../context.js';
import { groupedBy } from '../reading/batch-loader.js';
import type { Statement } from '../reading/store-reader.js';
import { countStatement, type Keyset, type Parents, type Stretch, stretchStatement } from './keyset.js';

/** A list in the store: the rows that a statement of `schema/queries/` selects under these parameters. */
export interface StoredList {
  readonly query: { readonly file: string };
  readonly params: Readonly<Record<string, unknown>>;
  readonly keyset: Keyset;
  /** Given, the list is the part of the rows whose column has this value. */
  readonly parent?: ListParent;
}

/** Whose part of a list is wanted. */
export interface ListParent {
  readonly column: string;
  readonly value: string;
  /** Parameters that depend on which parents are read together. */
  readonly params?: (values: readonly string[]) => Promise<Readonly<Record<string, unknown>>>;
}

/** A row of a list: the columns of its keyset and what else it carries. */
export type ListRow = Readonly<Record<string, unknown>>;

interface RowOfParent extends ListRow {
  readonly parent: string;
}

const loaders = new WeakMap<Context, Map<string, DataLoader<string, RowOfParent[]>>>();

/** Makes the request read its lists anew: after it has changed what they show. */
export function forgetLists(context: Context): void {
  loaders.delete(context);
}

/**
 * Lists under parents ask the same for each parent of a page (the sessions of each of 100 users): those that differ
 * in nothing but the parent are read by one statement.
 */
function readTogether(
  context: Context,
  question: readonly unknown[],
  parent: ListParent,
  read: (parents: Parents) => Promise<RowOfParent[]>,
): Promise<RowOfParent[]> {
  let ofRequest = loaders.get(context);
  if (!ofRequest) {
    ofRequest = new Map();
    loaders.set(context, ofRequest);
  }
  const key = JSON.stringify([parent.column, ...question]);
  let loader = ofRequest.get(key);
  if (!loader) {
    loader = new DataLoader(async (values: readonly string[]) => {
      const groups = groupedBy(await read({ column: parent.column, values }), (row) => row.parent);
      return values.map((value) => groups.get(value) ?? []);
    });
    ofRequest.set(key, loader);
  }
  return loader.load(parent.value);
}

/** Reads what a statement around the list's text answers, for the parent or for the whole list. */
async function readList(
  context: Context,
  list: StoredList,
  question: readonly unknown[],
  build: (set: string, parents?: Parents) => Statement,
): Promise<readonly RowOfParent[]> {
  const read = async (parents?: Parents) => {
    const ofParents = parents && list.parent?.params ? await list.parent.params(parents.values) : {};
    return context.reader.rowsOf<RowOfParent>(list.query, (set) => {
      const { text, params } = build(set, parents);
      return { text, params: { ...list.params, ...ofParents, ...params } };
    });
  };
  if (!list.parent) return read();
  return readTogether(context, [list.query.file, list.params, ...question], list.parent, read);
}

/** Rows of a stretch of a list, in the order of reading. */
export async function readStretch(
  context: Context,
  list: StoredList,
  stretch: Stretch,
): Promise<readonly ListRow[]> {
  return readList(context, list, ['rows', stretch], (set, parents) =>
    stretchStatement(set, stretch, parents),
  );
}

/** How many entries a list has. */
export async function countList(context: Context, list: StoredList): Promise<number> {
  const rows = await readList(context, list, ['count', list.keyset], (set, parents) =>
    countStatement(set, list.keyset, parents),
  );
  return Number(rows[0]?.['total'] ?? 0);
}
