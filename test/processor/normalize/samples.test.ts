import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createEnricher } from '../../../processor/enrich/enrich.js';
import { normalize } from '../../../processor/normalize/normalize.js';
import type { Event } from '../../../schema/event.js';
import { createKeys } from '../../../schema/keys.js';
import { cloudTrailRecords, logRecord, samplesFolder } from './log-records.js';

/** Public samples of real records, which are no part of the project: each case is left out where they are absent. */
const invictus = samplesFolder('cloudtrail-invictus/CloudTrail');
const stratus = samplesFolder('cloudtrail-stratus/docs/detonation-logs');
const conformance = samplesFolder('vendor-conformance.jsonl');
const ruleTests = samplesFolder('rule-tests/AWS.CloudTrail.tests.jsonl');

const keys = createKeys('a test secret');
const enrich = createEnricher({ keys });

function read(records: readonly object[]): { events: Event[]; failures: number; unrecognised: number } {
  const results = records.map((record) =>
    normalize(logRecord({ body: JSON.stringify(record) }), { receivedAt: Date.now(), keys }),
  );
  return {
    events: results.flatMap(({ events }) => events.map(enrich)),
    failures: results.reduce((sum, { failures }) => sum + failures.length, 0),
    unrecognised: results.reduce((sum, { unrecognised }) => sum + unrecognised, 0),
  };
}

/** AWS's session tokens begin with these. */
const SESSION_TOKEN = /IQoJb3JpZ2lu|FwoGZXIvYXdz/;

describe.skipIf(invictus === undefined)('an hour of a real account', () => {
  const { events, failures, unrecognised } = read(invictus === undefined ? [] : cloudTrailRecords(invictus));

  it('is recognised whole', () => {
    expect({ events: events.length, failures, unrecognised }).toEqual({
      events: 2900,
      failures: 0,
      unrecognised: 0,
    });
    expect(new Set(events.map(({ event_id: id }) => id)).size).toBe(2900);
    expect(events.filter(({ time_clamped: clamped }) => clamped)).toEqual([]);
  });

  it('has one console session over its dozen access keys, for which its login vouches', () => {
    const session = events.filter(({ session_id: id }) => id.endsWith('|2023-07-10T12:27:45Z'));
    const fromConsole = session.filter(({ raw }) => raw.includes('"sessionCredentialFromConsole":"true"'));
    expect(fromConsole).toHaveLength(163);
    expect(new Set(fromConsole.map(({ token_id: id }) => id)).size).toBe(12);
    expect(new Set(session.map(({ session_key: key }) => key)).size).toBe(1);
    const login = session.filter(({ activity }) => activity === 'sign_in');
    expect(login).toMatchObject([{ evidence: 'mfa', session_kind: 'console', assurance_level: 2 }]);
    const [first] = session;
    expect(login[0]?.vouches_for).toEqual([first?.session_key, first?.principal_key]);
    const vouched = events.filter((event) => event.vouches_for.includes(first?.session_key ?? ''));
    expect(vouched).toEqual(login);
  });

  it('has issues that vouch for the tokens and the sessions of what was used after', () => {
    const issued = new Set(
      events.filter(({ activity }) => activity === 'token_issue').flatMap((event) => event.vouches_for),
    );
    const roles = events.filter(({ session_kind: kind }) => kind === 'role');
    expect(roles.length).toBeGreaterThan(50);
    for (const event of roles) {
      expect(issued.has(event.token_key) || issued.has(event.session_key)).toBe(true);
      expect(issued.has(event.principal_key)).toBe(true);
    }
  });

  it('keeps no session token', () => {
    expect(events.filter(({ raw }) => SESSION_TOKEN.test(raw))).toEqual([]);
  });
});

describe.skipIf(stratus === undefined)('records with impossible addresses', () => {
  it('are all read, and what is no address is none', () => {
    const { events, failures } = read(stratus === undefined ? [] : cloudTrailRecords(stratus));
    expect({ events: events.length, failures }).toEqual({ events: 310, failures: 0 });
    for (const { address } of events) {
      expect(address).toMatch(/^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/);
      expect(address).not.toMatch(/(?:^|\.)0\d/);
    }
    expect(events.filter(({ raw }) => SESSION_TOKEN.test(raw))).toEqual([]);
  });
});

describe.skipIf(conformance === undefined)("another product's reading of CloudTrail", () => {
  interface Line {
    vendor: string;
    raw: string;
    expected: Record<string, string>;
  }

  it('agrees on user, address and outcome', () => {
    const lines: Line[] = (conformance === undefined ? '' : readFileSync(conformance, 'utf8'))
      .split('\n')
      .filter((line) => line.includes('"aws/cloudtrail"'))
      .map((line) => JSON.parse(line));
    expect(lines.length).toBeGreaterThan(10);
    const agreed: boolean[] = [];
    for (const { raw, expected } of lines) {
      const [event] = read([JSON.parse(raw)]).events;
      const compare = (field: string, value: string | undefined): void => {
        if (expected[field] !== undefined) agreed.push(expected[field] === value);
      };
      compare('user_name', event?.user_name);
      compare('user_id', event?.user_id);
      compare('source_ip', event?.address);
      compare('outcome', event?.outcome);
      compare('action', event?.vendor_event_type);
      compare('user_agent', event?.user_agent);
    }
    expect(agreed.filter(Boolean).length / agreed.length).toBeGreaterThanOrEqual(0.97);
  });
});

describe.skipIf(ruleTests === undefined)('records that rules are tested with', () => {
  it('are recognised wherever they say what happened', () => {
    const records: { eventName?: unknown; eventSource?: unknown }[] = readFileSync(ruleTests ?? '', 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line).log)
      .filter(({ eventName, eventSource }) => eventName && /amazonaws\.com/.test(eventSource));
    expect(records.length).toBeGreaterThan(400);
    expect(read(records)).toMatchObject({ failures: 0, unrecognised: 0 });
    expect(read(records).events).toHaveLength(records.length);
  });
});
