/**
 * Removal of secrets before anything is stored: values of fields that are named like secrets, and tokens that
 * are recognisable wherever they stand. Ids that vendors log themselves (access key ids, Okta session ids) are none.
 */
import type { AnyValueMap } from '../receiver/log-record.js';
import { jsonOf } from './any-value-json.js';
import { isObject, type Json, type JsonObject } from './json-record.js';

const REDACTED = '[redacted]';
const TOO_DEEP = '[too deep]';
const MAX_DEPTH = 64;
const MAX_FAILURE_TEXT = 65_536;

/** A value that must not be stored, and what is stored in its place. */
export interface Hidden {
  readonly secret: string;
  readonly shown: string;
}

/** Field names, without case and punctuation, whose values are secrets. Suffixes, so `db.user.password` counts. */
const SECRET_NAME = new RegExp(
  `(?:${[
    'password|passwd|passphrase|passcode|secret|secretkey|secretaccesskey|clientsecret|secretstring|secretbinary',
    'privatekey|apikey|sharedkey|accountkey|cookie|cookies|authorization|samlassertion|samlresponse|assertion',
    'accesstoken|refreshtoken|idtoken|sessiontoken|securitytoken|signintoken|authtoken|bearertoken|csrftoken',
    'xsrftoken|webidentitytoken|devicecode|codeverifier|tokencode|mfacode|totpcode|otpcode|recoverycode|jwt',
  ].join('|')})$|^(?:pwd|otp|token|totp|xamzsignature|xvaulttoken|xauthtoken)$`,
);

/** Something in a sentence or URL that may be a secret, by name or by form: most texts end here. */
const MAY_HOLD_SECRET = new RegExp(
  [
    'token|passw|passphrase|passcode|pwd|secret|cookie|bearer|basic |negotiate|digest |saml|api.?key|signature|csrf',
    'eyJ|IQoJb3JpZ2lu|F[wQ]oGZXIvYXdz|AQoDYXdz|PHNhbWx|PD94bWwg|(?:^|[?&;\\s"\',])(?:sid|sig|code|session|auth)|sess',
  ].join('|'),
  'i',
);

/** The same over a vendor's whole record, whose field names are judged apart: a third of the cost. */
const FORMS = /eyJ|IQoJ|F[wQ]oGZ|AQoDY|PHNhb|PD94b|earer |asic |egotiate |ookie:|[A-Za-z]=\w/;

