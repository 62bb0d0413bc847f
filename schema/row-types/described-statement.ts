import type { Database } from '../store/database.js';
import { splitStatements, sqlTokens } from '../store/sql-tokens.js';
import { parseStoreType, type StoreType } from './store-type.js';
import type { Member } from './typescript.js';

/** What a statement takes and answers. */
export interface DescribedStatement {
  readonly params: readonly Member[];
  readonly columns: readonly Member[];
  /** The view that the statement makes, if it makes one. */
  readonly view: string | undefined;
}

/**
 * Asks the store which columns a SELECT or a view answers. Tables, functions and views have to be there.
 *
 * @returns undefined for a statement that answers no rows, and for several statements
 * @throws StoreRejectedError if the statement is wrong, UnsupportedStoreTypeError
 */
export async function describeStatement(
  database: Database,
  script: string,
): Promise<DescribedStatement | undefined> {
  const [text = '', ...more] = splitStatements(script);
  if (more.length > 0) return undefined;
  const view = viewOf(text);
  if (view !== undefined) return { params: [], columns: await columnsOf(database, view), view };
  if (!/^(SELECT|WITH)$/i.test(firstWord(text))) return undefined;
  const params = parametersOf(text);
  const values = params.map(({ name, type }) => [name, exampleOf(type)] as const);
  // What a statement ends with may be a comment, which would hide the bracket.
  const columns = await columnsOf(database, `(${text}\n)`, Object.fromEntries(values));
  return { params, columns, view: undefined };
}

/** The `{name:Type}` parameters of a statement, each once, in order of appearance. */
export function parametersOf(text: string): Member[] {
  const found = new Map<string, StoreType>();
  const tokens = [...sqlTokens(text)];
  for (const [at, brace] of tokens.entries()) {
    const [name, colon] = tokens.slice(at + 1, at + 3);
    const isParameter = brace.text === '{' && name?.kind === 'word' && colon?.text === ':';
    if (!isParameter || found.has(name.text)) continue;
    const end = tokens.find(
      (token, index) => index > at && token.text === '}' && token.depth === brace.depth,
    );
    found.set(name.text, parseStoreType(text.slice(colon.end, end?.start).trim()));
  }
  return [...found].map(([name, type]) => ({ name, type }));
}

/** Some value of a type, as a parameter is given. */
export function exampleOf(type: StoreType): unknown {
  switch (type.kind) {
    case 'text':
      return '';
    case 'date':
      return '2026-01-01';
    case 'time':
      return '2026-01-01 00:00:00';
    case 'integer':
    case 'float':
      return 1;
    case 'boolean':
      return true;
    case 'enum':
      return type.names[0];
    case 'nullable':
      return exampleOf(type.of);
    case 'array':
      return [exampleOf(type.of)];
    case 'map':
      return {};
    case 'tuple':
      return type.fields.map((field) => exampleOf(field.type));
  }
}

async function columnsOf(
  database: Database,
  table: string,
  values: Readonly<Record<string, unknown>> = {},
): Promise<Member[]> {
  const { rows } = await database.query<{ name: string; type: string }>(`DESCRIBE TABLE ${table}`, values);
  return rows.map(({ name, type }) => ({ name, type: parseStoreType(type) }));
}

function firstWord(text: string): string {
  for (const token of sqlTokens(text)) return token.text;
  return '';
}

function viewOf(text: string): string | undefined {
  const words: string[] = [];
  for (const token of sqlTokens(text)) {
    words.push(token.text);
    if (words.length === 5) break;
  }
  const [view, name] = words.slice(3);
  return words.slice(0, 3).join(' ').toUpperCase() === 'CREATE OR REPLACE' && view?.toUpperCase() === 'VIEW'
    ? name
    : undefined;
}
