import { eventId, recordHash, userKey } from '../../../schema/keys.js';
import type { LogRecord } from '../../receiver/log-record.js';
import { baseEvent, setTimes, tenantOf } from '../base-event.js';
import { isTrueIn, textIn } from '../json-record.js';
import { NOTHING_ISSUED, type NormalizeContext, type Normalized, noIdentifiers } from '../normalized.js';
import { attributeTexts, type Hidden, looksLikePassword, redactRecord } from '../secrets.js';
import { hiddenSessionIds } from '../session-ids.js';
import { parseTimestamp } from '../timestamps.js';
import { UnreadableRecordError, type Vendor, type VendorRecord } from '../vendor.js';
import { readActivity, usualSourceOf } from './activity.js';
import { isCloudTrailAttribute, recordFromAttributes } from './attributes.js';
import { digest } from './digest.js';
import { readIdentity } from './identity.js';
import { readIssued } from './issue.js';
import { isCloudTrailRecord, withApiShape } from './record.js';
import { readSession, sessionId } from './session.js';

const SOURCE = 'cloudtrail';

const usual: Vendor = {
  source: SOURCE,
  marks: ['eventSource', 'eventName'],
  matches: isCloudTrailRecord,
  fromAttributes: recordFromAttributes,
  normalize: normalizeCloudTrail,
};

/** Of records that lost their source, and of tables in data lakes. */
const OTHER_MARKS = [['eventName'], ['eventsource', 'eventname'], ['event_source', 'event_name']];

/**
 * AWS CloudTrail, once a shape. One application, `aws`: cells are told apart by account and kind of session. Field
 * reference: CloudTrail record contents, AWS CloudTrail user guide.
 */
export const CLOUDTRAIL: readonly Vendor[] = [
  usual,
  ...OTHER_MARKS.map((marks) => ({
    source: SOURCE,
    marks,
    matches: isCloudTrailRecord,
    normalize: normalizeCloudTrail,
  })),
  digest,
];

function normalizeCloudTrail(
  { record: received, text, path }: VendorRecord,
  log: LogRecord,
  context: NormalizeContext,
): Normalized {
  const record = withApiShape(received);
  const eventName = textIn(record, 'eventName');
  const eventType = textIn(record, 'eventType');
  if (eventName === '' && eventType !== 'AwsCloudTrailInsight') {
    throw new UnreadableRecordError('eventName', 'is missing or not text');
  }
  const eventSource = textIn(record, 'eventSource') || usualSourceOf(eventName);

  const ids = hiddenSessionIds(log, tenantOf(log, context), context.keys);
  const event = baseEvent(SOURCE, log, context, ids);
  const identity = readIdentity(record);
  const { activity, outcome, evidence, amr } = readActivity(record, eventSource, eventName, identity);
  const { eventTime: stated } = record;
  const eventTime = parseTimestamp(textIn(record, 'eventTime'));
  setTimes(event, eventTime ?? (stated === undefined ? undefined : null), log, context);
  const session = readSession(record, eventName, outcome === 'success', identity, eventTime);
  const region = textIn(record, 'awsRegion');
  const vendorEventId = textIn(record, 'eventID');

  event.event_id = vendorEventId === '' ? recordHash(text) : eventId(SOURCE, vendorEventId);
  event.vendor_event_id = vendorEventId;
  event.vendor_event_type = eventName || eventType;
  event.stream = region === '' ? SOURCE : `${SOURCE}:${region}`;
  event.organization = textIn(record, 'recipientAccountId') || identity.account;
  event.region = region;
  event.activity = activity;
  event.outcome = outcome;
  event.evidence = evidence;
  event.amr = amr;
  event.claimed_mfa = isTrueIn(identity.session, 'mfaAuthenticated');
  event.action = eventSource === '' ? eventName : `${eventSource}:${eventName}`;
  event.application_id = 'aws';
  event.application_name = 'AWS';

  // Whoever failed to sign in may have typed the password where the name belongs.
  const isRefused = outcome === 'failure' && (activity === 'sign_in' || activity === 'credential_validation');
  const isNoName = isRefused && looksLikePassword(identity.name);
  const hidden: readonly Hidden[] = isNoName ? [...ids, { secret: identity.name, shown: '[redacted]' }] : ids;
  const name = isNoName ? '' : identity.name;
  event.user_id = identity.id;
  event.user_name = name;
  event.user_email = name.includes('@') ? name : '';
  // The user's own account, not the one that the record was delivered to.
  const organization = identity.account || event.organization;
  event.user_key = userKey({ source: SOURCE, organization, name, id: identity.id, email: '' });

  event.session_id = session.id;
  event.session_kind = session.kind;
  event.session_created_at = session.createdAt;
  event.session_implied = session.id === '' && event.user_key !== '';
  event.token_id = identity.accessKeyId;

  // Services behind proxies of their own write all the addresses that a request came through, the client's first.
  const [address = ''] = textIn(record, 'sourceIPAddress').split(',', 1);
  // AWS writes `AWS Internal` or a service's host name where no client's address is known.
  const isService = address === 'AWS Internal' || /\.amazonaws\.com(?:\.cn)?$/.test(address);
  event.address = isService ? '' : address;
  if (isService || identity.type === 'AWSService') event.client_kind = 'service';
  event.user_agent = textIn(record, 'userAgent');

  event.attributes = attributeTexts(
    log.attributes,
    hidden,
    path === 'attributes' ? (key) => !isCloudTrailAttribute(key) : (key) => received[key] === undefined,
  );
  event.raw = redactRecord(received, text, hidden);

  const identifiers = noIdentifiers();
  identifiers.session = session.id;
  identifiers.token = identity.accessKeyId;
  identifiers.principal = identity.arn;
  if (outcome === 'success') {
    if (activity === 'token_issue') identifiers.issued = readIssued(record, eventName, identity, eventTime);
    else if (eventName === 'ConsoleLogin') identifiers.issued = loginToOlderSession(identity, session.id);
  }
  return { event, identifiers };
}

/** A federated login may name the role session that it was made with, whose creation can be a second or more earlier. */
function loginToOlderSession(identity: ReturnType<typeof readIdentity>, ownSession: string) {
  const createdAt = parseTimestamp(identity.creationDate);
  if (createdAt === undefined || identity.principalId === '') return NOTHING_ISSUED;
  const named = sessionId(identity.principalId, createdAt);
  return named === ownSession ? NOTHING_ISSUED : { sessions: [named], tokens: [], principals: [] };
}
