import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createEnricher } from '../../../processor/enrich/enrich.js';
import { normalize } from '../../../processor/normalize/normalize.js';
import type { Event } from '../../../schema/event.js';
import { createKeys } from '../../../schema/keys.js';
import { logRecord, samplesFolder } from './log-records.js';

/** Public samples of real records, which are no part of the project: each case is left out where they are absent. */
const conformance = samplesFolder('vendor-conformance.jsonl');
const ruleTests = samplesFolder('rule-tests/Azure.Audit.tests.jsonl');

const keys = createKeys('a test secret');
const enrich = createEnricher({ keys });

function linesOf<T>(file: string | undefined): T[] {
  if (file === undefined) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

function eventOf(text: string): Event | undefined {
  const { events } = normalize(logRecord({ body: text }), { receivedAt: Date.now(), keys });
  return events[0] && enrich(events[0]);
}

describe.skipIf(conformance === undefined)("another product's reading of Entra ID", () => {
  interface Line {
    vendor: string;
    raw: string;
    expected: Record<string, string>;
  }
  const lines = linesOf<Line>(conformance).filter(({ vendor }) =>
    /^azure\/(?:signinlogs|auditlogs|identity_protection)$/.test(vendor),
  );

  it('agrees on user, address, outcome and user agent', () => {
    expect(lines.length).toBeGreaterThan(30);
    const agreed = new Map<string, boolean[]>();
    const compare = (field: string, isSame: boolean): void => {
      agreed.set(field, [...(agreed.get(field) ?? []), isSame]);
    };
    for (const { raw, expected } of lines) {
      const event = eventOf(raw);
      expect(event?.source).toBe('entra');
      expect(event?.time_clamped).toBe(false);
      const said = [event?.user_id, event?.user_name, event?.user_email].map((name) => name?.toLowerCase());
      const names = [expected['user_id'], expected['user_name'], expected['user_email']].filter(Boolean);
      if (names.length > 0)
        compare(
          'user',
          names.some((name) => said.includes(name?.toLowerCase())),
        );
      const { source_ip: address, outcome, user_agent: userAgent } = expected;
      if (address !== undefined) compare('address', address === event?.address);
      if (userAgent !== undefined) compare('user agent', userAgent === event?.user_agent);
      if (outcome !== undefined) compare('outcome', outcome === event?.outcome);
    }
    for (const results of agreed.values()) {
      expect(results.filter(Boolean).length / results.length).toBeGreaterThanOrEqual(0.97);
    }
  });
});

describe.skipIf(ruleTests === undefined)('records that rules are tested with', () => {
  it('are all recognised, with their users where they have one', () => {
    interface Line {
      log: { properties: { userPrincipalName?: string; ipAddress?: string } };
    }
    const lines = linesOf<Line>(ruleTests);
    expect(lines.length).toBeGreaterThan(40);
    for (const { log } of lines) {
      const event = eventOf(JSON.stringify(log));
      expect(event?.source).toBe('entra');
      const { userPrincipalName, ipAddress } = log.properties;
      if (userPrincipalName !== undefined) expect(event?.user_key).toBe(userPrincipalName.toLowerCase());
      if (ipAddress !== undefined) expect(event?.address).toBe(ipAddress);
    }
  });
});
