import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEnricher } from '../../../processor/enrich/enrich.js';
import { normalize } from '../../../processor/normalize/normalize.js';
import type { NormalizeResult } from '../../../processor/normalize/normalized.js';
import type { AnyValue } from '../../../processor/receiver/log-record.js';
import type { Event } from '../../../schema/event.js';
import { createKeys } from '../../../schema/keys.js';
import { anyValueOf, type LogRecordParts, logRecord, samplesFolder } from './log-records.js';

const keys = createKeys('a test secret');
const enrich = createEnricher({ keys });
const context = { receivedAt: Date.parse('2026-03-02T10:00:00Z'), keys };

function read(parts: LogRecordParts): NormalizeResult {
  return normalize(logRecord(parts), context);
}

const folder = join(import.meta.dirname, 'fixtures/okta');

/** The records of the fixtures, by the names of their files. */
const records = new Map<string, object>(
  readdirSync(folder).flatMap((name): [string, object][] => {
    const { body } = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    return typeof body === 'object' && body !== null ? [[name.slice(0, -'.json'.length), body]] : [];
  }),
);

function eventOf(name: string, more: object = {}): Event {
  const { events } = read({ body: JSON.stringify({ ...records.get(name), ...more }) });
  if (events[0] === undefined) throw new Error(`${name} is no event`);
  return enrich(events[0]);
}

describe('the sessions of Okta', () => {
  it('have one key, whichever of its ids a record has beside the root', () => {
    const signIn = eventOf('sign-in-root-session');
    const use = eventOf('sso');
    expect(signIn.session_key).toMatch(/^[0-9a-f]{32}$/);
    expect(use.session_key).toBe(signIn.session_key);
    expect(signIn.vouches_for).toContain(use.session_key);
  });

  it('are vouched for under their other ids too', () => {
    const { session_aliases: aliases, vouches_for: vouched } = eventOf('sign-in-root-session');
    expect(aliases).toEqual([eventOf('sign-in').session_key]);
    expect(vouched).toEqual(expect.arrayContaining([...aliases]));
  });

  it('are not vouched for by a policy that allows, or by a refused factor', () => {
    for (const name of ['policy-allow', 'mfa-push-denied', 'sign-in-failed', 'sso', 'mfa-challenge-push']) {
      expect(eventOf(name).vouches_for).toEqual([]);
    }
  });

  it('vouch for the tokens that they issue', () => {
    const issue = eventOf('token-grant');
    expect(issue.vouches_for).toEqual([keys.tokenKey('default', 'AT.exampleAccessTokenId0001')]);
    expect(eventOf('token-revoke').token_key).toBe(issue.vouches_for[0]);
  });
});

it("names a device by Okta's id of it, and never by the hash of a cookie", () => {
  expect(eventOf('mfa-fastpass').device_key).toBe(keys.deviceKey('default', 'guoEXAMPLE0000000001'));
  const debugContext = { debugData: { dtHash: 'f'.repeat(64), deviceFingerprint: 'e'.repeat(32) } };
  expect(eventOf('sso', { device: null, debugContext }).device_key).toBe('');
});

it('states assurance by what was proved: a password one, a factor two, protected hardware three', () => {
  const levels = ['mfa-password', 'mfa-push', 'mfa-webauthn', 'mfa-fastpass', 'mfa-bypass'].map(
    (name) => eventOf(name).assurance_level,
  );
  expect(levels).toEqual([1, 2, 2, 3, 0]);
});

describe('an event hook', () => {
  const [first, second] = [records.get('sign-in'), records.get('sso')];

  it('delivers several events in one record', () => {
    const body = JSON.stringify({ eventType: 'com.okta.event_hook', data: { events: [first, second] } });
    const { events, failures } = read({ body });
    expect(events.map(({ event }) => event.activity)).toEqual(['sign_in', 'access']);
    expect(failures).toEqual([]);
  });

  it('keeps what it cannot read of them', () => {
    const { events, failures } = read({
      body: JSON.stringify({ data: { events: [first, { alternateId: 1 }] } }),
    });
    expect(events).toHaveLength(1);
    expect(failures).toMatchObject([{ source: 'okta', path: 'body.data.events[1]' }]);
  });
});

it('keeps a record that was cut off on the way', () => {
  const text = JSON.stringify(records.get('sso'));
  expect(read({ body: text.slice(0, -20) }).failures).toMatchObject([{ source: 'okta', path: 'body' }]);
});

