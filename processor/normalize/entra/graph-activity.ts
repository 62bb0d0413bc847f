import type { Outcome } from '../../../schema/words.js';
import type { JsonObject } from '../json-record.js';
import { valueIn } from './fields.js';
import { type Reading, UNREAD } from './reading.js';
import type { EntraRecord } from './record.js';
import { userOf } from './user.js';

/**
 * MicrosoftGraphActivityLogs: each request is a use of an access token, which names the sign-in that issued it
 * (`signInActivityId` is the token's `uti` claim) and its session (`C_Sid`). The case of the names varies within one
 * record. Fields: Azure Monitor, MicrosoftGraphActivityLogs.
 */
export function readGraphActivity({ category, envelope, properties }: EntraRecord): Reading {
  const fields = lowerCased(properties);
  const isApplication = valueIn(fields, 'c_idtyp') === 'app';
  const person = isApplication ? '' : valueIn(fields, 'userid', 'userprincipalobjectid');
  const service = person === '' ? valueIn(fields, 'serviceprincipalid') : '';
  const applicationId = valueIn(fields, 'appid');
  const isService = isApplication || (person === '' && service !== '');
  const session = valueIn(fields, 'c_sid', 'sessionid');
  return {
    ...UNREAD,
    type: category,
    id: valueIn(fields, 'requestid') || valueIn(envelope, 'correlationId'),
    times: [valueIn(fields, 'timegenerated'), valueIn(envelope, 'time')],
    activity: 'access',
    outcome: outcomeOf(valueIn(fields, 'responsestatuscode') || valueIn(envelope, 'resultSignature')),
    user: isService ? userOf('service', service || applicationId, '') : userOf('person', person, ''),
    session,
    sessionKind: isService ? 'service' : session === '' ? 'implied' : 'browser',
    isInSession: true,
    token: valueIn(fields, 'signinactivityid'),
    device: valueIn(fields, 'c_deviceid', 'deviceid'),
    applicationId,
    action: actionOf(valueIn(fields, 'requestmethod'), valueIn(fields, 'requesturi')),
    address: valueIn(fields, 'ipaddress') || valueIn(envelope, 'callerIpAddress'),
    userAgent: valueIn(fields, 'useragent'),
  };
}

function lowerCased(record: JsonObject): JsonObject {
  const copy: JsonObject = {};
  for (const name of Object.keys(record)) copy[name.toLowerCase()] ??= record[name];
  return copy;
}

function outcomeOf(status: string): Outcome {
  if (!/^\d{3}$/.test(status)) return 'unknown';
  return Number(status) < 400 ? 'success' : 'failure';
}

/** Path segments that name a thing of which there are many: ids, addresses, function calls. */
const NAMES_ONE = /\d|[@%()=':!]|.{40}/;
const MOST_SEGMENTS = 4;

/** `GET /users/{id}/messages`: what kind of thing was asked for, without the version, the ids and the query. */
function actionOf(method: string, uri: string): string {
  const path = /^https?:\/\/[^/?#]+(\/[^?#]*)/i.exec(uri.slice(0, 2048))?.[1] ?? '';
  const segments = path
    .split('/')
    .filter((segment) => segment !== '' && !/^(?:v\d\.\d|beta)$/i.test(segment));
  const kinds = segments
    .slice(0, MOST_SEGMENTS)
    .map((segment) => (NAMES_ONE.test(segment) ? '{id}' : segment));
  return `${method.slice(0, 16)} ${path === '' ? '' : `/${kinds.join('/')}`}`.trim();
}
