import { type Event, gradeNumber } from '../../../schema/event.js';
import type { Activity } from '../../../schema/words.js';

/*
 * What the store's views take from an event, for those who have no store: migrations 0002 (session_use), 0010
 * (strands, user_past), 0011 (user_evidence, session_ends) and judging/judged-evidence.sql.
 */

const USES: ReadonlySet<Activity> = new Set(['access', 'admin', 'session_refresh', 'token_issue']);
const LEGS: ReadonlySet<Activity> = new Set([
  'access',
  'sign_in',
  'session_refresh',
  'token_issue',
  'session_start',
]);
const ENDS: ReadonlySet<Activity> = new Set(['session_end', 'session_revoke']);
const CREDENTIAL = gradeNumber('credential');
const MFA = gradeNumber('mfa');

/** Whether a session was used; a call that CloudTrail refused was made in a session all the same. */
export function isSessionUse({ session_key, activity, outcome, source }: Event): boolean {
  return session_key !== '' && USES.has(activity) && (outcome !== 'failure' || source === 'cloudtrail');
}

/** Whether a credential or better was given. */
export function isCredential({ evidence, outcome }: Event): boolean {
  return gradeNumber(evidence) >= CREDENTIAL && outcome !== 'failure';
}

/** Whether it makes a strand: a use, or a credential, from a public address by a person or a program. */
export function isLocated(event: Event): boolean {
  const { network, network_class: networkClass, client_kind: client } = event;
  if (network === '' || networkClass === 'private' || client === 'service') return false;
  return isSessionUse(event) || isCredential(event);
}

/** Whether it shows MFA: a factor was passed, or the record claims that one was. */
export function showsMfa({ evidence, claimed_mfa: claimed }: Event): boolean {
  return claimed || gradeNumber(evidence) >= MFA;
}

/** Whether what it vouches for is thereby proven, only claimed, or neither. */
export function evidenceOf(event: Event): 'proof' | 'claim' | undefined {
  const { activity, evidence } = event;
  if (gradeNumber(evidence) >= CREDENTIAL) return 'proof';
  if (activity === 'token_issue') return isFederated(event) ? 'claim' : 'proof';
  return evidence === 'inherited' && activity === 'sign_in' ? 'claim' : undefined;
}

/** Whether a provider's assertion began it: what proves it then is the provider's own record. */
export function isFederated({ evidence, source, activity, action }: Event): boolean {
  if (evidence !== 'inherited' || isProvider(source)) return false;
  return activity === 'sign_in' || action.endsWith(':AssumeRoleWithSAML');
}

/** Whether it is a user's way from an identity provider to an application. */
export function isProviderLeg({ source, application_name: application, activity, outcome }: Event): boolean {
  return isProvider(source) && application !== '' && outcome !== 'failure' && LEGS.has(activity);
}

function isProvider(source: string): boolean {
  return source === 'okta' || source === 'entra';
}

/** Whether it ends a session, a token or all sessions of a user. */
export function isEnd(event: Event): boolean {
  const { activity, outcome, session_key: session, session_implied: implied, token_key: token } = event;
  if (!ENDS.has(activity) || outcome === 'failure') return event.vendor_risks.includes('refresh_token_reuse');
  return token !== '' || (session !== '' && !implied) || activity === 'session_revoke';
}

/** Whether a user changed something about accounts, factors or rights. */
export function isChange({ activity, user_key: user, outcome }: Event): boolean {
  return activity === 'admin' && user !== '' && outcome !== 'failure';
}