describe('secrets planted in any record', () => {
  const secret = (i: number): string => `S3CRET${i}${'x'.repeat(24)}`;
  const marker = 'harmless-marker-7';

  function planted(record: object): object {
    const { debugContext, ...rest } = record as { debugContext?: { debugData?: object } };
    const debugData = {
      ...debugContext?.debugData,
      url: `/login/token/redirect?stateToken=${secret(1)}&note=${marker}`,
      sessionToken: secret(2),
      recovery_token: secret(3),
      referer: `https://app.example.com/cb?code=${secret(4)}&id_token=eyJhbGciOi.eyJ${secret(5)}.c2ln`,
      headers: { Cookie: `sid=${secret(6)}`, Authorization: `SSWS ${secret(7)}` },
      SAMLResponse: `PHNhbWxwOlJlc3BvbnNl${secret(8)}`,
      proxy: `Basic ${secret(9)}`,
      password: secret(10),
    };
    return { ...rest, debugContext: { debugData } };
  }

  it.each([...records.keys()].filter((name) => !/hook|stream|few|case/.test(name)))('%s', (name) => {
    const text = JSON.stringify(planted(records.get(name) ?? {}));
    for (const body of [text, anyValueOf(JSON.parse(text)), `[${text}]`]) {
      const [normalized] = read({ body, attributes: { 'http.request.header.cookie': secret(11) } }).events;
      const stored = JSON.stringify(normalized?.event, (_, value) =>
        typeof value === 'bigint' ? `${value}` : value,
      );
      expect(stored).toContain(marker);
      expect(stored).not.toContain('S3CRET');
    }
  });
});

describe('whatever a sender makes of an event', () => {
  const bodies = [...records.values()];
  const junk = fc.oneof(
    fc.constantFrom(null, true, '', 'unknown', 'null', '__proto__', 'x'.repeat(5000), 0, -1, 1e300, [], {}),
    fc.constantFrom(
      'User',
      'trs',
      'SUCCESS',
      '2026-13-45T99:99:99Z',
      '{level=HIGH',
      '{"a":',
      'user.session.start',
    ),
    fc.anything({ maxDepth: 2 }),
  );

  /** The record with a value replaced, removed or renamed, wherever `seed` falls. */
  function mutated(record: unknown, seed: number, how: number, value: unknown): unknown {
    if (typeof record !== 'object' || record === null) return value;
    const copy = Object.assign(Array.isArray(record) ? [] : {}, record) as Record<string, unknown>;
    const names = Object.keys(copy);
    const name = names[seed % Math.max(1, names.length)];
    if (name === undefined) return value;
    const deeper = Math.floor(seed / Math.max(1, names.length));
    if (deeper > 0 && typeof copy[name] === 'object') {
      copy[name] = mutated(copy[name], deeper, how, value);
    } else if (how === 0) delete copy[name];
    else if (how === 1) {
      copy[name.toLowerCase()] = copy[name];
      delete copy[name];
    } else copy[name] = value;
    return copy;
  }

  it('nothing is thrown, nothing is lost, and only a success proves anything', () => {
    const change = fc.tuple(fc.nat(2000), fc.nat(2), junk);
    fc.assert(
      fc.property(
        fc.nat(bodies.length - 1),
        fc.array(change, { maxLength: 6 }),
        fc.nat(3),
        (i, changes, form) => {
          let record: unknown = bodies[i];
          for (const [seed, how, value] of changes) record = mutated(record, seed, how, value);
          const text =
            JSON.stringify(record, (_, part) => (typeof part === 'bigint' ? Number(part) : part)) ?? '';
          const shapes: AnyValue[] = [
            text,
            text === '' ? '' : anyValueOf(JSON.parse(text)),
            `[${text}]`,
            Buffer.from(text),
          ];
          const { events, failures, unrecognised } = read({ body: shapes[form] });
          expect(events.length + failures.length + unrecognised).toBeGreaterThan(0);
          for (const { event, identifiers } of events) {
            JSON.parse(event.raw);
            expect(event.event_id).toMatch(/^[0-9a-f]{32}$/);
            if (event.outcome !== 'success') expect(event.evidence).toBe('none');
            const texts = [event.user_key, event.user_name, event.session_id, event.address, event.token_id];
            for (const value of [...texts, identifiers.session, identifiers.device, ...identifiers.aliases]) {
              expect(typeof value).toBe('string');
            }
            expect(event.vendor_risks.length).toBeLessThanOrEqual(8);
            enrich({ event, identifiers });
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});

const ruleTests = samplesFolder('rule-tests/Okta.SystemLog.tests.jsonl');

describe.skipIf(ruleTests === undefined)('records that rules are tested with', () => {
  interface Log {
    eventType?: string;
    eventtype?: string;
    actor?: { alternateId?: string; id?: string };
    client?: { ipAddress?: string };
  }
  const logs: Log[] = readFileSync(ruleTests ?? '/dev/null', 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line).log)
    .filter(({ eventType, eventtype }: Log) => /\./.test(eventType ?? eventtype ?? ''));

  it('are recognised, with user and address wherever they have them', () => {
    expect(logs.length).toBeGreaterThan(80);
    for (const log of logs) {
      const { events, failures } = read({ body: JSON.stringify(log) });
      expect(failures).toEqual([]);
      expect(events).toHaveLength(1);
      const event = enrich(events[0] as (typeof events)[number]);
      const isSomebody = /^(?!unknown$)./.test(log.actor?.alternateId ?? '');
      if (isSomebody) expect(event.user_key).not.toBe('');
      expect(event.address).toBe(log.client?.ipAddress ?? event.address);
    }
  });
});
