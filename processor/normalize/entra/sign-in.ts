import type { Activity, EvidenceGrade, Outcome, PolicyResult, TokenBinding } from '../../../schema/words.js';
import type { JsonObject } from '../json-record.js';
import { type Meaning, meaningOf } from './error-codes.js';
import { isFalseIn, objectsIn, structureIn, valueIn } from './fields.js';
import { type Proof, readProof } from './proof.js';
import { type Reading, UNREAD } from './reading.js';
import type { EntraRecord } from './record.js';
import { risksIn } from './risk.js';
import { personIn } from './user.js';

/** The sign-ins of people: interactive, non-interactive, and at AD FS. Fields: Microsoft Graph, signIn (beta). */
export function readSignIn(record: EntraRecord): Reading {
  const { lane, envelope, properties } = record;
  const meaning = meaningOf(properties, envelope);
  // The log of interactive sign-ins has had others in it, which prove nothing.
  const isInteractive = lane !== 'noninteractive' && !isFalseIn(properties, 'isInteractive');
  const done = isInteractive ? interactive(meaning, properties) : nonInteractive(meaning, properties);
  // Nobody is in the session of a refused sign-in yet, and another name may be tried in the same window.
  const isRefused = done.activity === 'sign_in' && done.outcome === 'failure';
  const session = isRefused ? '' : valueIn(properties, 'sessionId');
  return {
    ...readCommon(record, meaning),
    ...done,
    user: personIn(properties, 'userId'),
    session,
    sessionKind: session === '' ? 'implied' : 'browser',
    // An interrupt comes before the token, whatever was proved by then.
    token: meaning === 'success' ? valueIn(properties, 'uniqueTokenIdentifier') : '',
    issuesToken: done.activity === 'sign_in' || done.activity === 'mfa_success',
    typed: done.outcome === 'failure' ? typedNames(properties, envelope) : [],
  };
}

/** What the sign-ins of people and of services have in common. */
export function readCommon({ category, envelope, properties }: EntraRecord, meaning: Meaning): Reading {
  return {
    ...UNREAD,
    type: category,
    id: valueIn(properties, 'id'),
    times: [valueIn(properties, 'createdDateTime'), valueIn(envelope, 'time')],
    isInSession: true,
    tokenType: valueIn(properties, 'incomingTokenType'),
    tokenBinding: tokenBinding(properties),
    device: valueIn(structureIn(properties, 'deviceDetail'), 'deviceId'),
    authProtocol: authProtocol(properties),
    policyResult: policyResult(properties, meaning),
    risks: risksIn(properties),
    // A user signs in to an application, which then asks for resources by itself: cells are per application.
    applicationId: valueIn(properties, 'appId'),
    applicationName: valueIn(properties, 'appDisplayName'),
    action: valueIn(properties, 'resourceDisplayName', 'resourceId'),
    address: valueIn(properties, 'ipAddress') || valueIn(envelope, 'callerIpAddress'),
    userAgent: valueIn(properties, 'userAgent'),
  };
}

interface Act {
  readonly activity: Activity;
  readonly outcome: Outcome;
  readonly evidence: EvidenceGrade;
  readonly amr: readonly string[];
  readonly claimedMfa: boolean;
}

function act(activity: Activity, outcome: Outcome): Act {
  return { activity, outcome, evidence: 'none', amr: [], claimedMfa: false };
}

function interactive(meaning: Meaning, properties: JsonObject): Act {
  switch (meaning) {
    case 'mfa-challenge':
      return act('mfa_challenge', 'challenge');
    case 'mfa-failure':
      return act('mfa_failure', 'failure');
    case 'stale-token':
      return act('access', 'failure');
    case 'wrong-credential':
    case 'failure':
      return act('sign_in', 'failure');
    case 'unknown':
      return act('sign_in', 'unknown');
    case 'interrupt':
      return interrupted(readProof(properties));
    case 'success':
      return succeeded(readProof(properties), properties);
  }
}

function isFresh({ evidence }: Proof): boolean {
  return evidence === 'credential' || evidence === 'mfa' || evidence === 'phishing_resistant';
}

