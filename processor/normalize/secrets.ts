/**
 * Removal of secrets before anything is stored: values of fields that are named like secrets, and tokens that
 * are recognisable wherever they stand. Ids that vendors log themselves (access key ids, Okta session ids) are none.
 */
import type { AnyValueMap } from '../receiver/log-record.js';
import { jsonOf } from './any-value-json.js';
import { isObject, type Json, type JsonObject } from './json-record.js';
import { isHarmless, isNamedField, isNamingField, isSecretFlag, isSecretName } from './secret-names.js';
import {
  type IsOwnAssignment,
  mayHoldSecret,
  REDACTED,
  recordMayHoldSecret,
  withoutSecrets,
} from './secret-texts.js';

export { isSecretName } from './secret-names.js';

const TOO_DEEP = '[too deep]';
const MAX_DEPTH = 64;
const MAX_FAILURE_TEXT = 65_536;
/** Longer texts are not read as JSON on the way. */
const MAX_JSON_TEXT = 1_048_576;

/** A value that must not be stored, and what is stored in its place. */
export interface Hidden {
  readonly secret: string;
  readonly shown: string;
}

/** Shorter ids are parts of other words, and hidden only where they stand alone; the shortest only as a whole value. */
const ALWAYS_HIDDEN = 8;
const HIDDEN_ALONE = 4;

function hide(text: string, { secret, shown }: Hidden): string {
  if (text === secret) return shown;
  // Most texts are shorter than an id, and looking costs a call into the engine.
  if (text.length < secret.length || secret.length < HIDDEN_ALONE || !text.includes(secret)) return text;
  if (secret.length >= ALWAYS_HIDDEN) return text.replaceAll(secret, () => shown);
  const isPartOfWord = (at: number): boolean => /[A-Za-z0-9]/.test(text.charAt(at));
  return text.replaceAll(secret, (found, at: number) =>
    isPartOfWord(at - 1) || isPartOfWord(at + found.length) ? found : shown,
  );
}

function hideAll(text: string, hidden: readonly Hidden[]): string {
  for (const each of hidden) text = hide(text, each);
  return text;
}

/** `text` without tokens that are recognisable by their form or name, and without what is to be hidden. */
export function redactText(text: string, hidden: readonly Hidden[] = [], depth = 0): string {
  text = hideAll(text, hidden);
  if (!mayHoldSecret(text)) return text;
  const record = jsonIn(text);
  if (record === undefined) return withoutSecrets(text);
  const redacted = JSON.stringify(redactJson(record, hidden, depth + 1));
  return redacted === JSON.stringify(record) ? text : redacted;
}

