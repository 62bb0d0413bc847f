import type { Activity } from '../../../schema/words.js';
import { isObject, type Json, type JsonObject } from '../json-record.js';
import { type Hidden, looksLikePassword, redactRecord } from '../secrets.js';
import type { Reading } from './activity.js';
import type { People } from './people.js';

const SHOWN = '[redacted]';

/** Events in which a user's name was typed. */
const SIGN_IN: ReadonlySet<Activity> = new Set(['sign_in', 'credential_validation', 'policy']);

/** Tokens of sign-in and recovery flows in the address of a request: `/login/token/redirect?stateToken=00...`. */
const TOKEN_PARAMETER = /([?&;]\w*(?:token|state_?handle|interaction_?handle)=)[^&#\s]+/gi;

/** Whether a text may have one: most end here. */
const MAY_HAVE_TOKEN = /oken=|andle=/i;

/** Fields that hold such a token; ids, types and hashes of tokens are none. */
const TOKEN_FIELD = /(?:token|state_?handle|interaction_?(?:handle|code))$/i;

/**
 * Whether a user name is a password typed into the wrong field. Of a user that Okta does not know, whatever is neither
 * an address nor a plain word may be one, in any event: little is lost with it.
 */
export function isPasswordAsName({ user }: People, { activity, outcome }: Reading): boolean {
  const isRefused = outcome !== 'success' && SIGN_IN.has(activity);
  if (user.id !== '') return isRefused && looksLikePassword(user.name);
  if (user.name.length < 6 || /[@\\]/.test(user.name)) return looksLikePassword(user.name);
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^\w\s.-]/].filter((kind) => kind.test(user.name));
  return kinds.length >= 3 || /[^\w\s.-]/.test(user.name);
}

/** `{New Device=NEGATIVE}` and `{reasons=New IP, level=LOW}`, which look like assignments of secrets and are none. */
const OWN_VALUE = /=(?:NEGATIVE|POSITIVE|UNKNOWN|BAD_REQUEST|LOW|MEDIUM|HIGH)\b/y;
const OWN_NAME = /\breasons=/y;

function isOwnAssignment(text: string, at: number): boolean {
  OWN_VALUE.lastIndex = at;
  OWN_NAME.lastIndex = at - 'reasons'.length;
  return OWN_VALUE.test(text) || OWN_NAME.test(text);
}

/** The record's text without secrets: its own text where it holds none, which spares writing it anew. */
export function textWithoutSecrets(
  received: JsonObject,
  text: string,
  debug: JsonObject,
  hidden: readonly Hidden[],
): string {
  if (!hasTokens(debug)) return redactRecord(received, text, hidden, isOwnAssignment);
  const cleared = withoutTokens(received, 0);
  return isObject(cleared) ? redactRecord(cleared, JSON.stringify(cleared), hidden) : '{}';
}

/** Whether the details of an event hold what opens a session or an account, besides what is recognised everywhere. */
function hasTokens(debug: JsonObject): boolean {
  for (const name of Object.keys(debug)) {
    const value = debug[name];
    if (TOKEN_FIELD.test(name)) return true;
    if (typeof value === 'object' && value !== null) return true;
    if (typeof value === 'string' && value.includes('=') && MAY_HAVE_TOKEN.test(value)) return true;
  }
  return false;
}

/** Deeper fields are left out where secrets are removed from every record. */
const MAX_DEPTH = 64;

function withoutTokens(value: Json, depth: number): Json {
  if (typeof value === 'string') return value.replace(TOKEN_PARAMETER, `$1${SHOWN}`);
  if (depth >= MAX_DEPTH) return null;
  if (Array.isArray(value)) return value.map((item) => withoutTokens(item, depth + 1));
  if (!isObject(value)) return value;
  const copy: JsonObject = {};
  for (const name of Object.keys(value)) {
    const field = value[name] ?? null;
    const isToken = typeof field === 'string' && TOKEN_FIELD.test(name);
    copy[name] = isToken ? SHOWN : withoutTokens(field, depth + 1);
  }
  return copy;
}
