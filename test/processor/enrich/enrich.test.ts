import { describe, expect, it } from 'vitest';
import { createEnricher, type EnricherOptions } from '../../../processor/enrich/enrich.js';
import { enrichedAttributes } from '../../../processor/enrich/enriched-attributes.js';
import { type Normalized, noIdentifiers } from '../../../processor/normalize/normalized.js';
import { type Event, emptyEvent } from '../../../schema/event.js';
import { createKeys } from '../../../schema/keys.js';

const keys = createKeys('a test secret');
const DAY = 86_400_000_000_000n;

function enriched(
  event: Partial<Event>,
  identifiers: Partial<Normalized['identifiers']> = {},
  options: EnricherOptions = { keys },
): Event {
  return createEnricher(options)({
    event: { ...emptyEvent('otel'), outcome: 'success', ...event },
    identifiers: { ...noIdentifiers(), ...identifiers },
  });
}

const session = 'a session id of some length';
const sessionKey = keys.sessionKey({ tenant: 'default', source: 'otel', organization: '' }, session);
const principal = 'arn:aws:iam::111122223333:user/maren';
const principalKey = keys.principalKey('default', principal);

describe('keys', () => {
  it('are made of the ids on the record', () => {
    const event = enriched(
      { ts: 5n * DAY },
      { session, token: 'ASIAEXAMPLE', principal, device: 'laptop-1' },
    );
    expect(event).toMatchObject({
      session_key: sessionKey,
      token_key: keys.tokenKey('default', 'ASIAEXAMPLE'),
      principal_key: principalKey,
      device_key: '',
    });
  });

  it('are made of a device where the policy says that its id is strong', () => {
    const event = enriched({}, { device: 'laptop-1' }, { keys, policy: { deviceIdIsStrong: true } });
    expect(event.device_key).toBe(keys.deviceKey('default', 'laptop-1'));
  });

  it('put records of a user without a session into one implied session a day', () => {
    const implied = { session_implied: true, user_key: 'otel:u-1', application_id: 'orders' };
    const morning = enriched({ ...implied, ts: 20_000n * DAY + 1n });
    expect(morning.session_key).toBe(keys.impliedSessionKey('default', 'otel', 'otel:u-1', 'orders', 20_000));
    expect(enriched({ ...implied, ts: 20_000n * DAY + DAY - 1n }).session_key).toBe(morning.session_key);
    expect(enriched({ ...implied, ts: 20_001n * DAY }).session_key).not.toBe(morning.session_key);
  });

  it('are left out without a secret, never made unkeyed', () => {
    const event = enriched(
      { activity: 'sign_in', evidence: 'mfa', session_implied: true, user_key: 'u' },
      { session, token: 'ASIAEXAMPLE', principal, device: 'x' },
      { policy: { deviceIdIsStrong: true } },
    );
    expect(event).toMatchObject({
      session_key: '',
      token_key: '',
      principal_key: '',
      device_key: '',
      vouches_for: [],
    });
    expect(Object.keys(enrichedAttributes(event)).filter((name) => name.endsWith('.key'))).toEqual([]);
  });
});

