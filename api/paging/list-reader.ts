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
  readonly parent?: { readonly column: string; readonly value: string };
}

/** A row of a list: the columns of its keyset. */
export type ListRow = Readonly<Record<string, unknown>>;

interface RowOfParent extends ListRow {
  readonly parent: string;
}

const loaders = new WeakMap<Context, Map<string, DataLoader<string, RowOfParent[]>>>();

/**
 * Lists under parents ask the same for each parent of a page (the sessions of each of 100 users): those that differ
 * in nothing but the parent are read by one statement.
 */
function readTogether(
  context: Context,
  question: readonly unknown[],
  parent: { readonly column: string; readonly value: string },
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

function withParams(list: StoredList, statement: Statement): Statement {
  return { text: statement.text, params: { ...list.params, ...statement.params } };
}

/** Rows of a stretch of a list, in the order of reading. */
export async function readStretch(context: Context, list: StoredList, stretch: Stretch): Promise<readonly ListRow[]> {
  const read = (parents?: Parents) =>
    context.reader.rowsOf<RowOfParent>(list.query, (set) => withParams(list, stretchStatement(set, stretch, parents)));
  if (!list.parent) return read();
  return readTogether(context, ['rows', list.query.file, list.params, stretch], list.parent, read);
}

/** How many entries a list has. */
export async function countList(context: Context, list: StoredList): Promise<number> {
  const read = (parents?: Parents) =>
    context.reader.rowsOf<RowOfParent & { total: number }>(list.query, (set) =>
      withParams(list, countStatement(set, list.keyset, parents)),
    );
  const rows = list.parent
    ? await readTogether(context, ['count', list.query.file, list.params, list.keyset.name], list.parent, read)
    : await read();
  return Number(rows[0]?.['total'] ?? 0);
}