/** What a text holds that is JSON in JSON: its names tell more than its form. */
function jsonIn(text: string): Json[] | JsonObject | undefined {
  if (!/^\s*[{[]/.test(text) || text.length > MAX_JSON_TEXT) return undefined;
  try {
    return JSON.parse(text) as Json[] | JsonObject;
  } catch {
    return undefined;
  }
}

/** `value` without secrets, itself where it holds none. What is nested deeper than 64 levels is left out. */
export function redactJson(value: Json, hidden: readonly Hidden[] = [], depth = 0): Json {
  if (typeof value === 'string') return depth < MAX_DEPTH ? redactText(value, hidden, depth) : TOO_DEEP;
  if (typeof value === 'number') return hidden.find(({ secret }) => secret === String(value))?.shown ?? value;
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return TOO_DEEP;
  if (Array.isArray(value)) {
    return value.map((item, i) =>
      isArgumentOf(value[i - 1], item) ? REDACTED : redactJson(item, hidden, depth + 1),
    );
  }
  return redactObject(value, hidden, depth);
}

function redactObject(object: JsonObject, hidden: readonly Hidden[], depth: number): JsonObject {
  const named = namesSecret(object);
  let redacted = object;
  let hidesNames = false;
  for (const name in object) {
    const field = object[name] ?? null;
    const shown = isSecretField(name, field, named) ? REDACTED : redactJson(field, hidden, depth + 1);
    hidesNames ||= hideAll(name, hidden) !== name;
    if (shown === object[name]) continue;
    if (redacted === object) redacted = { ...object };
    redacted[name] = shown;
  }
  if (!hidesNames) return redacted;
  return Object.fromEntries(Object.entries(redacted).map(([name, field]) => [hideAll(name, hidden), field]));
}

/** Whether an item of a command line is what the one before it announces: `--password`, then the password. */
function isArgumentOf(before: Json | undefined, item: Json): boolean {
  return (
    typeof item === 'string' && typeof before === 'string' && !item.startsWith('-') && isSecretFlag(before)
  );
}

/** Whether an object says that the value beside is a secret: `{"key": "password", "value": "..."}`. */
function namesSecret(object: JsonObject): boolean {
  for (const field in object) {
    if (!isNamingField(field)) continue;
    const name = object[field];
    if (typeof name === 'string' && isSecretName(name)) return true;
  }
  return false;
}

function isSecretField(name: string, field: Json, named: boolean): boolean {
  if (field === null || typeof field === 'boolean') return false;
  if (isSecretName(name)) return true;
  return named && isNamedField(name) && !(typeof field === 'string' && isHarmless(field));
}

function hasSecretName(value: Json, depth: number): boolean {
  if (Array.isArray(value)) return value.some((item) => hasSecretName(item, depth + 1));
  if (!isObject(value)) return false;
  if (depth >= MAX_DEPTH) return true;
  for (const name in value) {
    const field = value[name] ?? null;
    if (field === null) continue;
    if (isSecretName(name)) return true;
    if (typeof field === 'object') {
      if (hasSecretName(field, depth + 1)) return true;
    } else if (typeof field === 'string' && isNamingField(name) && isSecretName(field)) return true;
  }
  return false;
}

/**
 * The JSON text of a vendor's record without secrets: its own text where that holds none. `isOwnAssignment` is of
 * vendors that write what looks like `name=secret` and is none.
 */
export function redactRecord(
  record: JsonObject,
  text: string,
  hidden: readonly Hidden[] = [],
  isOwnAssignment?: IsOwnAssignment,
): string {
  const isClear =
    hidden.length === 0 && !recordMayHoldSecret(text, isOwnAssignment) && !hasSecretName(record, 0);
  return isClear ? text : JSON.stringify(redactJson(record, hidden));
}

/** Text that could not be parsed, for a dead letter: cut to 64 KiB, without what looks like a secret. */
export function redactUnparsed(text: string): string {
  // Whole where it can be read: what is cut off has no end, and names would be lost that tell of secrets.
  return redactText(text.slice(0, MAX_JSON_TEXT)).slice(0, MAX_FAILURE_TEXT);
}

/** Attributes as stored: text without secrets, structures as JSON. Those that `isKept` refuses are left out. */
export function attributeTexts(
  attributes: AnyValueMap,
  hidden: readonly Hidden[] = [],
  isKept?: (name: string) => boolean,
): Record<string, string> {
  return textsOf(redactJson(jsonOf(attributes), hidden) as JsonObject, isKept);
}

/** The fields of an object, each as text: what is no text as JSON. Empty fields are left out. */
export function textsOf(object: JsonObject, isKept?: (name: string) => boolean): Record<string, string> {
  const texts = { ...object } as Record<string, string>;
  for (const name in object) {
    const value = object[name] ?? null;
    if (value === null || isKept?.(name) === false) delete texts[name];
    else if (typeof value !== 'string') texts[name] = JSON.stringify(value);
  }
  return texts;
}

/**
 * Whether a name that nobody could sign in with is a password typed into the wrong field: eight characters or more
 * with both cases, a digit and a sign that names do not have. A mail address or DOMAIN\name is a name.
 */
export function looksLikePassword(name: string): boolean {
  if (name.length < 8 || name.length > 128 || name.includes('\\')) return false;
  if (/^[^@]+@[\w-]+(?:\.[\w-]+)+$/.test(name)) return false;
  return /[a-z]/.test(name) && /[A-Z]/.test(name) && /\d/.test(name) && /[^\w\s.-]/.test(name);
}
