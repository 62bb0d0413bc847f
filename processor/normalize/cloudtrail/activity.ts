import { gradeNumber } from '../../../schema/event.js';
import type { Activity, EvidenceGrade, Outcome } from '../../../schema/words.js';
import { isTrueIn, type JsonObject, objectIn, textIn } from '../json-record.js';
import { type Identity, isInSession } from './identity.js';
import { isIssue, issuerOf } from './issue.js';

/** What a record is, how it went, and what it proves. */
export interface Reading {
  readonly activity: Activity;
  readonly outcome: Outcome;
  readonly evidence: EvidenceGrade;
  readonly amr: readonly string[];
}

/** Services in which a write changes who may do what. */
const IDENTITY_SERVICES = new Set([
  'iam.amazonaws.com',
  'organizations.amazonaws.com',
  'account.amazonaws.com',
  'sso.amazonaws.com',
  'sso-directory.amazonaws.com',
  'identitystore.amazonaws.com',
  'rolesanywhere.amazonaws.com',
  'access-analyzer.amazonaws.com',
]);

/** How the names of writes begin there: CreateUser, AttachUserPolicy, DeactivateMFADevice, UpdateAssumeRolePolicy. */
const WRITE =
  /^(?:Accept|Add|Associate|Attach|Change|Close|Create|Deactivate|Delete|Deregister|Detach|Disable|Disassociate|Enable|Import|Invite|Leave|Move|Provision|Put|Register|Remove|Reset|Resync|Set|Start|Update|Upload)/;

/** The sign-in page's and Identity Center's events that change a credential. */
const CREDENTIAL_CHANGES = new Set([
  'PasswordRecoveryRequested',
  'PasswordRecoveryCompleted',
  'PasswordUpdated',
]);

interface Credential {
  readonly grade: EvidenceGrade;
  readonly amr: string;
  readonly factor: boolean;
}

/** Identity Center's CredentialType -> what its verification proves, and RFC 8176's word for it. */
const CREDENTIALS: ReadonlyMap<string, Credential> = new Map([
  ['PASSWORD', { grade: 'credential', amr: 'pwd', factor: false }],
  ['TOTP', { grade: 'mfa', amr: 'otp', factor: true }],
  ['RESYNC_TOTP', { grade: 'mfa', amr: 'otp', factor: true }],
  ['EMAIL_OTP', { grade: 'mfa', amr: 'otp', factor: true }],
  ['WEBAUTHN', { grade: 'phishing_resistant', amr: 'pop', factor: true }],
  ['SMARTCARD', { grade: 'phishing_resistant', amr: 'sc', factor: true }],
  ['EXTERNAL_IDP', { grade: 'inherited', amr: '', factor: false }],
]);

/** Events of the sign-in page, which no other service has. */
const SIGN_IN_PAGE: ReadonlySet<string> = new Set([
  'ConsoleLogin',
  'CheckMfa',
  'CredentialChallenge',
  'CredentialVerification',
  'UserAuthentication',
  'RenewRole',
  'ExitRole',
]);

/** The service that writes events of that name, for records that lost their `eventSource`; '' if several do. */
export function usualSourceOf(eventName: string): string {
  return SIGN_IN_PAGE.has(eventName) ? 'signin.amazonaws.com' : issuerOf(eventName);
}

/** HTTP's 200 is no error: Amazon Managed Grafana writes the status of each request there. */
const NO_ERROR = /^(?:|2\d\d)$/;

/** A successful or failed request that is no sign-in and no issue. */
function reading(activity: Activity, outcome: Outcome): Reading {
  return { activity, outcome, evidence: 'none', amr: [] };
}

function evident(
  activity: Activity,
  outcome: Outcome,
  evidence: EvidenceGrade,
  amr: readonly string[],
): Reading {
  return outcome === 'success' ? { activity, outcome, evidence, amr } : reading(activity, outcome);
}

/** Sources: vendor-specific fields of console sign-in events and Identity Center sign-in events, AWS user guides. */
export function readActivity(
  record: JsonObject,
  eventSource: string,
  eventName: string,
  identity: Identity,
): Reading {
  const outcome = outcomeOf(record, eventName);
  if (isIssue(eventSource, eventName)) {
    return evident('token_issue', outcome, ...proofOfIssue(record, eventSource, eventName, identity));
  }
  if (eventSource === 'signin.amazonaws.com' || eventSource === 'sso.amazonaws.com') {
    const sign = readSignIn(record, eventName, identity, outcome);
    if (sign !== undefined) return sign;
  }
  if (IDENTITY_SERVICES.has(eventSource) && !isTrueIn(record, 'readOnly') && WRITE.test(eventName)) {
    return reading('admin', outcome);
  }
  return reading(eventName === '' ? 'other' : 'access', outcome);
}

