import type { EvidenceGrade } from '../../../schema/words.js';
import { meaningOf, outcomeOf } from './error-codes.js';
import { valueIn } from './fields.js';
import type { Reading } from './reading.js';
import type { EntraRecord } from './record.js';
import { readCommon } from './sign-in.js';
import { userOf } from './user.js';

/** Credentials that are not the service's own: its platform or another provider vouches for it. */
const BORROWED = new Set(['managedIdentity', 'federatedIdentityCredential']);

/**
 * Sign-ins of service principals and managed identities: a lane of their own, in which no person ever proves
 * anything. What their tokens vouch for is that they were issued.
 */
export function readServiceSignIn(record: EntraRecord): Reading {
  const { lane, envelope, properties } = record;
  const meaning = meaningOf(properties, envelope);
  const outcome = outcomeOf(meaning);
  const isManaged = lane === 'managedidentity';
  const isBorrowed = isManaged || BORROWED.has(valueIn(properties, 'clientCredentialType'));
  const evidence: EvidenceGrade = outcome !== 'success' ? 'none' : isBorrowed ? 'inherited' : 'credential';
  const common = readCommon(record, meaning);
  const name = valueIn(properties, 'servicePrincipalName') || common.applicationName;
  return {
    ...common,
    activity: 'token_issue',
    outcome,
    evidence,
    user: userOf(
      'service',
      valueIn(properties, 'servicePrincipalId', 'userId') || common.applicationId,
      name || valueIn(properties, 'userPrincipalName'),
    ),
    session: valueIn(properties, 'sessionId'),
    sessionKind: 'service',
    token: outcome === 'success' ? valueIn(properties, 'uniqueTokenIdentifier') : '',
    issuesToken: true,
    // Without Identity Protection for workloads every service is said to be at low risk.
    risks: common.risks.filter((risk) => risk !== 'low'),
    applicationName: common.applicationName || name,
    isPlatform: isManaged,
  };
}
