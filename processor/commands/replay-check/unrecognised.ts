import type { LogRecord } from '../../receiver/log-record.js';

const MOST_FIELDS = 6;
const LONGEST_FIELD = 40;

/** Why a log record is taken to be no record about identity: what it is instead, in a few words. */
export function whyUnrecognised({ body, attributes }: LogRecord): string {
  const value = body instanceof Uint8Array ? Buffer.from(body).toString('utf8') : body;
  if (typeof value === 'string' && value.trim() !== '') return ofText(value);
  if (Array.isArray(value)) return ofList(value);
  if (typeof value === 'object') return ofFields('a map', value);
  if (value !== undefined && value !== '') return `a ${typeof value}`;
  return Object.keys(attributes).length === 0
    ? 'an empty record'
    : ofFields('attributes without a session or a user', attributes);
}

function ofText(text: string): string {
  if (!/^\s*[[{]/.test(text)) return 'a text that is not JSON, without a session or a user';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'a text that begins like JSON and is none';
  }
  return Array.isArray(value) ? ofList(value) : ofFields('JSON', value as object);
}

function ofList([first]: readonly unknown[]): string {
  return typeof first === 'object' && first !== null ? ofFields('a list of JSON', first) : 'a list';
}

function ofFields(what: string, value: object): string {
  const names = Object.keys(value).sort();
  const shown = names.slice(0, MOST_FIELDS).map((name) => name.slice(0, LONGEST_FIELD));
  const more = names.length > MOST_FIELDS ? ', ...' : '';
  return names.length === 0
    ? `${what}, empty`
    : `${what}, of no log that is known (${shown.join(', ')}${more})`;
}
