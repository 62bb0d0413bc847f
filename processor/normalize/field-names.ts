import { isObject, type Json, type JsonObject } from './json-record.js';

/** Names by their folded form: lower case without underscores. */
export type FoldedNames = ReadonlyMap<string, string>;

/** Nothing that is read lies deeper. */
const MAX_DEPTH = 6;

/** `names`, to be found however a shipper wrote them: `alternateId`, `alternateid` and `alternate_id` are one. */
export function foldedNames(names: readonly string[]): FoldedNames {
  return new Map(names.map((name) => [foldName(name), name]));
}

function foldName(name: string): string {
  return name.toLowerCase().replaceAll('_', '');
}

/** A record with its vendor's own field names: `names` at the top, `inner` below. Others stay as they are. */
export function withNames(record: JsonObject, names: FoldedNames, inner: FoldedNames): JsonObject {
  return renamed(record, names, inner, 0);
}

function renamed(object: JsonObject, names: FoldedNames, inner: FoldedNames, depth: number): JsonObject {
  const copy: JsonObject = {};
  for (const name of Object.keys(object)) {
    const own = names.get(foldName(name)) ?? name;
    if (own !== '__proto__' && copy[own] === undefined) copy[own] = renamedValue(object[name], inner, depth);
  }
  return copy;
}

function renamedValue(value: Json | undefined, inner: FoldedNames, depth: number): Json | undefined {
  if (depth >= MAX_DEPTH) return value;
  if (Array.isArray(value)) return value.map((item) => renamedValue(item, inner, depth + 1) ?? null);
  return isObject(value) ? renamed(value, inner, inner, depth + 1) : value;
}
