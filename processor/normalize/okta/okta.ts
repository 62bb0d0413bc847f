import { eventId, recordHash, userKey } from '../../../schema/keys.js';
import type { Source } from '../../../schema/words.js';
import type { LogRecord } from '../../receiver/log-record.js';
import { attributeText } from '../any-value-json.js';
import { baseEvent, setTimes, tenantOf } from '../base-event.js';
import { objectIn, textIn } from '../json-record.js';
import { type NormalizeContext, type Normalized, noIdentifiers } from '../normalized.js';
import { attributeTexts, type Hidden, redactText } from '../secrets.js';
import { hiddenSessionIds } from '../session-ids.js';
import { parseTimestamp } from '../timestamps.js';
import type { Vendor, VendorRecord } from '../vendor.js';
import { readActivity } from './activity.js';
import { isInternalHop, readApplication, readProtocol } from './application.js';
import { isFieldOf, recordFromAttributes } from './attributes.js';
import { claimsMfa } from './methods.js';
import { isPasswordAsName, textWithoutSecrets } from './okta-secrets.js';
import { type Person, readPeople } from './people.js';
import { isOktaRecord, known, type OktaRecord, readOktaRecord } from './record.js';
import { readRisks } from './risks.js';
import { readSession } from './session.js';
import { readIssued, readPresented } from './tokens.js';

const SOURCE: Source = 'okta';

/**
 * Okta's System Log, as its API, event hooks and log streams give it out. Field reference: System Log API,
 * developer.okta.com, and logs/log_fields.csv of okta/customer-detections.
 */
export const okta: Vendor = {
  source: SOURCE,
  // Of `alternateId`, as of `alternate_id` where a shipper changed the names.
  marks: ['alternate'],
  matches: isOktaRecord,
  fromAttributes: recordFromAttributes,
  normalize: normalizeOkta,
};

function normalizeOkta(
  { record: received, text }: VendorRecord,
  log: LogRecord,
  context: NormalizeContext,
): Normalized {
  const record = readOktaRecord(received);
  const reading = readActivity(record);
  const { activity, outcome } = reading;
  const people = readPeople(record, activity);

  const isNoName = isPasswordAsName(people, reading);
  const hidden: readonly Hidden[] = [
    ...hiddenSessionIds(log, tenantOf(log, context), context.keys),
    ...(isNoName ? [{ secret: people.user.name, shown: '[redacted]' }] : []),
  ];

  const event = baseEvent(SOURCE, log, context, hidden);
  setTimes(event, timeOf(record), log, context);
  // Its text may have been laid out anew on the way, the fields are the same.
  event.event_id = record.uuid === '' ? recordHash(JSON.stringify(received)) : eventId(SOURCE, record.uuid);
  event.vendor_event_id = record.uuid;
  event.vendor_event_type = record.eventType;
  event.organization = organizationOf(log);
  event.activity = activity;
  event.outcome = outcome;
  event.evidence = reading.evidence;
  event.amr = reading.amr;
  event.claimed_mfa = claimsMfa(record);
  event.policy_result = reading.policyResult;
  event.vendor_risks = readRisks(record);
  event.action = record.eventType;
  event.auth_protocol = readProtocol(record);

  const name = isNoName ? '' : people.user.name;
  const user: Person = { id: people.user.id, name };
  event.user_id = user.id;
  event.user_name = user.name;
  event.user_email = name.includes('@') ? name : '';
  event.user_key = keyOf(user, event.organization);
  event.actor_kind = people.kind;
  event.target_user_key = people.target === undefined ? '' : keyOf(people.target, event.organization);

  const application = readApplication(record);
  event.application_id = application.id;
  event.application_name = application.name;
  const session = readSession(record, activity, outcome, people);
  event.session_id = session.id;
  event.session_kind = session.kind;
  event.session_implied = session.id === '' && event.user_key !== '' && activity !== 'session_revoke';
  const token = readPresented(record, activity);
  event.token_id = token.id;
  event.token_type = token.type;

  event.address = addressOf(record);
  // What Okta knows of the network; enrichment may know better.
  const asn = Number(textIn(record.security, 'asNumber'));
  if (Number.isInteger(asn) && asn > 0 && asn <= 0xffff_ffff) {
    event.asn = asn;
    event.as_organization = known(record.security, 'asOrg');
  }
  event.user_agent = redactText(textIn(userAgentOf(record), 'rawUserAgent'), hidden);
  if (people.isSystem || isInternalHop(record)) event.client_kind = 'service';
  event.tls_fingerprint = known(record.debug, 'ja4') || known(record.debug, 'ja3');

  event.attributes = attributeTexts(log.attributes, hidden, (key) => !isFieldOf(received, key));
  event.raw = textWithoutSecrets(received, text, record.debug, hidden);

  const identifiers = noIdentifiers();
  identifiers.session = session.id;
  identifiers.aliases = session.aliases;
  identifiers.token = token.id;
  identifiers.device = known(record.device, 'id');
  identifiers.deviceIsStrong = identifiers.device !== '';
  if (activity === 'token_issue' && outcome === 'success') identifiers.issued = readIssued(record);
  return { event, identifiers };
}

function timeOf({ published }: OktaRecord): bigint | undefined | null {
  if (published === undefined) return undefined;
  return typeof published === 'string' ? (parseTimestamp(published) ?? null) : null;
}

function keyOf({ id, name }: Person, organization: string): string {
  return userKey({ source: SOURCE, organization, name, id, email: '' });
}

/** No field of the event names the organization: only who fetched it can say. */
function organizationOf(log: LogRecord): string {
  return (
    attributeText(log.resource.attributes, 'okta.domain') || attributeText(log.attributes, 'okta.domain')
  );
}

function userAgentOf({ client }: OktaRecord) {
  return objectIn(client, 'userAgent');
}

/** The client's own address; events made by a job have it in the chain of the request that caused them, if at all. */
function addressOf({ client, chain }: OktaRecord): string {
  const own = known(client, 'ipAddress');
  if (own !== '') return own;
  for (const hop of chain) {
    const address = known(hop, 'ip');
    if (address !== '') return address;
  }
  return '';
}
