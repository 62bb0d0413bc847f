/**
 * CloudTrail by the OpenTelemetry Collector's awslogs_encoding extension: an empty body, the record's fields under
 * names of their own in attributes, its region and account on the resource, its time in the log record.
 * Names: opentelemetry-collector-contrib, extension/encoding/awslogsencodingextension; older versions wrote
 * `aws.principal.*` and `aws.access_key.id`.
 */
import type { AnyValueMap, LogRecord } from '../../receiver/log-record.js';
import { jsonOf } from '../any-value-json.js';
import type { JsonObject } from '../json-record.js';
import { secondText } from '../timestamps.js';

type Fields = readonly (readonly [field: string, attributes: readonly string[]])[];

const FIELDS: Fields = [
  ['eventVersion', ['aws.cloudtrail.event_version']],
  ['eventID', ['aws.cloudtrail.event_id']],
  ['eventName', ['rpc.method']],
  ['eventSource', ['rpc.service']],
  ['eventType', ['rpc.system']],
  ['apiVersion', ['aws.cloudtrail.api_version']],
  ['requestID', ['aws.request_id']],
  ['eventCategory', ['aws.event.category']],
  ['readOnly', ['aws.event.read_only']],
  ['managementEvent', ['aws.event.management']],
  ['sourceIPAddress', ['source.address']],
  ['userAgent', ['user_agent.original']],
  ['sessionCredentialFromConsole', ['aws.session.console']],
  ['errorCode', ['aws.error.code']],
  ['errorMessage', ['aws.error.message']],
  ['sharedEventID', ['aws.shared_event_id']],
  ['insightDetails', ['aws.insight_details']],
  ['requestParameters', ['aws.request.parameters']],
  ['responseElements', ['aws.response.elements']],
  ['additionalEventData', ['aws.cloudtrail.additional_event_data']],
  ['resources', ['aws.resources']],
];

const IDENTITY = 'aws.user_identity.';
const SESSION = `${IDENTITY}session_context.`;

const USER_FIELDS: Fields = [
  ['type', [`${IDENTITY}principal.type`, 'aws.principal.type']],
  ['principalId', [`${IDENTITY}principal.id`, 'aws.principal.id']],
  ['arn', [`${IDENTITY}principal.arn`, 'aws.principal.arn']],
  ['accountId', [`${IDENTITY}account_id`]],
  ['accessKeyId', [`${IDENTITY}access_key.id`, 'aws.access_key.id']],
  ['userName', ['user.name']],
  ['userId', ['user.id']],
  ['invokedBy', [`${IDENTITY}invoked_by`]],
];

const FIELD_ATTRIBUTES = new Set([...FIELDS, ...USER_FIELDS].flatMap(([, attributes]) => attributes));

/** Whether an attribute is a field of the record, and so is kept in its raw text already. */
export function isCloudTrailAttribute(name: string): boolean {
  return name.startsWith('aws.') || name.startsWith('rpc.') || FIELD_ATTRIBUTES.has(name);
}

/** The CloudTrail record that a log record's attributes hold, with the vendor's field names, or `undefined`. */
export function recordFromAttributes(log: LogRecord): JsonObject | undefined {
  const { attributes, resource, timeUnixNano } = log;
  if (attributes['aws.cloudtrail.event_id'] === undefined) return undefined;
  const record = fieldsOf(attributes, FIELDS);
  Object.assign(
    record,
    fieldsOf(resource.attributes, [
      ['awsRegion', ['cloud.region']],
      ['recipientAccountId', ['cloud.account.id']],
    ]),
    { userIdentity: userIdentity(attributes) },
    timeUnixNano > 0n ? { eventTime: secondText(timeUnixNano) } : {},
  );
  return record;
}

function userIdentity(attributes: AnyValueMap): JsonObject {
  const sessionContext = {
    attributes: fieldsOf(attributes, [
      ['creationDate', [`${SESSION}attributes.creation_date`]],
      ['mfaAuthenticated', [`${SESSION}attributes.mfa_authenticated`]],
    ]),
    sessionIssuer: fieldsOf(attributes, [
      ['type', [`${SESSION}issuer.type`]],
      ['principalId', [`${SESSION}issuer.principal_id`]],
      ['arn', [`${SESSION}issuer.arn`]],
      ['accountId', [`${SESSION}issuer.account_id`]],
      ['userName', [`${SESSION}issuer.user_name`]],
    ]),
  };
  return { ...fieldsOf(attributes, USER_FIELDS), sessionContext };
}

/** Those fields that one of their attributes says. */
function fieldsOf(attributes: AnyValueMap, fields: Fields): JsonObject {
  const found: JsonObject = {};
  for (const [field, names] of fields) {
    const name = names.find((candidate) => attributes[candidate] !== undefined);
    if (name !== undefined) found[field] = jsonOf(attributes[name]);
  }
  return found;
}
