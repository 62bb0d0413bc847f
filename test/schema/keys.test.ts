import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createKeys,
  EmptySecretError,
  eventId,
  keyFingerprint,
  recordHash,
  userKey,
} from '../../schema/keys.js';

const keys = createKeys('a test secret');
const otel = { tenant: 'default', source: 'otel', organization: '' };

describe('a key', () => {
  it('is HMAC-SHA-256 of its parts with their lengths, cut to 128 bits', () => {
    const expected = createHmac('sha256', 'a test secret').update('token/7:default8:ASIA1234').digest('hex');
    expect(keys.tokenKey('default', 'ASIA1234')).toBe(expected.slice(0, 32));
  });

  it('is the same each time and for each instance, and another under another secret', () => {
    const id = 'AIDAEXAMPLE|2026-03-02T09:15:30Z';
    const key = keys.sessionKey(otel, id);
    expect(keys.sessionKey(otel, id)).toBe(key);
    expect(createKeys(Buffer.from('a test secret')).sessionKey(otel, id)).toBe(key);
    expect(createKeys('another secret').sessionKey(otel, id)).not.toBe(key);
  });

  it('of one kind is never that of another kind for the same id', () => {
    const id = 'the same text of an id';
    const all = [
      keys.sessionKey(otel, id),
      keys.tokenKey('default', id),
      keys.principalKey('default', id),
      keys.deviceKey('default', id),
      keys.impliedSessionKey('default', id, '', '', 0),
    ];
    expect(new Set(all).size).toBe(5);
    for (const key of all) expect(key).toMatch(/^[0-9a-f]{32}$/);
  });

  it('of a session is the same in an application and at its provider, where the id is long enough', () => {
    const okta = { tenant: 'default', source: 'okta', organization: 'acme.okta.com' };
    expect(keys.sessionKey(otel, '0123456789abcdef')).toBe(keys.sessionKey(okta, '0123456789abcdef'));
    expect(keys.sessionKey(otel, '0123456789abcde')).not.toBe(keys.sessionKey(okta, '0123456789abcde'));
    const other = { ...okta, organization: 'globex.okta.com' };
    expect(keys.sessionKey(okta, '42')).not.toBe(keys.sessionKey(other, '42'));
  });

  it('differs between tenants', () => {
    const acme = { ...otel, tenant: 'acme' };
    expect(keys.sessionKey(acme, '0123456789abcdef')).not.toBe(keys.sessionKey(otel, '0123456789abcdef'));
    expect(keys.tokenKey('acme', 'x')).not.toBe(keys.tokenKey('default', 'x'));
  });

  it('of an implied session is of a user, an application and a day', () => {
    const key = keys.impliedSessionKey('t', 'otel', 'u', 'app', 20_000);
    expect(keys.impliedSessionKey('t', 'otel', 'u', 'app', 20_000)).toBe(key);
    for (const other of [
      keys.impliedSessionKey('t', 'otel', 'u', 'app', 20_001),
      keys.impliedSessionKey('t', 'otel', 'u', 'app2', 20_000),
      keys.impliedSessionKey('t', 'otel', 'v', 'app', 20_000),
      keys.impliedSessionKey('t', 'cloudtrail', 'u', 'app', 20_000),
    ]) {
      expect(other).not.toBe(key);
    }
  });

  it('does not depend on where one part ends and the next begins', () => {
    const part = fc.string({ unit: fc.constantFrom('a', '1', ':', '/') });
    fc.assert(
      fc.property(part, part, part, part, (a, b, c, d) => {
        fc.pre(a !== c || b !== d);
        expect(keys.impliedSessionKey('t', a, b, 'x', 0)).not.toBe(keys.impliedSessionKey('t', c, d, 'x', 0));
      }),
    );
  });

  it('of nothing is nothing', () => {
    expect(keys.sessionKey(otel, '')).toBe('');
    expect(keys.tokenKey('t', '')).toBe('');
    expect(keys.principalKey('t', '')).toBe('');
    expect(keys.deviceKey('t', '')).toBe('');
  });

  it('is right when more ids come than are remembered', () => {
    const small = createKeys('a test secret', { cacheSize: 2 });
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 10; i++) {
        expect(small.tokenKey('t', `id ${i}`)).toBe(keys.tokenKey('t', `id ${i}`));
      }
    }
    const long = 'x'.repeat(100_000);
    expect(small.tokenKey('t', long)).toBe(keys.tokenKey('t', long));
  });
});

describe('a secret', () => {
  it('must not be empty, and the error says what to set', () => {
    expect(() => createKeys('')).toThrow(EmptySecretError);
    expect(() => createKeys(new Uint8Array())).toThrow(/VOUCHTRAIL_KEY/);
  });

  it('has a fingerprint that tells it from others and does not contain it', () => {
    expect(keys.fingerprint).toBe(keyFingerprint('a test secret'));
    expect(keys.fingerprint).toMatch(/^[0-9a-f]{32}$/);
    expect(keyFingerprint('another secret')).not.toBe(keys.fingerprint);
  });
});

describe('an event id', () => {
  it('needs no secret, and is of a source', () => {
    expect(eventId('okta', 'e-1')).toMatch(/^[0-9a-f]{32}$/);
    expect(eventId('okta', 'e-1')).toBe(eventId('okta', 'e-1'));
    expect(eventId('entra', 'e-1')).not.toBe(eventId('okta', 'e-1'));
    expect(eventId('a', 'bc')).not.toBe(eventId('ab', 'c'));
  });

  it('of a record without one is a hash of its bytes', () => {
    expect(recordHash('{"a":1}')).toBe(recordHash(Buffer.from('{"a":1}')));
    expect(recordHash('{"a":1}')).not.toBe(recordHash('{"a":2}'));
  });
});

describe('a user key', () => {
  const nobody = { source: 'cloudtrail', organization: '111122223333', name: '', id: '', email: '' };

  it.each([
    ['a full login, lower-cased', { name: 'Maren@Example.com', id: '7' }, 'maren@example.com'],
    ['a name in a domain', { name: 'CORP\\Maren', id: '7' }, 'corp\\maren'],
    ['the mail address of a bare name', { name: 'maren', email: 'Maren@example.com' }, 'maren@example.com'],
    ['an id that is a login', { id: 'maren@example.com' }, 'maren@example.com'],
    ['a bare name in its organization', { name: 'Admin', id: '7' }, 'cloudtrail:111122223333:admin'],
    ["the vendor's id at its source", { id: 'AIDAEXAMPLE' }, 'cloudtrail:AIDAEXAMPLE'],
    ['nothing for nobody', {}, ''],
  ])('is %s', (_, names, key) => {
    expect(userKey({ ...nobody, ...names })).toBe(key);
  });

  it('tells the admins of two accounts apart', () => {
    const admin = { ...nobody, name: 'admin' };
    expect(userKey(admin)).not.toBe(userKey({ ...admin, organization: '444455556666' }));
  });
});
