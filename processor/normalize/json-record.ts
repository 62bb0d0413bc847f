/** JSON as a sender wrote it: any field may be missing or of another type than its vendor documents. */
export type Json = string | number | boolean | null | Json[] | JsonObject;

export interface JsonObject {
  [field: string]: Json | undefined;
}

/** What AWS writes in place of a value that may be a secret, such as a password typed as a user name. */
const HIDDEN = 'HIDDEN_DUE_TO_SECURITY_REASONS';

const EMPTY: JsonObject = Object.freeze({});

/** Whether a value is a JSON object: no list, no bytes, not null. */
export function isObject(value: unknown): value is JsonObject {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  );
}

/** The text of a field; numbers as written. '' if it is absent, hidden by its vendor or neither text nor number. */
export function textIn(record: JsonObject, field: string): string {
  const value = record[field];
  if (typeof value === 'string') return value === HIDDEN ? '' : value;
  return typeof value === 'number' ? String(value) : '';
}

/** The object in a field, or an empty one. */
export function objectIn(record: JsonObject, field: string): JsonObject {
  const value = record[field];
  return isObject(value) ? value : EMPTY;
}

/** True if the field says so, as JSON or as text: vendors write both. */
export function isTrueIn(record: JsonObject, field: string): boolean {
  const value = record[field];
  return value === true || value === 'true' || value === 'True';
}
