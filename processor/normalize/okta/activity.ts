import type { Activity, Outcome, PolicyResult } from '../../../schema/words.js';
import { textIn } from '../json-record.js';
import { activityOfType } from './event-types.js';
import { type Proof, proofOfMethods } from './methods.js';
import { known, type OktaRecord } from './record.js';
import { isTransient, sessionIdsOf } from './session.js';

/** What an event is, how it went, and what it proves. */
export interface Reading extends Proof {
  readonly activity: Activity;
  readonly outcome: Outcome;
  readonly policyResult: PolicyResult;
}

const NOTHING: Proof = { evidence: 'none', amr: [] };
const INHERITED: Proof = { evidence: 'inherited', amr: [] };
const PASSWORD: Proof = { evidence: 'credential', amr: ['pwd'] };

/** Values of `outcome.result`; those not listed (SKIPPED, DEFERRED, SCHEDULED, UNKNOWN) say nothing. */
const OUTCOMES: Readonly<Record<string, Outcome>> = {
  SUCCESS: 'success',
  ALLOW: 'success',
  CHALLENGE: 'challenge',
  FAILURE: 'failure',
  DENY: 'failure',
  RATE_LIMIT: 'failure',
  // A push that nobody answered, a sign-in that was left at the factor's page.
  UNANSWERED: 'failure',
  ABANDONED: 'failure',
};

const POLICY_RESULTS: Readonly<Record<string, PolicyResult>> = {
  ALLOW: 'allow',
  DENY: 'deny',
  CHALLENGE: 'challenge',
};

/** Requests in which another provider's assertion arrives. */
const FEDERATED_REQUEST = /^\/(?:sso\/(?:saml2|wsfed|idps)|auth\/saml20|oauth2\/v1\/authorize\/callback)\b/;

/** Reasons that say that the factor was not asked for. */
const BYPASS = /\bbypass|remember(?:ed)? (?:this )?device|device (?:is |was )?remembered|trusted device/i;

/** Sources: Okta's catalogue of event types and System Log API; help.okta.com on evaluation of sign-on policies. */
export function readActivity(record: OktaRecord): Reading {
  const usual = activityOfType(record.eventType);
  const outcome = OUTCOMES[record.result] ?? 'unknown';
  const policyResult = policyResultOf(record, usual);
  const read = (activity: Activity, proof: Proof = NOTHING, ended: Outcome = outcome): Reading => {
    return { activity, outcome: ended, policyResult, ...(ended === 'success' ? proof : NOTHING) };
  };
  switch (usual) {
    case 'sign_in':
      return read(...signIn(record));
    case 'credential_validation':
      return read(usual, proofOfValidation(record));
    case 'mfa_success':
      return readFactor(record, outcome, read);
    case 'mfa_failure':
      // That the refusal was recorded is the SUCCESS of these.
      return read(usual, NOTHING, 'failure');
    case 'mfa_challenge':
      // That it was sent; whether it was answered another record says.
      return read(usual);
    case 'session_start':
      return read(usual, INHERITED);
    case 'token_issue':
      return read(usual, proofOfGrant(record));
    case 'policy':
      if (outcome === 'challenge') return read('mfa_challenge');
      return read(usual, isBypass(record) ? { evidence: 'bypassed', amr: [] } : NOTHING);
    default:
      return read(usual);
  }
}

function policyResultOf(record: OktaRecord, activity: Activity): PolicyResult {
  if (activity !== 'policy' && activity !== 'risk') return '';
  const said = POLICY_RESULTS[record.result];
  if (said !== undefined) return said;
  return record.eventType === 'application.policy.sign_on.deny_access' ? 'deny' : '';
}

function isBypass(record: OktaRecord): boolean {
  return record.eventType === 'user.mfa.attempt_bypass' || BYPASS.test(record.reason.slice(0, 512));
}

/** A session begins with a credential, unless it is made of another session or of another provider's word. */
function signIn(record: OktaRecord): [Activity, Proof] {
  const { root, external } = sessionIdsOf(record);
  const proof = isBypass(record) ? undefined : proofOfMethods(record);
  if (known(record.authentication, 'credentialType') === 'OKTA_CLIENT_SESSION') {
    return ['session_start', INHERITED];
  }
  const found = isFederated(record) ? INHERITED : (proof ?? { evidence: 'credential', amr: [] });
  // Calls to the API have an id of one request, which is no session.
  return [root === '' && isTransient(external) ? 'credential_validation' : 'sign_in', found];
}

function isFederated({ authentication, debug }: OktaRecord): boolean {
  const provider = textIn(authentication, 'authenticationProvider').toUpperCase();
  return (
    provider === 'FEDERATION' ||
    provider === 'SOCIAL' ||
    FEDERATED_REQUEST.test(textIn(debug, 'requestUri').slice(0, 128))
  );
}

/**
 * A provider's assertion, a social login and a desktop's Kerberos ticket repeat what was proved elsewhere. Directory
 * agents and RADIUS check the password that was typed now.
 */
function proofOfValidation(record: OktaRecord): Proof {
  if (isBypass(record)) return { evidence: 'bypassed', amr: [] };
  if (isFederated(record) || /idp|saml|oidc|social|iwa|kerberos/i.test(record.eventType)) return INHERITED;
  const found = proofOfMethods(record);
  if (found !== undefined) return found;
  return /agent|radius|delauth|richclient|ldapi|password|login_success/i.test(record.eventType)
    ? PASSWORD
    : { evidence: 'credential', amr: [] };
}

/** In Identity Engine orgs the password is a factor like others, and its check the same event. */
function readFactor(
  record: OktaRecord,
  outcome: Outcome,
  read: (activity: Activity, proof?: Proof, outcome?: Outcome) => Reading,
): Reading {
  if (isBypass(record)) {
    const activity = outcome === 'failure' ? 'mfa_failure' : 'mfa_success';
    return read(activity, { evidence: 'bypassed', amr: [] });
  }
  const proof = proofOfMethods(record) ?? { evidence: 'mfa', amr: ['mfa'] };
  if (proof.evidence === 'credential') return read('credential_validation', proof);
  if (outcome === 'challenge') return read('mfa_challenge');
  return read(outcome === 'failure' ? 'mfa_failure' : 'mfa_success', proof);
}

/** A grant made for a password or a client's secret is evidence; all others come out of a session. */
function proofOfGrant(record: OktaRecord): Proof {
  const grant = textIn(record.debug, 'grantType');
  if (grant === 'password') return PASSWORD;
  return grant === 'client_credentials' ? { evidence: 'credential', amr: [] } : INHERITED;
}
