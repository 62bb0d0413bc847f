import { SettingsMap } from '@clickhouse/client';
import type { Database } from './database.js';

/** A table that a materialised view fills, and how to tell whether it has all that it should. */
export interface ViewTarget {
  /** The view's name, for messages. */
  readonly view: string;
  readonly table: string;
  /** Whether it is sorted by the time of arrival: what is fed late must then arrive late, to be seen by its readers. */
  readonly byArrival: boolean;
  /** Answers a row if the target lacks something that the view makes of its source. */
  readonly isBehind: string;
  /** Gives the target once more all that the view makes of its source. */
  readonly feed: string;
}

interface ViewRow {
  readonly view: string;
  readonly as_select: string;
  readonly definition: string;
}

interface TableRow {
  readonly name: string;
  readonly engine_full: string;
  readonly sorting_key: string;
}

interface ColumnRow {
  readonly table: string;
  readonly name: string;
  readonly type: string;
}

/**
 * The targets of every view on the table `source`. They are read from the store, so that the views of later
 * migrations are repaired as well. The statements read the whole source: run them with {@link onlyRows}.
 * @param stamp the source's column with the time of arrival
 */
export async function viewTargetsOf(
  database: Database,
  source: string,
  stamp: string,
): Promise<ViewTarget[]> {
  const { rows } = await database.query<ViewRow>(
    `SELECT name AS view, as_select, create_table_query AS definition FROM system.tables
    WHERE database = currentDatabase() AND engine = 'MaterializedView'
      AND name IN (SELECT arrayJoin(dependencies_table) FROM system.tables
        WHERE database = currentDatabase() AND name = {source:String})
    ORDER BY view`,
    { source },
  );
  const views = rows.map((view) => ({ ...view, table: targetOf(view.definition) }));
  const tables = views.map(({ table }) => table);
  const { rows: engines } = await database.query<TableRow>(
    `SELECT name, engine_full, sorting_key FROM system.tables
    WHERE database = currentDatabase() AND name IN {tables:Array(String)}`,
    { tables },
  );
  const { rows: columns } = await database.query<ColumnRow>(
    `SELECT table, name, type FROM system.columns
    WHERE database = currentDatabase() AND table IN {tables:Array(String)} ORDER BY table, position`,
    { tables },
  );
  return engines.flatMap((engine) =>
    views
      .filter(({ table }) => table === engine.name)
      .map(({ view, as_select }) => {
        const own = columns.filter(({ table }) => table === engine.name);
        return { view, ...statements(as_select, engine, own, stamp) };
      }),
  );
}

/** The setting under which statements see only those rows of some tables for which a condition holds. */
export function onlyRows(database: Database, conditions: Readonly<Record<string, string>>) {
  // The client puts the quotes around keys and values and escapes nothing.
  const pairs = Object.entries(conditions).map(([table, condition]) => [
    escaped(`${database.name}.${table}`),
    escaped(condition),
  ]);
  return { additional_table_filters: SettingsMap.from(Object.fromEntries(pairs)) };
}

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
const quoted = (text: string): string => `'${escaped(text)}'`;

function targetOf(definition: string): string {
  return /^CREATE MATERIALIZED VIEW \S+ TO \S+?\.`?(\w+)`?(?=[\s(])/.exec(definition)?.[1] ?? '';
}

/**
 * What a view makes of some rows is in its target if adding it once more would change nothing: each of its sort keys
 * is there, with a version and with aggregates that it does not move. This is exact, since every target takes the
 * same row twice without harm.
 */
function statements(select: string, engine: TableRow, columns: readonly ColumnRow[], stamp: string) {
  const table = engine.name;
  const sorted = engine.sorting_key.split(', ');
  const byArrival = sorted[0] === stamp;
  const keys = byArrival ? sorted.slice(1) : sorted;
  const version = /^ReplacingMergeTree\((\w+)\)/.exec(engine.engine_full)?.[1];
  const compared = columns.filter(
    ({ name, type }) => !sorted.includes(name) && (name === version || type.includes('AggregateFunction(')),
  );
  const used = columns.filter((column) => keys.includes(column.name) || compared.includes(column));
  const names = used.map(({ name }) => name).join(', ');
  const made = used.map(({ name, type }) => `CAST(made.${name}, ${quoted(type)}) AS ${name}`).join(', ');
  const moved = compared.flatMap(({ name, type }) =>
    movedBy(name, name === version ? 'max' : aggregateOf(type)),
  );
  const key = keys.join(', ');
  const all = columns.map(({ name }) => name);
  const fed = all.map((name) =>
    byArrival && name === stamp ? `now64(3, 'UTC') AS ${name}` : `made.${name}`,
  );
  return {
    table,
    byArrival,
    isBehind: `SELECT 1 AS behind
FROM
(
    SELECT ${made}, 1 AS fresh FROM (${select}) AS made
    UNION ALL
    SELECT ${names}, 0 AS fresh FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM (${select}))
)
GROUP BY ${key}
HAVING ${['countIf(fresh = 0) = 0', ...moved].join(' OR ')}
LIMIT 1`,
    feed: `INSERT INTO ${table} (${all.join(', ')}) SELECT ${fed.join(', ')} FROM (${select}) AS made`,
  };
}

/** The aggregate whose states a column holds, with its parameters: `max`, `groupUniqArray(64)`. */
function aggregateOf(type: string): string {
  return /AggregateFunction\((\w+(?:\([^)]*\))?),/.exec(type)?.[1] ?? '';
}

/**
 * Conditions that hold if the fresh rows change a column's aggregate. Sums and quantiles change with every row that
 * comes again: they are estimates here, and say nothing about what is missing.
 */
function movedBy(column: string, aggregate: string): string[] {
  if (aggregate === 'min' || aggregate === 'max') {
    return [`${aggregate}(${column}) != ${aggregate}If(${column}, fresh = 0)`];
  }
  const [, name = '', parameters = ''] = /^(\w+)(\(.*\))?$/.exec(aggregate) ?? [];
  if (!/^(?:uniq|groupUniqArray)/.test(name)) return [];
  // A set can only grow, and the order in a merged one is nobody's business.
  const size = name === 'groupUniqArray' ? 'length' : '';
  const merged = (suffix: string, condition: string): string =>
    `${size}(${name}${suffix}${parameters}(${column}${condition}))`;
  return [`${merged('Merge', '')} != ${merged('MergeIf', ', fresh = 0')}`];
}
