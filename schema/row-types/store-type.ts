import { type SqlToken, sqlTokens } from '../store/sql-tokens.js';

/** A ClickHouse type, as far as it decides what JSON has for a value of it. */
export type StoreType =
  | { readonly kind: 'text' | 'date' | 'time' | 'integer' | 'float' | 'boolean' }
  | { readonly kind: 'enum'; readonly names: readonly string[] }
  | { readonly kind: 'nullable' | 'array' | 'map'; readonly of: StoreType }
  | { readonly kind: 'tuple'; readonly fields: readonly TupleField[] };

export interface TupleField {
  /** Undefined in a tuple whose fields have no names. */
  readonly name: string | undefined;
  readonly type: StoreType;
}

/** A type for which no row type can be written. */
export class UnsupportedStoreTypeError extends Error {
  override readonly name = 'UnsupportedStoreTypeError';

  constructor(type: string) {
    super(
      `no row type is known for ${type}: let the statement select it as another type, such as toString(...), or teach schema/row-types/store-type.ts what JSON has for it`,
    );
  }
}

/**
 * 64-bit integers are among the numbers, since the store is asked not to quote them; wider ones and decimals would
 * lose digits and are left out on purpose.
 */
const SCALARS: Readonly<Record<string, 'text' | 'date' | 'time' | 'integer' | 'float' | 'boolean'>> = {
  String: 'text',
  FixedString: 'text',
  UUID: 'text',
  IPv4: 'text',
  IPv6: 'text',
  Date: 'date',
  Date32: 'date',
  DateTime: 'time',
  DateTime64: 'time',
  UInt8: 'integer',
  UInt16: 'integer',
  UInt32: 'integer',
  UInt64: 'integer',
  Int8: 'integer',
  Int16: 'integer',
  Int32: 'integer',
  Int64: 'integer',
  Float32: 'float',
  Float64: 'float',
  Bool: 'boolean',
};

/**
 * Reads a type as DESCRIBE prints it or a `{name:Type}` parameter declares it.
 * @throws UnsupportedStoreTypeError naming the type
 */
export function parseStoreType(text: string): StoreType {
  return typeOf(text, [...sqlTokens(text)]);
}

function typeOf(text: string, tokens: readonly SqlToken[]): StoreType {
  const [head, ...rest] = tokens;
  const name = head?.text ?? '';
  const parts = argumentsOf(rest);
  const inner = (): StoreType => typeOf(text, parts.at(-1) ?? []);
  switch (name) {
    case 'LowCardinality':
      return inner();
    case 'Nullable':
      return { kind: 'nullable', of: inner() };
    case 'Array':
      return { kind: 'array', of: inner() };
    case 'Map':
      return { kind: 'map', of: inner() };
    case 'Tuple':
      return { kind: 'tuple', fields: parts.map((part) => fieldOf(text, part)) };
    case 'Enum8':
    case 'Enum16':
      return { kind: 'enum', names: parts.map(([first]) => unquoted(first?.text ?? '')) };
  }
  const kind = Object.hasOwn(SCALARS, name) ? SCALARS[name] : undefined;
  if (kind === undefined) throw new UnsupportedStoreTypeError(text);
  return { kind };
}

/** The parts between the outer brackets of a type, cut at its own commas. */
function argumentsOf(tokens: readonly SqlToken[]): SqlToken[][] {
  const [open] = tokens;
  if (open === undefined) return [];
  const parts: SqlToken[][] = [[]];
  for (const token of tokens.slice(1, -1)) {
    if (token.text === ',' && token.depth === open.depth + 1) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

/** A field of a tuple: a type, or a name and a type. */
function fieldOf(text: string, tokens: readonly SqlToken[]): TupleField {
  const [first, second] = tokens;
  const isNamed = second !== undefined && second.kind === 'word';
  if (!isNamed) return { name: undefined, type: typeOf(text, tokens) };
  return { name: unquoted(first?.text ?? ''), type: typeOf(text, tokens.slice(1)) };
}

/** What stands between quotes, with its escapes undone. */
function unquoted(text: string): string {
  const [quote = ''] = text;
  if (!'\'`"'.includes(quote)) return text;
  return text
    .slice(1, -1)
    .replaceAll(quote + quote, quote)
    .replaceAll(/\\(.)/g, '$1');
}