function outcomeOf(record: JsonObject, eventName: string): Outcome {
  if (!NO_ERROR.test(textIn(record, 'errorCode'))) return 'failure';
  const said =
    textIn(objectIn(record, 'responseElements'), eventName) ||
    textIn(objectIn(record, 'serviceEventDetails'), eventName);
  if (said === 'Failure') return 'failure';
  if (said === 'Success') return 'success';
  return textIn(record, 'errorMessage') === '' ? 'success' : 'failure';
}

function readSignIn(
  record: JsonObject,
  eventName: string,
  identity: Identity,
  outcome: Outcome,
): Reading | undefined {
  const more = objectIn(record, 'additionalEventData');
  switch (eventName) {
    case 'ConsoleLogin':
      return evident('sign_in', outcome, ...proofOfLogin(more, identity));
    case 'CheckMfa':
      // Written when the page asks for the code, seconds before the ConsoleLogin: Success means "has a device".
      return reading('mfa_challenge', outcome);
    case 'CredentialChallenge':
      return reading(isFactor(more) ? 'mfa_challenge' : 'other', outcome);
    case 'CredentialVerification': {
      const done = outcome === 'success' ? 'mfa_success' : 'mfa_failure';
      return evident(isFactor(more) ? done : 'credential_validation', outcome, ...proofOfCredentials(more));
    }
    case 'UserAuthentication':
      return evident('sign_in', outcome, ...proofOfCredentials(more));
    case 'Authenticate':
      return evident('credential_validation', outcome, 'credential', ['pwd']);
    case 'RenewRole':
      return reading('session_refresh', outcome);
    case 'Logout':
    case 'ExitRole':
      return reading('session_end', outcome);
    default:
      return CREDENTIAL_CHANGES.has(eventName) ? reading('admin', outcome) : undefined;
  }
}

type Proof = readonly [evidence: EvidenceGrade, amr: readonly string[]];

/**
 * A federated login says MFAUsed=No, because the provider asked for the factor: what it proves is inherited.
 * Security keys and passkeys are `arn:aws:iam::1:u2f/...`, codes `arn:aws:iam::1:mfa/...`.
 */
function proofOfLogin(more: JsonObject, identity: Identity): Proof {
  if (textIn(more, 'MFAUsed') === 'Yes') {
    const isSecurityKey = textIn(more, 'MFAIdentifier').includes(':u2f/');
    return isSecurityKey ? ['phishing_resistant', ['pwd', 'mfa', 'pop']] : ['mfa', ['pwd', 'mfa']];
  }
  return identity.type === 'IAMUser' || identity.type === 'Root'
    ? ['credential', ['pwd']]
    : ['inherited', []];
}

function proofOfIssue(record: JsonObject, source: string, eventName: string, identity: Identity): Proof {
  // The serial number of a device is sent together with its code: the issue succeeded, so the code was right.
  if (textIn(objectIn(record, 'requestParameters'), 'serialNumber') !== '') return ['mfa', ['mfa']];
  const isFederated = eventName.endsWith('WithSAML') || eventName.endsWith('WithWebIdentity');
  // Sign-in pages and Identity Center issue out of a session that they keep themselves.
  if (isFederated || source !== 'sts.amazonaws.com' || isInSession(identity)) return ['inherited', []];
  return identity.principalId === '' && identity.type === 'AWSAccount'
    ? ['inherited', []]
    : ['credential', []];
}

function credentialTypes(more: JsonObject): readonly string[] {
  return textIn(more, 'CredentialType')
    .split(',')
    .map((type) => type.trim());
}

function isFactor(more: JsonObject): boolean {
  return credentialTypes(more).some((type) => CREDENTIALS.get(type)?.factor === true);
}

function proofOfCredentials(more: JsonObject): Proof {
  const used = credentialTypes(more).flatMap((type) => CREDENTIALS.get(type) ?? []);
  // A type that is not documented still was a credential that somebody checked.
  if (used.length === 0) return ['credential', []];
  const best = used.reduce((a, b) => (gradeNumber(b.grade) > gradeNumber(a.grade) ? b : a));
  return [best.grade, used.map(({ amr }) => amr).filter((amr) => amr !== '')];
}
