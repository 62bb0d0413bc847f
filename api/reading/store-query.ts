import type { StoreTime } from './store-time.js';

/** ClickHouse types that the API's queries use, as DESCRIBE prints them, with their TypeScript shapes. */
interface StoreTypes {
  String: string;
  'LowCardinality(String)': string;
  Bool: boolean;
  UInt8: number;
  UInt32: number;
  UInt64: number;
  Int16: number;
  Date: string;
  "DateTime('UTC')": string;
  'Nullable(String)': string | null;
  Float64: number;
  "DateTime64(9, 'UTC')": StoreTime;
  "DateTime64(3, 'UTC')": StoreTime;
  'Array(String)': readonly string[];
  "Array(DateTime64(9, 'UTC'))": readonly StoreTime[];
  'Array(Date)': readonly string[];
  'Array(UInt32)': readonly number[];
  /** Without anything to take a quantile of, its values are null. */
  'Array(Float32)': readonly (number | null)[];
  "Array(DateTime('UTC'))": readonly string[];
  'Array(LowCardinality(String))': readonly string[];
  'Map(LowCardinality(String), String)': Readonly<Record<string, string>>;
  'Array(Tuple(\n    name String,\n    points Int16,\n    text String))': readonly {
    readonly name: string;
    readonly points: number;
    readonly text: string;
  }[];
  "Enum8('child' = 0, 'parent' = 1)": 'child' | 'parent';
  "Enum8('none' = 0, 'bypassed' = 1, 'inherited' = 2, 'asserted' = 3, 'credential' = 4, 'mfa' = 5, 'phishing_resistant' = 6)": string;
}
export type StoreType = keyof StoreTypes;

/** The grades as a column type; DESCRIBE prints it so. */
export const EVIDENCE_TYPE =
  "Enum8('none' = 0, 'bypassed' = 1, 'inherited' = 2, 'asserted' = 3, 'credential' = 4, 'mfa' = 5, 'phishing_resistant' = 6)";
export const NANOSECONDS = "DateTime64(9, 'UTC')";
export const MILLISECONDS = "DateTime64(3, 'UTC')";
export const WORD = 'LowCardinality(String)';
export const WORDS = 'Array(LowCardinality(String))';
export const POINT_REASONS = 'Array(Tuple(\n    name String,\n    points Int16,\n    text String))';

export type Types = Readonly<Record<string, StoreType>>;

/** Values by name, in the shape that their store types have here. */
export type Shape<T extends Types> = { readonly [Name in keyof T]: StoreTypes[T[Name]] };

/**
 * One statement of `schema/queries/`, as a value: its file, the parameters that its text declares and the columns
 * that it answers. A test holds both lists against the text and against the store. The tenant is bound by the
 * reader and is no parameter here.
 */
export interface StoreQuery<P extends Types = Types, C extends Types = Types> {
  readonly file: string;
  readonly params: P;
  readonly columns: C;
}

const known: StoreQuery[] = [];

/** Declares a statement of `schema/queries/`. */
export function storeQuery<const P extends Types, const C extends Types>(
  query: StoreQuery<P, C>,
): StoreQuery<P, C> {
  known.push(query);
  return query;
}

/** All declared statements, for the test that checks them. */
export function allStoreQueries(): readonly StoreQuery[] {
  return known;
}

export type Row<Q> = Q extends StoreQuery<Types, infer C> ? Shape<C> : never;
