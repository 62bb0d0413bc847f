import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEnricher } from '../../../processor/enrich/enrich.js';
import { normalize } from '../../../processor/normalize/normalize.js';
import type { NormalizeResult } from '../../../processor/normalize/normalized.js';
import { type Event, gradeNumber } from '../../../schema/event.js';
import { createKeys } from '../../../schema/keys.js';
import { ACTIVITIES, EVIDENCE_GRADES, OUTCOMES, POLICY_RESULTS } from '../../../schema/words.js';
import { anyValueOf, type LogRecordParts, logRecord } from './log-records.js';

type Json = null | boolean | number | string | Json[] | { [field: string]: Json };
type Body = Record<string, Json> & { properties: Record<string, Json> };

const keys = createKeys('a test secret');
const enrich = createEnricher({ keys });
const context = { receivedAt: Date.parse('2026-03-02T10:00:00Z'), keys };
const folder = join(import.meta.dirname, 'fixtures/entra');

function fixture(name: string): { body: Body; attributes?: Record<string, Json>; resource?: object } {
  return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
}

function read(parts: LogRecordParts): NormalizeResult {
  return normalize(logRecord(parts), context);
}

function eventOf(body: unknown): Event {
  const { events, failures } = read({ body: JSON.stringify(body) });
  expect(failures).toEqual([]);
  expect(events).toHaveLength(1);
  const [only] = events;
  return enrich(only as NonNullable<typeof only>);
}

describe('one sign-in', () => {
  it.each(['password-and-push', 'refresh', 'refresh-revoked', 'previously-satisfied', 'device-code'])(
    'is one event in the shape of diagnostic settings and in that of Microsoft Graph: %s',
    (name) => {
      const { body } = fixture(name);
      const diagnostic = eventOf(body);
      const graph = eventOf(body.properties);
      expect(graph.event_id).toBe(diagnostic.event_id);
      expect({ ...graph, raw: '' }).toEqual({ ...diagnostic, raw: '' });
    },
  );

  it('is one event by way of the event hub and of the encoding extension', () => {
    const { body } = fixture('password-and-push');
    const { correlationId, ...fields } = body.properties;
    const envelope = { 'azure.category': 'SignInLogs', 'azure.operation.name': 'Sign-in activity' };
    const resource = { 'cloud.resource_id': body['resourceId'], 'azure.tenant.id': body['tenantId'] };
    const ways: LogRecordParts[] = [
      {
        attributes: { ...envelope, 'azure.properties': body.properties, 'azure.tenant.id': body['tenantId'] },
      },
      { attributes: { ...envelope, 'azure.properties': JSON.stringify(body.properties) }, resource },
      { attributes: { ...envelope, 'azure.correlation_id': correlationId, ...fields }, resource },
      { body: Buffer.from(JSON.stringify({ records: [body] })), attributes: { 'message.id': '7' } },
    ];
    const expected = eventOf(body);
    for (const way of ways) {
      const { events } = read(way);
      expect(events).toHaveLength(1);
      const event = enrich(events[0] as (typeof events)[number]);
      const same = { raw: '', attributes: {}, resource_attributes: {} };
      expect({ ...event, ...same }).toEqual({ ...expected, ...same });
    }
  });
});

