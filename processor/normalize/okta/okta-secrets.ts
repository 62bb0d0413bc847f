import { type JsonObject, textIn } from '../json-record.js';
import { type Hidden, looksLikePassword, redactRecord } from '../secrets.js';
import type { People } from './people.js';
import type { OktaRecord } from './record.js';

const SHOWN = '[redacted]';

/** Tokens of sign-in and recovery flows in the address of a request: `/login/token/redirect?stateToken=00...`. */
const TOKEN_PARAMETER = /[?&;]\w*(?:token|state_?handle|interaction_?handle)=([^&#\s]{6,})/gi;

/** Whether a text may have one: most end here. */
const MAY_HAVE_TOKEN = /oken=|andle=/i;

/** Fields of `debugData` that hold such a token; ids, types and hashes of tokens are none. */
const TOKEN_FIELD = /(?:token|state_?handle|interaction_?(?:handle|code))$/i;

const MAX_HIDDEN = 16;

/** What a record holds that opens a session or an account, besides what is recognised in every record. */
export function secretsIn({ debug }: OktaRecord): readonly Hidden[] {
  const hidden: Hidden[] = [];
  for (const name of Object.keys(debug)) {
    const value = textIn(debug, name);
    if (value.length < 6 || hidden.length >= MAX_HIDDEN) continue;
    if (TOKEN_FIELD.test(name)) {
      hidden.push({ secret: value, shown: SHOWN });
    } else if (value.includes('=') && MAY_HAVE_TOKEN.test(value)) {
      for (const [, secret = ''] of value.slice(0, 8192).matchAll(TOKEN_PARAMETER)) {
        hidden.push({ secret, shown: SHOWN });
      }
    }
  }
  return hidden;
}

/**
 * Whether the name that a refused sign-in was tried with is a password. Of a user that Okta does not know, whatever is
 * neither an address nor a plain word may be one: little is lost with it.
 */
export function isPasswordAsName({ user }: People): boolean {
  if (looksLikePassword(user.name)) return true;
  if (user.id !== '' || user.name.length < 6 || /[@\\]/.test(user.name)) return false;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^\w\s.-]/].filter((kind) => kind.test(user.name));
  return kinds.length >= 3 || /[^\w\s.-]/.test(user.name);
}

/** `{New Device=NEGATIVE}` and `{reasons=New IP, level=LOW}`, which look like assignments of secrets and are none. */
const OWN_ASSIGNMENTS = /=(?:NEGATIVE|POSITIVE|UNKNOWN|BAD_REQUEST|LOW|MEDIUM|HIGH)\b|\breasons=/g;

/** The record's text without secrets: its own text where it holds none, which spares writing it anew. */
export function textWithoutSecrets(record: JsonObject, text: string, hidden: readonly Hidden[]): string {
  const judged = text.replace(OWN_ASSIGNMENTS, '');
  const kept = redactRecord(record, judged, hidden);
  return kept === judged ? text : kept;
}