/**
 * Between the last factor and the token Entra ID asks whether to stay signed in or to consent. The record of the
 * interrupt then has the steps, and that of the end has only "previously satisfied".
 */
function interrupted(proof: Proof): Act {
  if (!isFresh(proof)) return act('sign_in', 'challenge');
  const { evidence, amr, claimsMfa } = proof;
  const activity = evidence === 'credential' ? 'credential_validation' : 'mfa_success';
  return { activity, outcome: 'success', evidence, amr, claimedMfa: claimsMfa };
}

/** Without a step of its own a sign-in to one more application is a use of the session that is there. */
function succeeded(proof: Proof, properties: JsonObject): Act {
  const { evidence, amr, claimsMfa, isSignIn } = proof;
  const isByToken = evidence === 'none' && valueIn(properties, 'incomingTokenType') !== '';
  return {
    activity: isSignIn ? 'sign_in' : isFresh(proof) ? 'mfa_success' : 'access',
    outcome: 'success',
    evidence: isByToken ? 'inherited' : evidence,
    amr,
    claimedMfa: claimsMfa,
  };
}

/** A client redeemed a token: whatever its record says of factors was done before. */
function nonInteractive(meaning: Meaning, properties: JsonObject): Act {
  switch (meaning) {
    case 'mfa-challenge':
      return act('mfa_challenge', 'challenge');
    case 'mfa-failure':
      return act('mfa_failure', 'failure');
    case 'wrong-credential':
      // Old protocols send the password along with every request.
      return act('credential_validation', 'failure');
    case 'stale-token':
    case 'failure':
      return act('session_refresh', 'failure');
    case 'unknown':
      return act('session_refresh', 'unknown');
    case 'interrupt':
      return act('session_refresh', 'challenge');
    case 'success': {
      const proof = readProof(properties);
      const isByToken = proof.evidence === 'none' && valueIn(properties, 'incomingTokenType') !== '';
      const isMfa = proof.evidence === 'mfa' || proof.evidence === 'phishing_resistant';
      return {
        activity: 'session_refresh',
        outcome: 'success',
        evidence: isFresh(proof) || isByToken ? 'inherited' : proof.evidence,
        amr: [],
        claimedMfa: proof.claimsMfa || isMfa,
      };
    }
  }
}

/** `deviceCodeFlow` as the origin of a session is the protocol `deviceCode` of the sign-in that began it. */
function authProtocol(properties: JsonObject): string {
  const protocol = valueIn(properties, 'authenticationProtocol');
  const origin = valueIn(properties, 'originalTransferMethod');
  if (protocol === 'deviceCode' || protocol === 'authenticationTransfer' || origin === '') return protocol;
  return origin === 'deviceCodeFlow' ? 'deviceCode' : origin;
}

function tokenBinding(properties: JsonObject): TokenBinding {
  const details = structureIn(properties, 'tokenProtectionStatusDetails');
  const status =
    valueIn(details, 'signInSessionStatus') ||
    valueIn(properties, 'signInTokenProtectionStatus', 'appTokenProtectionStatus') ||
    valueIn(details, 'appTokenProtectionStatus');
  return status === 'bound' || status === 'unbound' ? status : '';
}

/** Conditional Access; a policy that asks for a factor counts as failed until the factor is given. */
function policyResult(properties: JsonObject, meaning: Meaning): PolicyResult {
  const status = valueIn(properties, 'conditionalAccessStatus').toLowerCase();
  if (status === 'success') return 'allow';
  if (status === 'failure') {
    return meaning === 'mfa-challenge' || meaning === 'interrupt' ? 'challenge' : 'deny';
  }
  if (status.startsWith('reportonly')) return 'report';
  const isTried = objectsIn(properties, 'appliedConditionalAccessPolicies').some((policy) =>
    /^reportOnly(?!NotApplied)/i.test(valueIn(policy, 'result')),
  );
  return isTried ? 'report' : '';
}

const TYPED = ['userPrincipalName', 'signInIdentifier', 'alternateSignInName', 'userDisplayName'];

function typedNames(properties: JsonObject, envelope: JsonObject): readonly string[] {
  return [...TYPED.map((field) => valueIn(properties, field)), valueIn(envelope, 'identity')];
}