describe('a message of an event hub', () => {
  it('is as many events as it has records, and a broken one is a dead letter', () => {
    const good = [fixture('password').body, fixture('graph-activity').body, fixture('revoke-sessions').body];
    const { properties: _, ...broken } = fixture('refresh').body;
    const body = Buffer.from(JSON.stringify({ records: [...good, broken] }));
    const { events, failures } = read({ body });
    expect(events.map(({ event }) => event.activity)).toEqual(['sign_in', 'access', 'session_revoke']);
    expect(failures).toMatchObject([
      { source: 'entra', path: 'body.records[3].properties', reason: 'is missing or not an object' },
    ]);
  });

  it.each<[string, unknown]>([
    [
      "of Azure's activity",
      {
        time: '2026-03-02T09:00:00Z',
        category: 'Administrative',
        operationName: 'MICROSOFT.COMPUTE/VIRTUALMACHINES/WRITE',
        resourceId: '/SUBSCRIPTIONS/1/RESOURCEGROUPS/A',
        properties: { statusCode: 'Created' },
      },
    ],
    [
      "of another service's audit log",
      {
        category: 'AuditLogs',
        operationName: 'search-type',
        resourceId: '/SUBSCRIPTIONS/1/PROVIDERS/MICROSOFT.HEALTHCAREAPIS/X',
        properties: { requestUri: '/' },
      },
    ],
    [
      'of a user of Microsoft Graph',
      { id: '1', createdDateTime: '2026-03-02T09:00:00Z', userPrincipalName: 'a@b' },
    ],
    ['of words', 'category, properties and operation'],
  ])('%s is none of Entra ID', (_, body) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    expect(read({ body: text })).toEqual({ events: [], failures: [], unrecognised: 1 });
    expect(read({ body: anyValueOf(body) })).toEqual({ events: [], failures: [], unrecognised: 1 });
  });

  it('of the encoding extension about a key vault is none', () => {
    const attributes = { 'azure.category': 'AuditEvent', 'azure.operation.name': 'SecretGet', string: 'x' };
    expect(read({ attributes })).toEqual({ events: [], failures: [], unrecognised: 1 });
  });
});

describe('what an event vouches for', () => {
  it('is its session and the token that it issued, if it is a sign-in', () => {
    const event = eventOf(fixture('password-and-push').body);
    expect(event.session_key).not.toBe('');
    expect(event.vouches_for).toEqual([event.session_key, event.token_key]);
    expect(event.assurance_level).toBe(2);
  });

  it('is no evidence if it is a refresh, and the refresh belongs to the session and its strong device', () => {
    const refresh = eventOf(fixture('refresh').body);
    expect(gradeNumber(refresh.evidence)).toBeLessThan(gradeNumber('credential'));
    expect(refresh.session_key).toBe(eventOf(fixture('password').body).session_key);
    expect(refresh.device_key).toMatch(/^[0-9a-f]{32}$/);
    expect(eventOf(fixture('password').body).device_key).toBe('');
  });

  it('joins a request to Microsoft Graph by session and by token', () => {
    const signIn = eventOf(fixture('password').body);
    const request = eventOf(fixture('graph-activity').body);
    expect(signIn.vouches_for).toEqual([request.session_key, request.token_key]);
  });

  it('is the token alone, if a service signs in', () => {
    const event = eventOf(fixture('service-principal').body);
    expect(event.vouches_for).toEqual([event.token_key]);
    expect(eventOf(fixture('managed-identity').body).vouches_for).toEqual([event.token_key]);
  });

  it('is nothing, if it failed', () => {
    expect(eventOf(fixture('factor-refused').body).vouches_for).toEqual([]);
    expect(eventOf(fixture('blocked').body).vouches_for).toEqual([]);
  });

  it("names whose sessions end, and does not end the administrator's", () => {
    const event = eventOf(fixture('revoke-sessions').body);
    expect(event).toMatchObject({ session_key: '', target_user_key: 'maren@example.com' });
    expect(event.target_user_key).toBe(eventOf(fixture('password').body).user_key);
  });
});

it('has the address without its port', () => {
  expect(eventOf(fixture('placeholders').body).address).toBe('198.51.100.20');
});

it('keeps two states of one risky user apart', () => {
  const { body } = fixture('risky-user');
  const later = {
    ...body.properties,
    riskLastUpdatedDateTime: '2026-03-02T9:12:00Z',
    riskState: 'dismissed',
  };
  expect(eventOf({ ...body, properties: later }).event_id).not.toBe(eventOf(body).event_id);
});

/** Every fixture as a log record. */
const seeds = readdirSync(folder).map((name) => fixture(name.replace('.json', '')));

/** Every object and list in a value, the value first. */
function nodesOf(value: Json): (Json[] | Record<string, Json>)[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(nodesOf)];
}

