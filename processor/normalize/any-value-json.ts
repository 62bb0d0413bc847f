import type { AnyValue, AnyValueMap } from '../receiver/log-record.js';
import type { Json, JsonObject } from './json-record.js';

/** Decoders refuse what is nested deeper; in-process callers may hand over anything. */
const MAX_DEPTH = 64;

/**
 * An OTLP value as JSON: integers beyond 2^53 as text (JSON readers would round them); bytes as the text that they
 * are, so that secrets in it are seen, else in base64.
 */
export function jsonOf(value: AnyValue, depth = 0): Json {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'bigint':
      return String(value);
    case 'object':
      break;
    default:
      return null;
  }
  if (value === null || depth >= MAX_DEPTH) return null;
  if (value instanceof Uint8Array) return textOfBytes(value);
  if (Array.isArray(value)) return value.map((item) => jsonOf(item, depth + 1));
  return jsonObjectOf(value, depth);
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
// biome-ignore lint/suspicious/noControlCharactersInRegex: texts have line ends and tabs, and no other of these
const CONTROL_CHARACTER = /[\0-\x08\x0e-\x1f]/;

function textOfBytes(bytes: Uint8Array): string {
  try {
    const text = UTF_8.decode(bytes);
    if (!CONTROL_CHARACTER.test(text)) return text;
  } catch {
    // No UTF-8.
  }
  return Buffer.from(bytes).toString('base64');
}

function jsonObjectOf(map: AnyValueMap, depth: number): JsonObject {
  // A clone, which has the map's shape from the start: field by field it would take four times as long.
  const object = { ...map } as JsonObject;
  for (const key in object) {
    const value = map[key];
    if (typeof value !== 'string') object[key] = jsonOf(value, depth + 1);
  }
  return object;
}

/** Attributes as they were decoded, or as JSON. */
type AttributeMap = Readonly<Record<string, unknown>>;

/** The text of an attribute: strings as they are, an array's first string, other scalars as written, else ''. */
export function attributeText(map: AttributeMap, key: string): string {
  const value = map[key];
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value);
    default:
      // Header attributes are arrays by convention: http.request.header.<name>.
      return Array.isArray(value) && typeof value[0] === 'string' ? value[0] : '';
  }
}

/** The text of the first of `keys` that says something, in the record's attributes. */
export function firstAttributeText(map: AttributeMap, keys: readonly string[]): string {
  for (const key of keys) {
    const text = attributeText(map, key);
    if (text !== '') return text;
  }
  return '';
}
