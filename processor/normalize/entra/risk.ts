import type { JsonObject } from '../json-record.js';
import { objectsIn, textsIn, valueIn, valueOfPair } from './fields.js';
import { type Reading, UNREAD } from './reading.js';
import type { EntraRecord } from './record.js';
import { personIn, userOf } from './user.js';

/** More or longer ones are no verdicts of Identity Protection's, and must not fill a column. */
const MOST_RISKS = 16;
const LONGEST_RISK = 64;

/**
 * Identity Protection's verdicts in a record: kinds of detection, level, and what became of it. Without its licence
 * they read `hidden`. `atRisk` is left out, since each of the others says so.
 */
export function risksIn(properties: JsonObject): readonly string[] {
  const types = textsIn(properties, 'riskEventTypes_v2');
  const state = valueIn(properties, 'riskState');
  return [
    ...new Set([
      ...(types.length > 0 ? types : textsIn(properties, 'riskEventTypes')),
      ...textsIn(properties, 'riskEventType'),
      valueIn(properties, 'riskLevelDuringSignIn', 'riskLevel'),
      valueIn(properties, 'riskDetail'),
      state === 'atRisk' ? '' : state,
    ]),
  ]
    .filter((word) => word !== '' && word.length <= LONGEST_RISK)
    .slice(0, MOST_RISKS);
}

/** UserRiskEvents and RiskyUsers, and the same of service principals. */
export function readRisk({ category, envelope, properties }: EntraRecord): Reading {
  const id = valueIn(properties, 'id');
  const updated = valueIn(properties, 'riskLastUpdatedDateTime');
  const isOfUsers = category === 'UserRiskEvents' || category === 'RiskyUsers';
  // A risky user's record has the user's own id: it is written anew whenever the risk changes.
  const isState = category.startsWith('Risky');
  const principal = isState ? id : '';
  return {
    ...UNREAD,
    type: valueIn(properties, 'riskEventType') || category,
    id: isState && id !== '' ? `${id}|${updated}` : id,
    times: [
      valueIn(properties, 'activityDateTime'),
      valueIn(properties, 'detectedDateTime'),
      updated,
      valueIn(envelope, 'time'),
    ],
    activity: 'risk',
    user: isOfUsers
      ? personIn(properties, isState ? 'id' : 'userId')
      : userOf(
          'service',
          valueIn(properties, 'servicePrincipalId') || principal,
          valueIn(properties, 'servicePrincipalDisplayName', 'displayName'),
        ),
    risks: risksIn(properties),
    action: valueIn(properties, 'activity'),
    address: valueIn(properties, 'ipAddress') || valueIn(envelope, 'callerIpAddress'),
    userAgent: valueOfPair(objectsIn(properties, 'additionalInfo'), 'useragent'),
  };
}
