/**
 * Reading of fields as Entra ID writes them: "nothing" has many spellings (empty texts, all-zero ids, `<null>`,
 * `none`), and structures arrive as JSON text from collectors that flatten records.
 */
import { isObject, type Json, type JsonObject, textIn } from '../json-record.js';

const NOTHING: readonly JsonObject[] = [];
const EMPTY: JsonObject = Object.freeze({});

/** The most that is read of any list: real ones have a dozen entries. */
const LONGEST_LIST = 64;

/** How Entra writes that there is none. */
const ABSENT = /^(?:|<?null>?|none|unknown|n\/a|not available|hidden|unknownfuturevalue|[0.:-]+)$/i;
/** An all-zero id as tokens name themselves, in base64. */
const ZERO_TOKEN = /^A{22}(?:==)?$/;

/** `text` without spaces around it, or '' if it only says that there is nothing: `<null>`, an all-zero id, `0.0.0.0`. */
function cleaned(text: string): string {
  const trimmed = text.trim();
  // Longer texts are none of those, and the pattern need not see them.
  return trimmed.length <= 40 && (ABSENT.test(trimmed) || ZERO_TOKEN.test(trimmed)) ? '' : trimmed;
}

/** The first of `fields` that says something. */
export function valueIn(record: JsonObject, ...fields: readonly string[]): string {
  for (const field of fields) {
    const text = cleaned(textIn(record, field));
    if (text !== '') return text;
  }
  return '';
}

/** Whether a field says no, as JSON or as text; what it leaves out it does not deny. */
export function isFalseIn(record: JsonObject, field: string): boolean {
  const value = record[field];
  return value === false || (typeof value === 'string' && value.toLowerCase() === 'false');
}

/** The object in a field, as such or as JSON text; an empty one if it is neither. */
export function structureIn(record: JsonObject, field: string): JsonObject {
  const value = structured(record[field]);
  return isObject(value) ? value : EMPTY;
}

/** The objects of the list in a field, as such or as JSON text. */
export function objectsIn(record: JsonObject, field: string): readonly JsonObject[] {
  const value = structured(record[field]);
  return Array.isArray(value) ? value.slice(0, LONGEST_LIST).filter(isObject) : NOTHING;
}

/** The texts of the list in a field; a single text is a list of one. */
export function textsIn(record: JsonObject, field: string): readonly string[] {
  const value = structured(record[field]);
  const list = Array.isArray(value) ? value.slice(0, LONGEST_LIST) : [value];
  return list.filter((item) => typeof item === 'string').flatMap((item) => cleaned(item) || []);
}

function structured(value: Json | undefined): Json | undefined {
  if (typeof value !== 'string') return value;
  const start = value.charAt(0);
  if (start !== '{' && start !== '[') return value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return value;
  }
}

/** The value of a pair in a list of `{key, value}`, such as `additionalDetails`. */
export function valueOfPair(pairs: readonly JsonObject[], name: string): string {
  for (const pair of pairs) {
    if (valueIn(pair, 'key', 'Key').toLowerCase() === name) return valueIn(pair, 'value', 'Value');
  }
  return '';
}
