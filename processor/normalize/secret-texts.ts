import { isHarmless, isNamedField, isNamingField, isSecretName } from './secret-names.js';

export const REDACTED = '[redacted]';

/** Something in a sentence or URL that may be a secret, by name or by form: most texts end here. */
const MAY_HOLD_SECRET = new RegExp(
  [
    'token|passw|passphrase|passcode|pwd|secret|cookie|bearer|basic |negotiate|digest |saml|signature|csrf|xsrf',
    '(?:api|private|shared|account).?key|(?:device|mfa|totp|otp|recovery).?code|verifier|assertion|authoriz|jwt|otp',
    'eyJ|IQoJb3JpZ2lu|F[wQ]oGZXIvYXdz|AQoDYXdz|PHNhbWx|PD94bWwg|(?:^|[?&;\\s"\',])(?:sid|sig|code|session|auth)|sess',
    '://[^\\s/@:]*:[^\\s/@]+@',
  ].join('|'),
  'i',
);

/**
 * The same over a vendor's whole record, whose field names are judged apart. Expressions of few and short
 * alternatives let the engine skip most of a text: all in one would take twice as long.
 */
const TOKEN_STARTS = /eyJ|IQoJ|FwoG|FQoG|AQoD|PHNh|PD94/;
const SCHEME_NAMES = /earer |asic |egotiate |igest |ookie:/;
const COLON_FORM = /\w:\s|:\/\/[^\s/@:"]*:[^\s/@"]+@/;
const NAMED_FORM = /(?:assw|ecret|oken|ey|ode|orization)\w{0,8}:\s/;
const URL_FORM = /:\/\/[^\s/@:"]*:[^\s/@"]+@/;
const FLAG_FORM = /--[a-z]/;
const ASSIGNMENT = /[A-Za-z]=\w/y;

