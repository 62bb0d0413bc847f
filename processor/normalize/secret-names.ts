/** Field names, without case and punctuation, whose values are secrets. Suffixes, so `db.user.password` counts. */
const SECRET_NAME = new RegExp(
  `(?:${[
    'password|passwd|passphrase|passcode|secret|secretkey|secretaccesskey|clientsecret|secretstring|secretbinary',
    'privatekey|apikey|sharedkey|accountkey|cookie|cookies|authorization|samlassertion|samlresponse|assertion',
    'accesstoken|refreshtoken|idtoken|sessiontoken|securitytoken|signintoken|authtoken|bearertoken|csrftoken',
    'xsrftoken|statetoken|recoverytoken|activationtoken|onetimetoken|webidentitytoken|devicecode|codeverifier|tokencode|mfacode|totpcode|otpcode|recoverycode|jwt',
  ].join('|')})$|^(?:pwd|otp|token|totp|xamzsignature|xvaulttoken|xauthtoken)$`,
);

/** Fields that name what stands beside them: `{"key": "password", "value": "..."}`. */
const NAMING_FIELDS: ReadonlySet<string> = new Set(['key', 'Key', 'name', 'Name', 'displayName', 'header']);
const NAMED_FIELD = /values?$/i;

/** Values that say nothing: they are kept, since it often matters that a secret was set. */
const HARMLESS = /^"?(?:true|false|null|none|\d{0,3})?"?$|^\[\]$|^\{\}$/i;

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

/** Whether a field names what stands beside it. */
export function isNamingField(field: string): boolean {
  return NAMING_FIELDS.has(field);
}

/** Whether a field holds what another one names: `value`, `newValue`, `stringValue`. */
export function isNamedField(field: string): boolean {
  return NAMED_FIELD.test(field);
}

/** Whether a text is too common to be a secret. */
export function isHarmless(text: string): boolean {
  return HARMLESS.test(text);
}

/** Whether an argument of a command says that the next one is a secret: `--password`. */
export function isSecretFlag(argument: string): boolean {
  return /^--?[a-z]/i.test(argument) && isSecretName(argument);
}
