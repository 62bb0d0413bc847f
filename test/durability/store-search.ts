import type { Database } from '../../schema/store/database.js';

/** Where a search found something: a column, and a text that it found there. */
export interface Find {
  readonly column: string;
  readonly text: string;
}

/**
 * Searches every column of every table of a database for a text, whatever the case: as text, and as Base64 of a text
 * in which it stands. Maps, arrays, tuples, JSON and the states of aggregates are searched as they would be printed.
 * @returns the first finds of each column, with what follows the text
 */
export async function searchStore(database: Database, text: string): Promise<Find[]> {
  const { rows: columns } = await database.query<{ table: string; name: string; type: string }>(
    `SELECT table, name, type FROM system.columns
    WHERE database = currentDatabase() AND table IN
      (SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree')
    ORDER BY table, name`,
  );
  const tables = new Map<string, { name: string; type: string }[]>();
  for (const { table, ...column } of columns) tables.set(table, [...(tables.get(table) ?? []), column]);
  const sought = [text, ...inBase64(text)];
  const finds: Find[] = [];
  for (const [table, own] of tables) {
    const names = own.map(({ name }) => name);
    const texts = own.map(({ name, type }) => {
      const value = /^AggregateFunction/.test(type) ? `finalizeAggregation(\`${name}\`)` : `\`${name}\``;
      return `groupUniqArrayIf(20)(extract(toString(${value}), {found:String}),
        multiSearchAnyCaseInsensitive(toString(${value}), {sought:Array(String)})) AS \`${name}\``;
    });
    const found = `(?i)(?:${sought.join('|')})\\w{0,12}`;
    const { rows } = await database.query<Record<string, string[]>>(
      `SELECT ${texts.join(', ')} FROM \`${table}\``,
      { sought, found },
    );
    for (const name of names) {
      for (const each of rows[0]?.[name] ?? []) finds.push({ column: `${table}.${name}`, text: each });
    }
  }
  return finds;
}

/** How a text looks inside of Base64, at each of the three places where it may begin. */
export function inBase64(text: string): string[] {
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.from(' '.repeat(before) + text).toString('base64');
    // Six bits a character: those at both ends hold bits of what stands beside the text.
    return encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + text.length) * 8) / 6));
  });
}