const SCHEMES = /\b(bearer|basic|negotiate|digest)\s+(?!\[redacted\])[\w.~+/=:%-]{6,}/gi;
const DIGEST = /\bdigest\s+\w+=[^\r\n]*/gi;
// In any case: keys of users are in lower case. Begins only where a run of its characters does, or a hostile text of many beginnings would take quadratic time.
const WEB_TOKEN = /(?<![\w-])eyJ[\w-]{6,}\.[\w-]{6,}(?:\.[\w-]*)*/gi;
const AWS_SESSION_TOKEN = /\b(?:IQoJb3JpZ2lu|F[wQ]oGZXIvYXdz|AQoDYXdz)[\w+/=%-]{16,}/gi;
const SAML_MESSAGE = /\b(?:PHNhbWx|PD94bWwg)[\w+/=%-]{24,}/gi;
const COOKIE_HEADER = /\b((?:set-)?cookie)\s*:\s*[^\r\n"]+/gi;
const ASSIGNED =
  /(^|[?&;\s"'{,])((?:x-amz-(?:signature|security-token|credential)|signature|sig|signintoken|samlresponse|(?:access|refresh|id|session|security|auth|csrf|state|recovery|activation|one[_-]?time)[_-]?token|token|client[_-]?secret|secret(?:accesskey)?|passw(?:or)?d|passphrase|pwd|api[_-]?key|code|sid|(?:j|php)?sess(?:ion)?(?:[_-]?id)?|auth)["']?\s*[=:]\s*["']?)(?!\[redacted\])[^&\s"'#;,}]+/gi;
const URL_PASSWORD = /(:\/\/[^\s/@:]{0,256}):[^\s/@]+@/g;
/** `--password x`, also where the words of a command are a list. */
const FLAG =
  /(?<![\w-])(--?)([a-z][\w-]{1,63})(\s+|\\*["']\s*,\s*\\*["'])(?![-\s])("[^"]*"|'[^']*'|[^\s"'\\]+)/gi;

/** A name and what assigns to it, with the quotes that may close the name, escaped any number of times. */
const NAME = /(?<![\w.])([A-Za-z][\w.-]{0,127})(\\*["']?)\s*([:=])\s*/g;
/** What a header's value goes on to, quotes or the end of the line. */
const HEADER = /^(?:(?:proxy-)?authorization|(?:set-)?cookie)$/i;
const HEADER_END = /[\r\n"'\\]|$/g;
const VALUE_END = /[&\s"'#;,}\])\\<>]|$/g;

/** Whether a text may hold a secret; if not, nothing else need be looked for in it. */
export function mayHoldSecret(text: string): boolean {
  return text.length >= 8 && MAY_HOLD_SECRET.test(text);
}

/**
 * The same for the JSON text of a whole record, but for what its field names tell. `isOwnAssignment` tells of the `=`
 * at a place whether the vendor itself writes it, in `{New Device=NEGATIVE}` for instance.
 */
export function recordMayHoldSecret(text: string, isOwnAssignment?: IsOwnAssignment): boolean {
  return (
    text.includes('\\"') ||
    holdsAssignment(text, isOwnAssignment) ||
    TOKEN_STARTS.test(text) ||
    SCHEME_NAMES.test(text) ||
    (text.includes('--') && FLAG_FORM.test(text)) ||
    (COLON_FORM.test(text) && (NAMED_FORM.test(text) || URL_FORM.test(text)))
  );
}

/** Whether the `=` at a place of a text is the vendor's own. */
export type IsOwnAssignment = (text: string, at: number) => boolean;

function holdsAssignment(text: string, isOwn: IsOwnAssignment | undefined): boolean {
  for (let at = text.indexOf('='); at !== -1; at = text.indexOf('=', at + 1)) {
    ASSIGNMENT.lastIndex = at - 1;
    if (ASSIGNMENT.test(text) && isOwn?.(text, at) !== true) return true;
  }
  return false;
}

/** A text without what is a secret by the name before it or by its form. */
export function withoutSecrets(text: string): string {
  return withoutNamedSecrets(text.replace(DIGEST, `Digest ${REDACTED}`))
    .replace(COOKIE_HEADER, `$1: ${REDACTED}`)
    .replace(SCHEMES, `$1 ${REDACTED}`)
    .replace(WEB_TOKEN, REDACTED)
    .replace(AWS_SESSION_TOKEN, REDACTED)
    .replace(SAML_MESSAGE, REDACTED)
    .replace(ASSIGNED, `$1$2${REDACTED}`)
    .replace(URL_PASSWORD, `$1:${REDACTED}@`)
    .replace(FLAG, (found: string, dashes: string, name: string, space: string) =>
      isSecretName(name) ? `${dashes}${name}${space}${REDACTED}` : found,
    );
}

/** Reads the text once from left to right: JSON that was cut off or escaped, headers, assignments. */
function withoutNamedSecrets(text: string): string {
  const pieces: string[] = [];
  let done = 0;
  let named = false;
  NAME.lastIndex = 0;
  for (let match = NAME.exec(text); match !== null; match = NAME.exec(text)) {
    const [, name = '', , assigns] = match;
    const from = NAME.lastIndex;
    const isSecret = isSecretName(name) || (named && isNamedField(name));
    if (!isSecret && !isNamingField(name)) continue;
    const { start, end } = valueAt(text, from, assigns === ':' && HEADER.test(name));
    const value = text.slice(start, end);
    if (!isSecret) {
      named = isSecretName(value);
      continue;
    }
    if (isHarmless(value) || value.startsWith(REDACTED)) continue;
    pieces.push(text.slice(done, start), REDACTED);
    done = end;
    NAME.lastIndex = end;
  }
  return done === 0 ? text : pieces.join('') + text.slice(done);
}

/** Where the value that begins at `from` lies, without its quotes. */
function valueAt(text: string, from: number, isHeader: boolean): { start: number; end: number } {
  let start = from;
  while (text[start] === '\\') start += 1;
  const first = text[start];
  if (first === '"' || first === "'") {
    return { start: start + 1, end: closingQuote(text, start + 1, first, start - from) };
  }
  if (first === '[' || first === '{') return { start, end: closingBracket(text, start) };
  const ending = isHeader ? HEADER_END : VALUE_END;
  ending.lastIndex = from;
  return { start: from, end: ending.exec(text)?.index ?? text.length };
}

/** The place of the quote that is escaped as often as the opening one, with its escapes; or the text's end. */
function closingQuote(text: string, from: number, quote: string, escapes: number): number {
  for (let at = text.indexOf(quote, from); at !== -1; at = text.indexOf(quote, at + 1)) {
    let before = at;
    while (before > from && text[before - 1] === '\\') before -= 1;
    if (at - before <= escapes) return before;
  }
  return text.length;
}

function closingBracket(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth -= 1;
    if (depth === 0) return at + 1;
  }
  return text.length;
}
