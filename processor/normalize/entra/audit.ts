import type { Activity, Outcome } from '../../../schema/words.js';
import { isObject, type JsonObject } from '../json-record.js';
import { objectsIn, structureIn, valueIn, valueOfPair } from './fields.js';
import { type Reading, UNREAD } from './reading.js';
import type { EntraRecord } from './record.js';
import { type EntraUser, NOBODY, personIn, userOf } from './user.js';

/**
 * Acts after which the sessions and refresh tokens of their target no longer count. Microsoft Entra audit activities:
 * "Update StsRefreshTokenValidFrom Timestamp" is written for each revocation, whoever asked for it.
 */
const REVOCATION = /stsrefreshtokenvalidfrom|revoke\b.*\b(?:sessions?|refresh tokens?)|^disable account$/i;

/** Services' own record of requests, in which nobody administers anything. */
const REQUESTS = /^authentication$/i;

const LONGEST_NAME = 256;

/** The audit log: who changed what. Fields: Microsoft Graph, directoryAudit. */
export function readAudit({ envelope, properties }: EntraRecord): Reading {
  const operation =
    valueIn(properties, 'activityDisplayName', 'operationName') || valueIn(envelope, 'operationName');
  const type = operation.slice(0, LONGEST_NAME);
  const details = objectsIn(properties, 'additionalDetails');
  const initiator = structureIn(properties, 'initiatedBy');
  const activity = activityOf(type, properties);
  return {
    ...UNREAD,
    type,
    id: valueIn(properties, 'id'),
    times: [valueIn(properties, 'activityDateTime'), valueIn(envelope, 'time')],
    activity,
    outcome: outcomeOf(properties, envelope),
    user: actorOf(initiator),
    target: targetOf(properties),
    // A revocation belongs to no session of whoever ordered it, or that one would seem to have ended.
    isInSession: activity !== 'session_revoke',
    // The application that the administrator used is not on record: the service that was changed stands for it.
    applicationId: valueIn(properties, 'loggedByService'),
    applicationName: valueIn(properties, 'loggedByService'),
    action: type,
    address:
      valueIn(structureIn(initiator, 'user'), 'ipAddress') ||
      valueOfPair(details, 'ipaddr') ||
      valueIn(envelope, 'callerIpAddress', 'ipAddress'),
    userAgent: valueIn(properties, 'userAgent') || valueOfPair(details, 'user-agent'),
  };
}

function activityOf(type: string, properties: JsonObject): Activity {
  if (type === '' || REQUESTS.test(valueIn(properties, 'category'))) return 'other';
  return REVOCATION.test(type) ? 'session_revoke' : 'admin';
}

function outcomeOf(properties: JsonObject, envelope: JsonObject): Outcome {
  const result =
    valueIn(properties, 'result') || valueIn(envelope, 'result', 'resultType', 'resultSignature');
  if (/^success/i.test(result)) return 'success';
  return /^(?:fail|timeout|error)/i.test(result) ? 'failure' : 'unknown';
}

function actorOf(initiator: JsonObject): EntraUser {
  const user = initiator['user'];
  if (isObject(user)) {
    const person = personIn(user, 'id');
    if (person !== NOBODY) return person;
    // Microsoft's own services act as users that have nothing but a name.
    const name = valueIn(user, 'displayName');
    if (name !== '') return userOf('service', '', name);
  }
  const app = structureIn(initiator, 'app');
  return userOf(
    'service',
    valueIn(app, 'servicePrincipalId', 'appId'),
    valueIn(app, 'displayName', 'servicePrincipalName'),
  );
}

/** The first user among the targets; Graph's documentation spells the field `Type`. */
function targetOf(properties: JsonObject): EntraUser {
  for (const target of objectsIn(properties, 'targetResources')) {
    if (/^user$/i.test(valueIn(target, 'type', 'Type'))) return personIn(target, 'id');
  }
  return NOBODY;
}