const SCHEMES = /\b(bearer|basic|negotiate|digest)\s+(?!\[redacted\])[\w.~+/=:%-]{6,}/gi;
// Begins only where a run of its characters does, or a hostile text of many beginnings would take quadratic time.
const WEB_TOKEN = /(?<![\w-])eyJ[\w-]{6,}\.[\w-]{6,}(?:\.[\w-]*)*/g;
const AWS_SESSION_TOKEN = /\b(?:IQoJb3JpZ2lu|F[wQ]oGZXIvYXdz|AQoDYXdz)[\w+/=%-]{16,}/g;
const SAML_MESSAGE = /\b(?:PHNhbWx|PD94bWwg)[\w+/=%-]{24,}/g;
const COOKIE_HEADER = /\b((?:set-)?cookie)\s*:\s*[^\r\n"]+/gi;
const ASSIGNED =
  /(^|[?&;\s"'{,])((?:x-amz-(?:signature|security-token|credential)|signature|sig|signintoken|samlresponse|(?:access|refresh|id|session|security|auth|csrf|state|recovery|activation|one[_-]?time)[_-]?token|token|client[_-]?secret|secret(?:accesskey)?|passw(?:or)?d|passphrase|pwd|api[_-]?key|code|sid|(?:j|php)?sess(?:ion)?(?:[_-]?id)?|auth)["']?\s*[=:]\s*["']?)(?!\[redacted\])[^&\s"'#;,}]+/gi;

const knownNames = new Map<string, boolean>();
const MAX_KNOWN_NAMES = 4096;

/** Whether a field's value is a secret by the field's name: `http.request.header.cookie`, `secretAccessKey`. */
export function isSecretName(name: string): boolean {
  const known = knownNames.get(name);
  if (known !== undefined) return known;
  const last = name.slice(name.lastIndexOf('.') + 1, name.lastIndexOf('.') + 129);
  const secret = SECRET_NAME.test(last.toLowerCase().replace(/[^a-z0-9]/g, ''));
  if (name.length <= 128) {
    if (knownNames.size >= MAX_KNOWN_NAMES) knownNames.clear();
    knownNames.set(name, secret);
  }
  return secret;
}

/** Shorter ids are parts of other words, and hidden only where they stand alone; the shortest only as a whole value. */
const ALWAYS_HIDDEN = 8;
const HIDDEN_ALONE = 4;

function hide(text: string, { secret, shown }: Hidden): string {
  if (text === secret) return shown;
  if (secret.length < HIDDEN_ALONE || !text.includes(secret)) return text;
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

/** `text` without tokens that are recognisable by their form, and without what is to be hidden. */
export function redactText(text: string, hidden: readonly Hidden[] = []): string {
  text = hideAll(text, hidden);
  if (text.length < 8 || !MAY_HOLD_SECRET.test(text)) return text;
  return text
    .replace(COOKIE_HEADER, `$1: ${REDACTED}`)
    .replace(SCHEMES, `$1 ${REDACTED}`)
    .replace(WEB_TOKEN, REDACTED)
    .replace(AWS_SESSION_TOKEN, REDACTED)
    .replace(SAML_MESSAGE, REDACTED)
    .replace(ASSIGNED, `$1$2${REDACTED}`);
}

/** A copy of `value` without secrets. What is nested deeper than 64 levels is left out. */
export function redactJson(value: Json, hidden: readonly Hidden[] = [], depth = 0): Json {
  if (typeof value === 'string') return redactText(value, hidden);
  if (typeof value === 'number') return hidden.find(({ secret }) => secret === String(value))?.shown ?? value;
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return TOO_DEEP;
  if (Array.isArray(value)) return value.map((item) => redactJson(item, hidden, depth + 1));
  const copy: JsonObject = {};
  for (const name of Object.keys(value)) {
    const field = value[name] ?? null;
    copy[hideAll(name, hidden)] =
      field !== null && typeof field !== 'boolean' && isSecretName(name)
        ? REDACTED
        : redactJson(field, hidden, depth + 1);
  }
  return copy;
}

function hasSecretName(value: Json, depth: number): boolean {
  if (Array.isArray(value)) return value.some((item) => hasSecretName(item, depth + 1));
  if (!isObject(value)) return false;
  if (depth >= MAX_DEPTH) return true;
  for (const name in value) {
    const field = value[name] ?? null;
    if (field === null) continue;
    if (isSecretName(name) || (typeof field === 'object' && hasSecretName(field, depth + 1))) return true;
  }
  return false;
}

/** The JSON text of a vendor's record without secrets: its own text where that holds none. */
export function redactRecord(record: JsonObject, text: string, hidden: readonly Hidden[] = []): string {
  if (hidden.length === 0 && !FORMS.test(text) && !hasSecretName(record, 0)) return text;
  return JSON.stringify(redactJson(record, hidden));
}

/** Text that could not be parsed, for a dead letter: cut to 64 KiB, without what looks like a secret. */
export function redactUnparsed(text: string): string {
  return redactText(text.slice(0, MAX_FAILURE_TEXT));
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
export function textsOf(
  object: JsonObject,
  isKept: (name: string) => boolean = () => true,
): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const name of Object.keys(object)) {
    const value = object[name];
    if (value === null || !isKept(name)) continue;
    texts[name] = typeof value === 'string' ? value : JSON.stringify(value);
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
