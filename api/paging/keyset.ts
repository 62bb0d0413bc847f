import type { Statement } from '../reading/store-reader.js';
import { isStoreTime } from '../reading/store-time.js';

/** Types that a list can be ordered by. */
type KeyType = "DateTime64(9, 'UTC')" | "DateTime64(3, 'UTC')" | 'UInt8' | 'String';

interface KeyColumn {
  readonly name: string;
  readonly type: KeyType;
}

/**
 * Columns that order a list and name a place in it. The last one is unique, so that ties have a place too.
 * `name` is kept in cursors: a cursor of one order says nothing in another.
 */
export interface Keyset {
  readonly name: string;
  readonly columns: readonly [KeyColumn, ...KeyColumn[]];
  /** Further columns that rows of the list have: what is shown of an entry, where a page needs no second look-up. */
  readonly carried?: readonly string[];
}

/** Values of a keyset's columns, as text or number, in their order. */
export type Place = readonly (string | number)[];

const VALUES: Readonly<Record<KeyType, (value: unknown) => boolean>> = {
  "DateTime64(9, 'UTC')": (value) => typeof value === 'string' && isStoreTime(value),
  "DateTime64(3, 'UTC')": (value) => typeof value === 'string' && isStoreTime(value),
  UInt8: (value) => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 255,
  String: (value) => typeof value === 'string' && value.length <= 512,
};

/** Whether values, which came back from a client, fit the columns of a keyset. */
export function isPlace(keyset: Keyset, values: readonly unknown[]): values is Place {
  return (
    values.length === keyset.columns.length &&
    keyset.columns.every((column, at) => VALUES[column.type](values[at]))
  );
}

/** The place of a row of the list. */
export function placeOf(keyset: Keyset, row: Readonly<Record<string, unknown>>): Place {
  return keyset.columns.map((column) => row[column.name] as string | number);
}

/** Which part of a list to read, in which order. */
export interface Stretch {
  readonly keyset: Keyset;
  readonly descending: boolean;
  readonly after: Place | undefined;
  readonly before: Place | undefined;
  /** True to read backwards from the end of the stretch; the rows come in that order. */
  readonly fromEnd: boolean;
  readonly limit: number;
}

/** A list is read for each of these values of one of its columns, which is answered as `parent`. */
export interface Parents {
  readonly column: string;
  readonly values: readonly string[];
}

/**
 * A bound of the stretch. The comparison of the first column alone is redundant and is what the store can look up
 * in its sort key: the comparison of tuples alone reads everything before it.
 */
function bound(keyset: Keyset, place: Place, name: string, comparison: '<' | '>'): Statement {
  const names = keyset.columns.map((column) => column.name).join(', ');
  const values = keyset.columns.map((column, at) => `{${name}_${at}:${column.type}}`);
  const text = `${keyset.columns[0].name} ${comparison}= ${values[0]} AND (${names}) ${comparison} (${values.join(', ')})`;
  return { text, params: Object.fromEntries(place.map((value, at) => [`${name}_${at}`, value])) };
}

/**
 * A statement that reads a stretch of the rows which `set` selects, each once. Names come from the keyset in the
 * code, values are bound.
 *
 * @param set text of a SELECT that answers the keyset's columns
 * @param parents given, the stretch is read for each of them
 */
export function stretchStatement(set: string, stretch: Stretch, parents?: Parents): Statement {
  const { keyset, descending, after, before, fromEnd, limit } = stretch;
  const bounds: Statement[] = [];
  if (after) bounds.push(bound(keyset, after, 'after', descending ? '<' : '>'));
  if (before) bounds.push(bound(keyset, before, 'before', descending ? '>' : '<'));
  if (parents)
    bounds.push({
      text: `${parents.column} IN {parents:Array(String)}`,
      params: { parents: parents.values },
    });
  const where = bounds.length > 0 ? `\nWHERE ${bounds.map((each) => each.text).join('\n    AND ')}` : '';

  const direction = descending !== fromEnd ? 'DESC' : 'ASC';
  const order = keyset.columns.map((column) => `${column.name} ${direction}`).join(', ');
  const columns = [...keyset.columns.map((column) => column.name), ...(keyset.carried ?? [])].join(', ');
  const unique = keyset.columns[keyset.columns.length - 1]?.name as string;
  const params = Object.assign(
    { page_limit: limit },
    ...bounds.map((each) => each.params),
  ) as Statement['params'];

  if (!parents) {
    const text = `SELECT ${columns}\nFROM (\n${set}\n)${where}\nORDER BY ${order}\nLIMIT 1 BY ${unique}\nLIMIT {page_limit:UInt32}`;
    return { text, params };
  }
  const once = `SELECT ${parents.column} AS parent, ${columns}\nFROM (\n${set}\n)${where}\nORDER BY parent, ${order}\nLIMIT 1 BY parent, ${unique}`;
  return {
    text: `SELECT parent, ${columns}\nFROM (\n${once}\n)\nORDER BY parent, ${order}\nLIMIT {page_limit:UInt32} BY parent`,
    params,
  };
}

/** A statement that counts the rows which `set` selects, each once; with parents, for each of them as `parent`. */
export function countStatement(set: string, keyset: Keyset, parents?: Parents): Statement {
  const unique = keyset.columns[keyset.columns.length - 1]?.name as string;
  if (!parents)
    return { text: `SELECT '' AS parent, uniqExact(${unique}) AS total\nFROM (\n${set}\n)`, params: {} };
  return {
    text: `SELECT ${parents.column} AS parent, uniqExact(${unique}) AS total\nFROM (\n${set}\n)\nWHERE ${parents.column} IN {parents:Array(String)}\nGROUP BY parent`,
    params: { parents: parents.values },
  };
}
