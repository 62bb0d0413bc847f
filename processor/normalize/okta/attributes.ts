import type { LogRecord } from '../../receiver/log-record.js';
import { jsonOf } from '../any-value-json.js';
import { isObject, type JsonObject } from '../json-record.js';
import { isOktaRecord, TOP_FIELDS } from './record.js';

/** Paths are no deeper: `debugContext.debugData.logOnlySecurityData.risk.level`. */
const MAX_PARTS = 8;

/** Whether an attribute is a field of the record: BindPlane's okta receiver repeats some, as `actor.alternateId`. */
export function isFieldOf(record: JsonObject, name: string): boolean {
  let at: JsonObject[string] = record;
  for (const part of name.split('.', MAX_PARTS)) {
    if (!isObject(at) || !Object.hasOwn(at, part)) return false;
    at = at[part];
  }
  return true;
}

function isOktaField(name: string): boolean {
  const dot = name.indexOf('.');
  return TOP_FIELDS.has((dot < 0 ? name : name.slice(0, dot)).toLowerCase().replaceAll('_', ''));
}

/** The event that a log record's attributes hold, flat (`outcome.result`) or as maps; `undefined` if they hold none. */
export function recordFromAttributes({ attributes }: LogRecord): JsonObject | undefined {
  if (attributes['eventType'] === undefined && attributes['eventtype'] === undefined) return undefined;
  const record: JsonObject = {};
  for (const name of Object.keys(attributes)) {
    if (isOktaField(name)) place(record, name.split('.'), jsonOf(attributes[name]));
  }
  return isOktaRecord(record) ? record : undefined;
}

function place(record: JsonObject, path: readonly string[], value: JsonObject[string]): void {
  if (path.length > MAX_PARTS || path.includes('__proto__')) return;
  let at = record;
  for (const part of path.slice(0, -1)) {
    const inner = at[part] ?? {};
    if (!isObject(inner)) return;
    at[part] = inner;
    at = inner;
  }
  const last = path.at(-1) ?? '';
  if (at[last] === undefined) at[last] = value;
}
