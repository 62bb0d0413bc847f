import { ACTIVITIES, NETWORK_CLASSES, OUTCOMES } from '../../schema/words.js';
import { builder } from '../builder.js';
import { eventKey } from '../reading/event-key.js';
import { eventLoader, eventRecordLoader } from '../reading/event-loaders.js';
import { sessionLoader } from '../reading/session-loaders.js';
import { gradeOf, wordOf } from '../reading/stored-words.js';
import { Application, applicationOf } from './application.js';
import { Event, Session, User } from './refs.js';
import { userOf } from './user.js';
import { ActivityEnum, EvidenceEnum, NetworkClassEnum, OutcomeEnum } from './words.js';

builder.node(Event, {
  description:
    'One log record about identity, session or application use, in the same shape whoever wrote it.',
  id: { resolve: eventKey },
  brandLoadedObjects: true,
  loadOne: (key, context) => eventLoader(context).load(key),
  fields: (t) => ({
    time: t.field({
      type: 'DateTime',
      description: 'When it happened, by the vendor.',
      resolve: (event) => event.ts,
    }),
    observedTime: t.field({
      type: 'DateTime',
      description: 'When a collector or this program first saw it.',
      resolve: (event) => event.observed_at,
    }),
    activity: t.field({
      type: ActivityEnum,
      resolve: (event) => wordOf(ACTIVITIES, event.activity, 'other'),
    }),
    outcome: t.field({ type: OutcomeEnum, resolve: (event) => wordOf(OUTCOMES, event.outcome, 'unknown') }),
    evidence: t.field({ type: EvidenceEnum, resolve: (event) => gradeOf(event.evidence) }),
    source: t.exposeString('source', { description: 'The vendor family that it came from.' }),
    organization: t.string({
      nullable: true,
      description: 'Identity-provider tenant or cloud account.',
      resolve: (event) => event.organization || null,
    }),
    region: t.string({ nullable: true, resolve: (event) => event.region || null }),
    vendorEventType: t.exposeString('vendor_event_type', { description: "The vendor's own name of it." }),
    vendorEventId: t.string({
      nullable: true,
      description: "The vendor's own id of it.",
      resolve: (event) => event.vendor_event_id || null,
    }),
    user: t.field({ type: User, nullable: true, resolve: userOf }),
    session: t.field({
      type: Session,
      nullable: true,
      description: 'Null where it names none, and until the session has been judged.',
      resolve: (event, _args, context) =>
        event.session_key === '' ? null : sessionLoader(context).load(event.session_key),
    }),
    sessionKey: t.string({ nullable: true, resolve: (event) => event.session_key || null }),
    tokenKey: t.string({
      nullable: true,
      description: 'Keyed hash of the token that was used.',
      resolve: (event) => event.token_key || null,
    }),
    application: t.field({ type: Application, nullable: true, resolve: applicationOf }),
    action: t.string({
      nullable: true,
      description: 'What was done, such as s3.amazonaws.com:GetObject.',
      resolve: (event) => event.action || null,
    }),
    address: t.string({ nullable: true, resolve: (event) => event.address || null }),
    country: t.string({
      nullable: true,
      description: 'ISO 3166-1 alpha-2 of the address.',
      resolve: (event) => event.country || null,
    }),
    asn: t.int({
      nullable: true,
      description: 'Autonomous system of the address.',
      // Int ends at 2^31 - 1; the numbers above are private or reserved, and name no network.
      resolve: (event) => (event.asn > 0 && event.asn < 2 ** 31 ? event.asn : null),
    }),
    asOrganization: t.string({ nullable: true, resolve: (event) => event.as_organization || null }),
    networkClass: t.field({
      type: NetworkClassEnum,
      resolve: (event) => wordOf(NETWORK_CLASSES, event.network_class, 'unknown'),
    }),
    userAgent: t.string({ nullable: true, resolve: (event) => event.user_agent || null }),
    browser: t.string({
      nullable: true,
      description: 'Browser or tool family.',
      resolve: (event) => event.browser || null,
    }),
    browserVersion: t.string({ nullable: true, resolve: (event) => event.browser_version || null }),
    os: t.string({ nullable: true, resolve: (event) => event.os || null }),
    osVersion: t.string({ nullable: true, resolve: (event) => event.os_version || null }),
    deviceKey: t.string({
      nullable: true,
      description: 'Keyed hash of the device id, where it is a strong one.',
      resolve: (event) => event.device_key || null,
    }),
    assuranceLevel: t.int({
      nullable: true,
      description: 'NIST SP 800-63B AAL of this event; null if it says nothing.',
      resolve: (event) => event.assurance_level || null,
    }),
    amr: t.stringList({
      description: 'Authentication methods (RFC 8176).',
      resolve: (event) => [...event.amr],
    }),
    attributes: t.field({
      type: 'JSON',
      description: 'Attributes of the log record, secrets removed.',
      resolve: async (event, _args, context) =>
        (await eventRecordLoader(context).load(eventKey(event)))?.attributes ?? {},
    }),
    raw: t.string({
      nullable: true,
      description: "The vendor's record as JSON text, secrets removed; null once its retention is over.",
      resolve: async (event, _args, context) =>
        (await eventRecordLoader(context).load(eventKey(event)))?.raw || null,
    }),
  }),
});
