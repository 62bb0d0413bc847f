import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEnricher } from '../../../processor/enrich/enrich.js';
import { normalize } from '../../../processor/normalize/normalize.js';
import type { AnyValue } from '../../../processor/receiver/log-record.js';
import { emptyEvent } from '../../../schema/event.js';
import { createKeys } from '../../../schema/keys.js';
import { ACTIVITIES, CLIENT_KINDS, EVIDENCE_GRADES, OUTCOMES, SESSION_KINDS } from '../../../schema/words.js';
import { type Fixture, fixturesOf } from './fixture.js';
import { anyValueOf, logRecord } from './log-records.js';

type Json = null | boolean | number | string | Json[] | { [field: string]: Json };

const keys = createKeys('a test secret');
const enrich = createEnricher({ keys });
const context = { receivedAt: Date.parse('2026-03-02T10:00:00Z'), keys };

const junk: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(null, true, '', 'unknown', '__proto__', 'x'.repeat(5000), 0, -1, 1e300, [], {}, [[]]),
  fc.constantFrom<Json>('2026-02-31T00:00:00Z', '::ffff:1.2.3.4', 'a, b', '{"a":', '{}', '[{}]', ':', '/'),
  fc.constantFrom<Json>(
    'ConsoleLogin',
    'AssumeRole',
    'AWSAccount',
    'SystemPrincipal',
    'AuditLogs',
    'sign_in',
  ),
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>,
);

/** Where to change (by the numbers of an object and of a field), how, and to what. */
const change = fc.tuple(fc.nat(500), fc.nat(500), fc.nat(4), junk);
type Change = readonly [node: number, field: number, how: number, value: Json];

function nodesOf(value: Json): (Json[] | Record<string, Json>)[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(nodesOf)];
}

/** A copy with fields removed, replaced, repeated under another spelling, or written as JSON text. */
function changed(value: Json, changes: readonly Change[]): Json {
  const copy = structuredClone(value);
  for (const [where, which, how, other] of changes) {
    const nodes = nodesOf(copy);
    const node = nodes[where % Math.max(nodes.length, 1)] as Record<string, Json> | undefined;
    const fields = Object.keys(node ?? {});
    const field = fields[which % Math.max(fields.length, 1)];
    if (node === undefined || field === undefined) continue;
    const before = node[field] ?? null;
    if (how === 0) delete node[field];
    else if (how === 1) node[field] = structuredClone(other);
    else if (how === 2) node[field] = JSON.stringify(before);
    else {
      delete node[field];
      node[how === 3 ? field.toLowerCase() : field.replace(/[A-Z]/g, (letter) => `_${letter}`)] = before;
    }
  }
  return copy;
}

const typed = ([name, value]: [string, unknown]): [string, string] => [
  name,
  Array.isArray(value) ? 'list' : typeof value,
];
const COLUMNS = Object.entries(emptyEvent('otel')).map(typed);

const FORMS: readonly ((record: Json) => AnyValue)[] = [
  (record) => JSON.stringify(record),
  (record) => anyValueOf(record),
  (record) => Buffer.from(JSON.stringify(record)),
  (record) => JSON.stringify({ Records: [record, record] }),
  (record) => JSON.stringify({ records: [record, { category: 'x', resourceId: '/y' }] }),
  (record) => JSON.stringify({ '@odata.context': 'x', value: [record] }),
  (record) => JSON.stringify({ message: JSON.stringify(record) }),
  (record) => JSON.stringify(record).slice(0, -3),
];

describe.each(['cloudtrail', 'okta', 'entra', 'otel'])(
  'a record of %s, however it was changed on the way',
  (source) => {
    const seeds: readonly Fixture[] = fixturesOf(source);

    it('is an event of known words, a failure with its place, or not recognised; never an exception', () => {
      const property = fc.property(
        fc.constantFrom(...seeds),
        fc.array(change, { maxLength: 8 }),
        fc.nat(FORMS.length - 1),
        fc.constantFrom('', source),
        ({ body = null, attributes, resource = {}, eventName = '' }, changes, form, claimed) => {
          const claim = claimed === '' ? {} : { 'vouchtrail.source': claimed };
          const changedBody = attributes === undefined ? changed(body as Json, changes) : (body as Json);
          const log = logRecord({
            body: attributes === undefined ? FORMS[form]?.(changedBody) : anyValueOf(changedBody),
            attributes: { ...(attributes && (changed(attributes as Json, changes) as object)), ...claim },
            resource,
            eventName,
          });
          const { events, failures, unrecognised } = normalize(log, context);
          expect(events.length + failures.length + unrecognised).toBeGreaterThan(0);
          // What an engine's error would say: a reader stumbled.
          for (const { reason } of failures) expect(reason).not.toMatch(/^could not be read/);
          for (const normalized of events) {
            const event = enrich(normalized);
            expect(ACTIVITIES).toContain(event.activity);
            expect(OUTCOMES).toContain(event.outcome);
            expect(EVIDENCE_GRADES).toContain(event.evidence);
            expect(SESSION_KINDS).toContain(event.session_kind);
            expect(CLIENT_KINDS).toContain(event.client_kind);
            expect(event.event_id).toMatch(/^[0-9a-f]{32}$/);
            if (event.outcome !== 'success') expect(event.vouches_for).toEqual([]);
            expect(Object.entries(event).map(typed)).toEqual(COLUMNS);
            JSON.parse(event.raw);
          }
        },
      );
      fc.assert(property, { numRuns: 500 });
    });
  },
);

it.each(['__proto__', 'constructor', 'toString'])(
  'a word of a sender that every object has is a word like others: %s',
  (word) => {
    const cloudtrail = (more: object) => ({
      eventVersion: '1.09',
      eventType: 'AwsApiCall',
      eventName: 'CredentialVerification',
      eventSource: 'signin.amazonaws.com',
      userIdentity: { type: 'IAMUser', userName: 'maren', accountId: '111122223333' },
      ...more,
    });
    const okta = {
      uuid: 'u',
      published: '2026-03-02T09:15:30.250Z',
      eventType: 'app.oauth2.token.grant',
      actor: { id: '00u', type: 'User', alternateId: 'maren@example.com' },
      outcome: { result: word },
      debugContext: { debugData: { grantType: word, risk: word, factor: word } },
    };
    const entra = {
      id: 'e',
      createdDateTime: '2026-03-02T09:15:30Z',
      conditionalAccessStatus: word,
      appId: word,
      userPrincipalName: 'maren@example.com',
      deviceDetail: { browser: word, operatingSystem: word },
    };
    const bodies = [
      cloudtrail({ additionalEventData: { CredentialType: word } }),
      cloudtrail({ eventName: word, eventSource: undefined }),
      okta,
      entra,
    ];
    const attributes = { 'aws.cloudtrail.event_id': 'e', 'rpc.service': word, 'rpc.method': 'AssumeRole' };
    const results = [
      ...bodies.map((body) => normalize(logRecord({ body: JSON.stringify(body) }), context)),
      normalize(logRecord({ attributes }), context),
    ];
    for (const { events, failures } of results) {
      expect(failures).toEqual([]);
      const [event] = events.map(enrich);
      expect(Object.entries(event ?? {}).map(typed)).toEqual(COLUMNS);
      expect(OUTCOMES).toContain(event?.outcome);
    }
  },
);
