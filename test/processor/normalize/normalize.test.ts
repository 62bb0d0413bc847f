import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalize } from '../../../processor/normalize/normalize.js';
import type { NormalizeResult } from '../../../processor/normalize/normalized.js';
import type { AnyValue, LogRecord } from '../../../processor/receiver/log-record.js';
import { createKeys } from '../../../schema/keys.js';
import { anyValueOf, type LogRecordParts, logRecord } from './log-records.js';

const keys = createKeys('a test secret');
const context = { receivedAt: Date.parse('2026-03-02T10:00:00Z'), keys };

function read(parts: LogRecordParts, more: object = {}): NormalizeResult {
  return normalize(logRecord(parts), { ...context, ...more });
}

function call(eventName: string, more: object = {}): object {
  return {
    eventVersion: '1.09',
    eventSource: 'ec2.amazonaws.com',
    eventName,
    eventTime: '2026-03-02T09:15:30Z',
    userIdentity: { type: 'IAMUser', userName: 'maren', accountId: '111122223333' },
    ...more,
  };
}

describe('a log record', () => {
  it('that holds several records is as many events', () => {
    const body = JSON.stringify({ Records: [call('A', { eventID: '1' }), call('B', { eventID: '2' })] });
    const { events, failures } = read({ body });
    expect(events.map(({ event }) => event.vendor_event_type)).toEqual(['A', 'B']);
    expect(new Set(events.map(({ event }) => event.event_id)).size).toBe(2);
    expect(JSON.parse(events[1]?.event.raw ?? '')).toEqual(call('B', { eventID: '2' }));
    expect(failures).toEqual([]);
  });

  it('of lines of JSON is an event a line, and a cut line is a failure', () => {
    const lines = [call('A'), call('B')].map((record) => JSON.stringify(record));
    const { events, failures } = read({ body: `${lines.join('\n')}\n${lines[0]?.slice(0, -5)}` });
    expect(events).toHaveLength(2);
    expect(failures).toMatchObject([{ source: 'cloudtrail', path: 'body line 3' }]);
  });

  it.each<[string, LogRecordParts]>([
    ['nothing', {}],
    ['a sentence', { body: 'listening on port 8080' }],
    ['a sentence about eventSource and eventName', { body: 'eventSource and eventName are missing' }],
    ['JSON of something else', { body: '{"message":"eventSource, eventName"}' }],
    [
      'a notification of S3',
      { body: '{"Records":[{"eventSource":"aws:s3","eventName":"ObjectCreated:Put"}]}' },
    ],
    ['a map of something else', { body: anyValueOf({ level: 'info', eventName: 'x' }) }],
    ['bytes that are no text', { body: new Uint8Array([0xff, 0xfe, 0x00]) }],
    ['attributes about no person', { body: 'x', attributes: { 'http.route': '/', 'session.count': 3 } }],
  ])('about %s is not recognised, and no failure', (_, parts) => {
    expect(read(parts)).toEqual({ events: [], failures: [], unrecognised: 1 });
  });

  it('says itself whose it is, on the record or on its resource', () => {
    expect(read({ attributes: { 'vouchtrail.source': 'otel' } }).events).toHaveLength(1);
    expect(read({ resource: { 'vouchtrail.source': 'OTel' } }).events).toHaveLength(1);
    const body = JSON.stringify(call('A'));
    const claimed = read({ body, attributes: { 'vouchtrail.source': 'cloudtrail' } });
    expect(claimed.events[0]?.event.source).toBe('cloudtrail');
    const native = read({ body, attributes: { 'vouchtrail.source': 'otel' } });
    expect(native.events[0]?.event.source).toBe('otel');
  });

  it.each<[string, LogRecordParts, object]>([
    [
      'whose source nobody here understands',
      { body: 'x', attributes: { 'vouchtrail.source': 'acme-idp' } },
      { source: 'acme-idp', path: 'attributes["vouchtrail.source"]', text: 'x' },
    ],
    [
      'that says it is of CloudTrail and holds none',
      { body: '{"hello":1}', attributes: { 'vouchtrail.source': 'cloudtrail' } },
      { source: 'cloudtrail', path: 'body', text: '{"hello":1}' },
    ],
    [
      'that was cut off',
      { body: JSON.stringify(call('A')).slice(0, -9) },
      { source: 'cloudtrail', path: 'body', reason: 'is not valid JSON: cut off, or not JSON at all' },
    ],
    [
      'of CloudTrail without a name',
      { body: JSON.stringify([call('A', { eventName: null, eventType: 'AwsApiCall' })]) },
      { source: 'cloudtrail', path: 'body[0].eventName' },
    ],
    [
      'of an application that names an activity which does not exist',
      { attributes: { 'user.id': 'u-1', 'vouchtrail.activity': 'log-in' } },
      { source: 'otel', path: 'attributes["vouchtrail.activity"]' },
    ],
  ])('%s is a failure with its place and its text', (_, parts, failure) => {
    const result = read(parts);
    expect(result).toMatchObject({ events: [], failures: [failure], unrecognised: 0 });
    expect(result.failures[0]?.reason).not.toBe('');
    expect(result.failures[0]?.text).not.toBe('');
  });

  it('with a broken record among good ones loses none of either', () => {
    const { events, failures } = read({
      body: JSON.stringify({ Records: [call('A'), { x: 1 }, 'y', call('B')] }),
    });
    expect(events).toHaveLength(2);
    expect(failures).toMatchObject([
      { path: 'body.Records[1]', text: '{"x":1}' },
      { path: 'body.Records[2]', text: '"y"' },
    ]);
  });

  it("that fails is kept without secrets and without the application's session id", () => {
    const cut = `${JSON.stringify(call('A', { responseElements: { credentials: { sessionToken: 'S3CRET' } } })).slice(0, -1)}`;
    expect(read({ body: cut }).failures[0]?.text).not.toContain('S3CRET');
    const attributes = {
      'session.id': 'S3CRET-session',
      'vouchtrail.activity': 'log-in',
      password: 'S3CRET',
    };
    const failed = read({ attributes, body: 'with S3CRET-session' });
    expect(failed.failures).toHaveLength(1);
    expect(JSON.stringify(failed)).not.toContain('S3CRET');
  });
});

