import type { Outcome } from '../../../schema/words.js';
import type { JsonObject } from '../json-record.js';
import { structureIn, valueIn } from './fields.js';

/** What an error code of a sign-in means for who waits for what. */
export type Meaning =
  | 'success'
  /** The user is asked for a second factor, or to register one. */
  | 'mfa-challenge'
  /** The second factor was refused or not given. */
  | 'mfa-failure'
  /** The user is asked something else, such as whether to stay signed in: an expected part of the flow. */
  | 'interrupt'
  /** The token or cookie that was presented has expired or was revoked. */
  | 'stale-token'
  /** The name or the password is wrong, or the account is locked. */
  | 'wrong-credential'
  | 'failure'
  /** The record does not say. */
  | 'unknown';

/**
 * Sources: Microsoft Entra authentication and authorization error codes (AADSTS), and the workbook "Sign-ins" of
 * Entra ID, which lists the codes of sign-ins that wait for their user.
 */
const CODES: readonly (readonly [meaning: Meaning, codes: readonly number[]])[] = [
  ['success', [0]],
  ['mfa-challenge', [50072, 50074, 50076, 50078, 50079, 50158]],
  ['mfa-failure', [50088, 500121]],
  [
    'interrupt',
    [
      ...[16000, 16001, 16002, 16003, 50055, 50058, 50059, 50097, 50125, 50127, 50129, 50140, 50143, 50144],
      ...[50168, 50180, 50199, 51006, 52004, 65001, 70016, 70043, 70044, 81010, 81012, 81014, 9002341],
    ],
  ],
  ['stale-token', [50013, 50089, 50132, 50133, 50173, 54005, 70000, 70008, 500133, 700082, 700084]],
  ['wrong-credential', [50034, 50053, 50056, 50064, 50126, 80012]],
];
const MEANINGS = new Map(CODES.flatMap(([meaning, codes]) => codes.map((code) => [code, meaning] as const)));

/** How a sign-in ended: `status.errorCode`, else the envelope's `resultType`, which is a code or a word. */
export function meaningOf(properties: JsonObject, envelope: JsonObject): Meaning {
  const code = codeIn(structureIn(properties, 'status'), 'errorCode') || codeIn(envelope, 'resultType');
  if (/^\d+$/.test(code)) return MEANINGS.get(Number(code)) ?? 'failure';
  const word = (code || valueIn(envelope, 'resultSignature')).toLowerCase();
  if (word === 'success') return 'success';
  if (word === 'interrupted') return 'interrupt';
  return /^(?:fail|error|denied)/.test(word) ? 'failure' : 'unknown';
}

/** How a record with that meaning went, where nothing but its code tells. */
export function outcomeOf(meaning: Meaning): Outcome {
  if (meaning === 'success' || meaning === 'unknown') return meaning;
  return meaning === 'interrupt' || meaning === 'mfa-challenge' ? 'challenge' : 'failure';
}

/** Zero is a code, though elsewhere it says that there is nothing. */
function codeIn(record: JsonObject, field: string): string {
  const value = record[field];
  return value === 0 || value === '0' ? '0' : valueIn(record, field);
}