describe('secrets in a record', () => {
  it.each(seeds.map((seed) => [JSON.stringify(seed).slice(0, 60), seed] as const))(
    'are stored nowhere: %s',
    (_, seed) => {
      const planted = structuredClone(seed);
      const root = planted.attributes ?? planted.body;
      for (const node of nodesOf(root)) {
        if (Array.isArray(node)) continue;
        Object.assign(node, {
          password: 'S3CRET-1',
          cookie: 'ESTSAUTH=S3CRET-2',
          refreshToken: 'S3CRET-3',
          note: 'Authorization: Bearer S3CRET-4-S3CRET-4 and ?access_token=S3CRET-5&x=1',
          assertion: ['S3CRET-6'],
          harmless: 'marker',
        });
      }
      const { events, failures } = read({
        ...(planted.attributes === undefined
          ? { body: JSON.stringify(root) }
          : { body: anyValueOf(planted.body), attributes: planted.attributes }),
        resource: planted.resource ?? {},
      });
      expect(failures).toEqual([]);
      expect(events).toHaveLength(1);
      const stored = JSON.stringify(events, (_key, value) =>
        typeof value === 'bigint' ? `${value}` : value,
      );
      expect(stored).not.toContain('S3CRET');
      expect(stored).toContain('marker');
    },
  );
});

describe('whatever a record looks like', () => {
  const junk: fc.Arbitrary<Json> = fc.oneof(
    fc.constantFrom<Json>(null, true, '', 'unknown', '__proto__', 'x'.repeat(5000), 0, -1, 1e300, [], {}),
    fc.constantFrom<Json>('2026-02-31T00:00:00Z', '13/45/2026 99:99:99 PM', '::ffff:1.2.3.4', '[', '{"a":'),
    fc.constantFrom<Json>('Previously satisfied', 'MFA completed in Azure AD', '50140', 'managedIdentity'),
    fc.jsonValue() as fc.Arbitrary<Json>,
  );
  const change = fc.tuple(fc.nat(500), fc.nat(500), fc.nat(2), junk);

  function changed(value: Json, changes: readonly [number, number, number, Json][]): Json {
    const copy = structuredClone(value);
    for (const [where, which, how, shared] of changes) {
      const junk = structuredClone(shared);
      const nodes = nodesOf(copy);
      const node = nodes[where % Math.max(nodes.length, 1)] as Record<string, Json> | undefined;
      if (node === undefined) continue;
      const fields = Object.keys(node);
      const field = fields[which % Math.max(fields.length, 1)] ?? 'category';
      if (how === 0) delete node[field];
      else if (how === 1) node[field] = junk;
      else node[`${field.toUpperCase()}`] = junk;
    }
    return copy;
  }

  it('it is an event of known words, a failure with its place, or not recognised; never an exception', () => {
    const property = fc.property(
      fc.constantFrom(...seeds),
      fc.array(change, { minLength: 1, maxLength: 8 }),
      fc.boolean(),
      (seed, changes, asText) => {
        const attributes = seed.attributes && (changed(seed.attributes, changes) as Record<string, Json>);
        const body = seed.attributes === undefined ? changed(seed.body, changes) : seed.body;
        const { events, failures, unrecognised } = read({
          body: asText ? JSON.stringify(body) : anyValueOf(body),
          attributes: attributes ?? {},
          resource: seed.resource ?? {},
        });
        for (const { reason } of failures) expect(reason).not.toMatch(/^could not be read/);
        for (const normalized of events) {
          const event = enrich(normalized);
          expect(ACTIVITIES).toContain(event.activity);
          expect(OUTCOMES).toContain(event.outcome);
          expect(EVIDENCE_GRADES).toContain(event.evidence);
          expect(POLICY_RESULTS).toContain(event.policy_result);
          expect(event.event_id).toMatch(/^[0-9a-f]{32}$/);
          if (event.outcome === 'failure') expect(event.vouches_for).toEqual([]);
          JSON.parse(event.raw);
        }
        return events.length + failures.length + unrecognised > 0;
      },
    );
    fc.assert(property, { numRuns: 1500 });
  });
});