describe('the tenant', () => {
  const resource = { 'vouchtrail.tenant': 'acme' };
  const body = JSON.stringify(call('A'));

  it("is the token's, whatever the sender says", () => {
    expect(read({ body, resource }, { tenant: 'globex' }).events[0]?.event.tenant).toBe('globex');
  });

  it("is the sender's where no authentication is on, else default", () => {
    expect(read({ body, resource }).events[0]?.event.tenant).toBe('acme');
    expect(read({ body }).events[0]?.event.tenant).toBe('default');
    const failed = read({ resource, attributes: { 'vouchtrail.source': 'acme-idp' } });
    expect(failed.failures[0]?.tenant).toBe('acme');
  });
});

describe('the event id', () => {
  const idOf = (parts: LogRecordParts) => read(parts).events[0]?.event.event_id;

  it("is made of the vendor's, however the record arrives", () => {
    const record = call('A', { eventID: 'e-1' });
    const id = idOf({ body: JSON.stringify(record) });
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(idOf({ body: anyValueOf(record), observedTimeUnixNano: 5n })).toBe(id);
    expect(idOf({ body: JSON.stringify(call('B', { eventID: 'e-2' })) })).not.toBe(id);
  });

  it('is a hash of the record where the vendor gives none: the same again, another for another', () => {
    const id = idOf({ body: JSON.stringify(call('A')) });
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(idOf({ body: JSON.stringify(call('A')) })).toBe(id);
    expect(idOf({ body: JSON.stringify(call('B')) })).not.toBe(id);
  });

  it("of an application's record tells times, sessions and users apart, and deliveries not", () => {
    const parts = {
      attributes: { 'session.id': 'session-EXAMPLE-1', 'user.id': 'u-1' },
      timeUnixNano: 10n ** 18n,
    };
    const ids = [
      parts,
      { ...parts, timeUnixNano: 10n ** 18n + 1n },
      { ...parts, attributes: { ...parts.attributes, 'session.id': 'session-EXAMPLE-2' } },
      { ...parts, attributes: { ...parts.attributes, 'user.id': 'u-2' } },
    ].map(idOf);
    expect(new Set(ids).size).toBe(4);
    expect(idOf({ ...parts, observedTimeUnixNano: 77n })).toBe(ids[0]);
  });
});

describe("an application's session id", () => {
  const id = 'c00k/ie+EXAMPLE==';
  const attributes = {
    'session.id': id,
    'user.id': 'u-1',
    'url.query': `s=${encodeURIComponent(id)}`,
    nested: { deep: [id] },
  };

  it('is its key in raw text, attributes and messages', () => {
    const { event, identifiers } = read({ body: `GET /?s=${id}`, attributes }).events[0] ?? {};
    const key = keys.sessionKey({ tenant: 'default', source: 'otel', organization: '' }, id);
    expect(identifiers?.session).toBe(id);
    expect(event?.attributes['session.id']).toBe(key);
    expect(JSON.parse(event?.raw ?? '')).toMatchObject({ attributes: { 'session.id': key } });
    expect(JSON.stringify({ ...event, ts: 0, observed_at: 0, session_created_at: 0 })).not.toContain('c00k');
  });

  it('is gone where there are no keys', () => {
    const { events } = normalize(logRecord({ attributes }), { receivedAt: context.receivedAt });
    expect(events[0]?.event.raw).not.toContain('c00k');
    expect(events[0]?.event.attributes['session.id']).toBe('[redacted]');
  });

  it('is hidden on the resource whatever characters it has, and however often the resource comes', () => {
    const log = logRecord({ resource: { 'session.id': 'c00k"ie\\EXAMPLE', note: 'of c00k"ie\\EXAMPLE' } });
    for (let round = 0; round < 2; round++) {
      const event = normalize(log, context).events[0]?.event;
      expect(JSON.stringify([event?.raw, event?.resource_attributes])).not.toContain('c00k');
    }
  });

  it("is hidden on a vendor's record too, and not in the next one of the same resource", () => {
    const resource = { 'session.id': id, 'service.name': 'web' };
    const event = read({ body: JSON.stringify(call('A')), resource, attributes }).events[0]?.event;
    expect(JSON.stringify([event?.attributes, event?.resource_attributes])).not.toContain('c00k');
  });
});