describe('evidence', () => {
  it.each(['sign_in', 'credential_validation', 'mfa_success', 'session_start', 'access'] as const)(
    'in a %s vouches for its session and its principal',
    (activity) => {
      const event = enriched({ activity, evidence: 'credential' }, { session, principal });
      expect(event.vouches_for).toEqual([sessionKey, principalKey]);
    },
  );

  it('of an issue vouches for what was given out, and not for the session that asked', () => {
    const issued = {
      tokens: ['ASIANEW'],
      sessions: ['AROAEXAMPLE:x|2026-03-02T09:15:30Z'],
      principals: ['arn:new'],
    };
    const event = enriched(
      { activity: 'token_issue', evidence: 'inherited' },
      { session, principal, issued },
    );
    expect(event.vouches_for).toEqual([
      keys.tokenKey('default', 'ASIANEW'),
      keys.sessionKey(event, 'AROAEXAMPLE:x|2026-03-02T09:15:30Z'),
      keys.principalKey('default', 'arn:new'),
    ]);
  });

  it('that is none, or of a refused attempt, vouches for nothing', () => {
    expect(enriched({ activity: 'access' }, { session, principal }).vouches_for).toEqual([]);
    const refused = { activity: 'sign_in', evidence: 'mfa', outcome: 'failure' } as const;
    expect(enriched(refused, { session, principal }).vouches_for).toEqual([]);
  });

  it('without a session on the record does not vouch for the implied one', () => {
    const event = enriched({
      activity: 'sign_in',
      evidence: 'credential',
      session_implied: true,
      user_key: 'otel:u-1',
    });
    expect(event.session_key).not.toBe('');
    expect(event.vouches_for).toEqual([]);
  });

  it.each([
    ['none', [], 0],
    ['inherited', [], 0],
    ['asserted', [], 0],
    ['credential', ['pwd'], 1],
    ['mfa', ['pwd', 'otp'], 2],
    ['phishing_resistant', ['pop'], 2],
    ['phishing_resistant', ['hwk', 'pin'], 3],
  ] as const)('of grade %s by %j is of level %i', (evidence, amr, level) => {
    expect(enriched({ evidence, amr }).assurance_level).toBe(level);
  });
});

describe('the network', () => {
  it("is the vendor's word where the databases know nothing of the address", () => {
    const told = enriched({
      address: '198.51.100.7',
      asn: 64500,
      as_organization: 'Example Net',
      country: 'NO',
    });
    expect(told).toMatchObject({ asn: 64500, as_organization: 'Example Net', country: 'NO' });
  });
});

describe('the client', () => {
  it('is what the user agent says', () => {
    expect(enriched({ user_agent: 'curl/8.5.0' })).toMatchObject({ client_kind: 'tool', browser: 'curl' });
  });

  it('stays a service where the vendor says that the caller was one', () => {
    const event = enriched({ client_kind: 'service', user_agent: 'curl/8.5.0' });
    expect(event).toMatchObject({ client_kind: 'service', browser: '', os: '' });
  });
});

describe('the client that a vendor has read itself', () => {
  const read = {
    client_kind: 'browser',
    browser: 'Edge',
    browser_version: '120',
    os: 'Windows',
    os_version: '10',
  } as const;

  it.each(['', 'unknown', '-'])("stands where the user agent says nothing: '%s'", (user_agent) => {
    expect(enriched({ ...read, user_agent })).toMatchObject(read);
  });

  it('gives way to what a user agent says', () => {
    const event = enriched({ ...read, user_agent: 'curl/8.5.0' });
    expect(event).toMatchObject({ client_kind: 'tool', browser: 'curl', browser_version: '8', os: '' });
  });
});

describe('the attributes of an enriched record', () => {
  it('have the names that OpenTelemetry and this project define, and leave out what is unknown', () => {
    const event = enriched(
      {
        activity: 'sign_in',
        evidence: 'mfa',
        amr: ['pwd', 'otp'],
        address: '9.9.9.9',
        user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
        application_id: 'orders',
        application_name: 'Orders',
        vendor_event_id: 'e-1',
        vendor_event_type: 'app.login',
      },
      { session },
      {
        keys,
        country: { countryOf: () => 'SE' },
        asn: { systemOf: () => ({ number: 64496, organization: 'Example Telecom' }) },
      },
    );
    expect(enrichedAttributes(event)).toEqual({
      'log.record.uid': 'e-1',
      'client.as.number': 64496,
      'client.as.organization': 'Example Telecom',
      'geo.country.iso_code': 'SE',
      'user_agent.name': 'Firefox',
      'user_agent.version': '128',
      'user_agent.os.name': 'Linux',
      'vouchtrail.source': 'otel',
      'vouchtrail.activity': 'sign_in',
      'vouchtrail.outcome': 'success',
      'vouchtrail.evidence': 'mfa',
      'vouchtrail.amr': ['pwd', 'otp'],
      'vouchtrail.assurance.level': 2,
      'vouchtrail.session.key': sessionKey,
      'vouchtrail.application.id': 'orders',
      'vouchtrail.application.name': 'Orders',
      'vouchtrail.network.class': 'residential',
      'vouchtrail.vendor.event.type': 'app.login',
      'vouchtrail.vendor.event.id': 'e-1',
    });
  });
});
