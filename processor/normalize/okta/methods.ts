import { gradeNumber } from '../../../schema/event.js';
import type { EvidenceGrade } from '../../../schema/words.js';
import { type JsonObject, objectIn, textIn } from '../json-record.js';
import { parseTimestamp } from '../timestamps.js';
import { known, type OktaRecord, typeOf } from './record.js';

/** What an event proves, and by which methods (RFC 8176, and `push`). */
export interface Proof {
  readonly evidence: EvidenceGrade;
  readonly amr: readonly string[];
}

type Method = readonly [pattern: RegExp, grade: EvidenceGrade, amr: string];

/**
 * Authenticators as Okta names them in `factor`, `methodTypeUsed`, `authenticatorKey` and `credentialType`:
 * OKTA_VERIFY_PUSH, "Get a push notification", okta_verify:push. First match wins.
 */
const METHODS: readonly Method[] = [
  // A second thing that somebody knows is no second factor, but something was checked.
  [/question/i, 'credential', 'kba'],
  [/temporary.?access.?code|^tac\b|bypass/i, 'bypassed', ''],
  [/password|^pwd$/i, 'credential', 'pwd'],
  // SIGNED_NONCE is Okta FastPass.
  [/signed.?nonce|fastpass/i, 'phishing_resistant', 'pop'],
  [/webauthn|fido|u2f|passkey|security.?key|windows.?hello/i, 'phishing_resistant', 'pop'],
  [/smart.?card|x509|\bpiv\b|certificate/i, 'phishing_resistant', 'sc'],
  [/claims.?provider|assertion|jwt|oauth|(?:^|_)idp|iwa|kerberos|client_session/i, 'inherited', ''],
  [/push/i, 'mfa', 'push'],
  [/sms/i, 'mfa', 'sms'],
  [/call|voice|phone/i, 'mfa', 'tel'],
  [/duo/i, 'mfa', 'duo'],
  [/otp|token|google|symantec|rsa|yubikey|e-?mail|enter a code/i, 'mfa', 'otp'],
];

/** A factor that is not among them is one all the same: the event says that it is. */
const OTHER_FACTOR: Method = [/./, 'mfa', 'mfa'];

/** A method that was verified this much earlier was not asked for again. */
const FRESH = 5n * 60n * 1_000_000_000n;

interface UsedMethod {
  readonly name: string;
  /** PHISHING_RESISTANT, USER_VERIFYING, HARDWARE_PROTECTED and so on; '' where the record lists none. */
  readonly properties: string;
  readonly isFresh: boolean;
}

/** What the methods on a record prove; `undefined` if it names none. */
export function proofOfMethods(record: OktaRecord): Proof | undefined {
  const used = methodsOf(record);
  if (used.length === 0) return undefined;
  const fresh = used.filter(({ isFresh }) => isFresh);
  if (fresh.length === 0) return { evidence: 'inherited', amr: [] };
  let evidence: EvidenceGrade = 'none';
  const amr = new Set<string>();
  for (const method of fresh) {
    const proof = proofOf(method, record);
    if (gradeNumber(proof.evidence) > gradeNumber(evidence)) evidence = proof.evidence;
    for (const word of proof.amr) amr.add(word);
  }
  return { evidence, amr: [...amr] };
}

function proofOf({ name, properties }: UsedMethod, record: OktaRecord): Proof {
  const [, usual, word] = METHODS.find(([pattern]) => pattern.test(name)) ?? OTHER_FACTOR;
  let evidence = usual;
  if (/phishing_resistant/i.test(properties) && gradeNumber(usual) >= gradeNumber('credential')) {
    evidence = 'phishing_resistant';
  } else if (properties !== '' && /signed.?nonce|fastpass/i.test(name)) {
    // FastPass without its probe of the origin can be relayed.
    evidence = 'mfa';
  }
  const amr = word === '' ? [] : [word];
  const isVerified =
    /user_verifying/i.test(properties) ||
    /^user_verifying/i.test(textIn(record.debug, 'keyTypeUsedForAuthentication'));
  // Hardware counts for AAL3 only where it asked who was there.
  if (evidence === 'phishing_resistant' && isVerified && /hardware_protected/i.test(properties))
    amr.push('hwk');
  return { evidence, amr };
}

/** `factor` says what an event is about; without it the authenticators among the targets do. */
function methodsOf(record: OktaRecord): readonly UsedMethod[] {
  const listed = record.targets.filter((target) => typeOf(target).startsWith('authenticator'));
  const factor = known(record.debug, 'factor') || known(record.debug, 'factorType');
  if (factor !== '') {
    return [{ name: factor, properties: listed.map(propertiesOf).join(' ').trim(), isFresh: true }];
  }
  const methods: UsedMethod[] = [];
  for (const target of listed) {
    const detail = objectIn(target, 'detailEntry');
    const name =
      known(detail, 'methodTypeUsed') || known(detail, 'authenticatorKey') || known(target, 'displayName');
    if (name === '') continue;
    const time = textIn(detail, 'authenticatorMethodVerificationTime');
    methods.push({ name, properties: propertiesOf(target), isFresh: isFresh(time, record) });
  }
  const type = known(record.authentication, 'credentialType');
  return methods.length > 0 || type === '' ? methods : [{ name: type, properties: '', isFresh: true }];
}

/** `[DEVICE_BOUND, PHISHING_RESISTANT]` as text, or the list that a shipper made of it. */
function propertiesOf(authenticator: JsonObject): string {
  const value = objectIn(authenticator, 'detailEntry')['methodUsedVerifiedProperties'];
  if (Array.isArray(value)) return value.filter((item) => typeof item === 'string').join(' ');
  return typeof value === 'string' ? value : '';
}

function isFresh(verified: string, record: OktaRecord): boolean {
  const at = parseTimestamp(verified);
  const published = typeof record.published === 'string' ? parseTimestamp(record.published) : undefined;
  return at === undefined || published === undefined || published - at <= FRESH;
}

/** Whether the record says that a second factor was passed earlier: policy events list the methods of the session. */
export function claimsMfa({ debug }: OktaRecord): boolean {
  const first = known(debug, 'authMethodFirstType');
  const second = known(debug, 'authMethodSecondType');
  return [first, second].some((name) => {
    const method = METHODS.find(([pattern]) => pattern.test(name));
    return name !== '' && method !== undefined && gradeNumber(method[1]) >= gradeNumber('mfa');
  });
}