describe('whatever a sender sends', () => {
  const junk = fc.anything({ withBigInt: true, maxDepth: 4 });
  const record = fc.record(
    {
      eventVersion: fc.oneof(fc.constant('1.09'), junk),
      eventSource: fc.oneof(
        fc.constantFrom('sts.amazonaws.com', 'signin.amazonaws.com', 'iam.amazonaws.com'),
        junk,
      ),
      eventName: fc.oneof(
        fc.constantFrom(
          'ConsoleLogin',
          'AssumeRole',
          'GetFederationToken',
          'SwitchRole',
          'CredentialVerification',
        ),
        fc.string(),
        junk,
      ),
      eventType: fc.oneof(fc.constantFrom('AwsApiCall', 'AwsCloudTrailInsight'), junk),
      eventTime: fc.oneof(fc.constant('2026-03-02T09:15:30Z'), fc.string(), junk),
      eventID: fc.oneof(fc.uuid(), junk),
      sourceIPAddress: fc.oneof(fc.ipV4(), fc.ipV6(), fc.string(), junk),
      userIdentity: fc.oneof(
        fc.record(
          {
            type: fc.oneof(
              fc.constantFrom('IAMUser', 'Root', 'AssumedRole', 'AWSAccount', 'FederatedUser'),
              junk,
            ),
            principalId: fc.oneof(fc.string(), junk),
            arn: fc.oneof(fc.string(), junk),
            userName: fc.oneof(fc.string(), junk),
            sessionContext: fc.oneof(
              fc.record({ attributes: fc.record({ creationDate: fc.oneof(fc.string(), junk) }) }),
              junk,
            ),
          },
          { requiredKeys: [] },
        ),
        junk,
      ),
      requestParameters: fc.oneof(fc.record({ roleArn: fc.string(), roleSessionName: fc.string() }), junk),
      responseElements: fc.oneof(fc.record({ credentials: junk, assumedRoleUser: junk }), junk),
      additionalEventData: fc.oneof(
        fc.record({ MFAUsed: junk, MFAIdentifier: junk, CredentialType: junk }),
        junk,
      ),
    },
    { requiredKeys: ['eventSource', 'eventName'] },
  );

  function check(log: LogRecord): void {
    const { events, failures, unrecognised } = normalize(log, context);
    expect(events.length + failures.length + unrecognised).toBeGreaterThan(0);
    for (const { event, identifiers } of events) {
      expect(event.event_id).toMatch(/^[0-9a-f]{32}$/);
      JSON.parse(event.raw);
      if (event.outcome !== 'success') expect(event.evidence).toBe('none');
      for (const text of [
        event.user_key,
        event.session_id,
        event.action,
        event.address,
        identifiers.session,
      ]) {
        expect(typeof text).toBe('string');
      }
      for (const text of Object.values(event.attributes)) expect(typeof text).toBe('string');
    }
    for (const failure of failures) expect(failure.text.length).toBeLessThanOrEqual(65_536);
  }

  it('as CloudTrail, nothing is thrown and every record is an event, a failure or counted', () => {
    fc.assert(
      fc.property(record, fc.nat(3), (value, form) => {
        const text = JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? Number(part) : part));
        const cut = text.slice(0, Math.floor(text.length * 0.8));
        const bodies: AnyValue[] = [text, anyValueOf(JSON.parse(text)), `{"Records":[${text},${text}]}`, cut];
        check(logRecord({ body: bodies[form] }));
      }),
      { numRuns: 500 },
    );
  });

  it('as an application, nothing is thrown either', () => {
    const names = fc.constantFrom(
      'session.id',
      'session.previous_id',
      'user.id',
      'user.name',
      'vouchtrail.activity',
      'vouchtrail.amr',
      'vouchtrail.evidence',
      'vouchtrail.outcome',
      'vouchtrail.source',
      'http.route',
      'log.record.uid',
      '__proto__',
    );
    const value = fc.oneof(
      fc.constantFrom('sign_in', 'mfa', 'success', 'otel'),
      fc.string({ unit: 'binary' }),
      fc.bigInt(),
      fc.uint8Array(),
      junk,
    );
    fc.assert(
      fc.property(
        fc.dictionary(names, value),
        junk,
        fc.dictionary(names, value),
        (attributes, body, resource) => {
          check(logRecord({ attributes, body: anyValueOf(body), resource }));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('nested without end, nothing is thrown', () => {
    const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
    check(logRecord({ body: `{"eventSource":"s3.amazonaws.com","eventName":"x","a":${deep}}` }));
    check(logRecord({ body: `${'['.repeat(100_000)}"eventSource eventName"${']'.repeat(100_000)}` }));
  });
});
