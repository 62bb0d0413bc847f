import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { type Address, parseAddress } from '../../../processor/enrich/address.js';
import { AddressDatabaseError } from '../../../processor/enrich/address-database-error.js';
import { CorporateNetworkError, createAddressFacts } from '../../../processor/enrich/address-facts.js';
import { openAsnDatabase } from '../../../processor/enrich/asn-database.js';
import { AsnTable } from '../../../processor/enrich/asn-table.js';
import { openCountryDatabase } from '../../../processor/enrich/country-database.js';

function address(text: string): Address {
  const parsed = parseAddress(text);
  if (parsed === undefined) throw new Error(`${text} is no address`);
  return parsed;
}

describe('an address', () => {
  it.each([
    ['198.51.100.7', '198.51.100.7', '198.51.100.0/24'],
    ['198.51.100.7:63070', '198.51.100.7', '198.51.100.0/24'],
    ['::ffff:198.51.100.7', '198.51.100.7', '198.51.100.0/24'],
    ['035.09.253.007', '35.9.253.7', '35.9.253.0/24'],
    [' 198.51.100.7 ', '198.51.100.7', '198.51.100.0/24'],
    ['2001:DB8:0:1::0001', '2001:db8:0:1::1', '2001:db8::/48'],
    ['[2001:db8:5:1::1]:443', '2001:db8:5:1::1', '2001:db8:5::/48'],
    ['fe80::1%eth0', 'fe80::1', 'fe80::/48'],
  ])('%s is %s in %s', (text, canonical, network) => {
    expect(parseAddress(text)).toMatchObject({ text: canonical, network });
  });

  it.each([
    '',
    'AWS Internal',
    'ec2.amazonaws.com',
    '<null>',
    '0.0.0.0',
    '::',
    '256.1.1.1',
    '1.2.3',
    '1.2.3.4.5',
    '0x7f.1.1.1',
    '2130706433',
    '1::2::3',
    '12345::',
    ':',
    `1.1.1.1${' '.repeat(1_000_000)}`,
  ])('is not read from %.30s', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });

  it('is the same after it was written', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()), (text) => {
        const once = parseAddress(text);
        if (once !== undefined) expect(parseAddress(once.text)).toEqual(once);
      }),
    );
  });

  it.each([
    '10.1.2.3',
    '192.168.1.1',
    '172.31.0.1',
    '127.0.0.1',
    '169.254.1.1',
    '100.64.0.1',
    'fc00::1',
    '::1',
  ])('%s is private', (text) => {
    expect(address(text)).toMatchObject({ isPrivate: true, isGlobal: false });
  });
});

describe('the table of autonomous systems', () => {
  const ipv4 = [
    '10.0.0.0,10.0.0.255,64496,"Example, ""First"" Inc."',
    'nonsense',
    '10.0.1.0,10.0.1.255,64497,Second\r',
    '300.0.0.0,300.0.0.1,64498,Impossible',
    '20.0.0.0,20.255.255.255,64499,Lästig GmbH',
  ].join('\n');
  const ipv6 = [
    '2001:db8::,2001:db8:ffff:ffff:ffff:ffff:ffff:ffff,64500,Six',
    '2001:db9::1,2001:db9::1,64501,One',
  ].join('\n');
  const table = (csv: string, version: 4 | 6) => new AsnTable(Buffer.from(csv), version, new Map());

  it('finds the range that an address is in, its bounds included', () => {
    const find = (text: string) => table(ipv4, 4).find(address(text));
    expect(find('10.0.0.0')).toEqual({ number: 64496, organization: 'Example, "First" Inc.' });
    expect(find('10.0.0.255').number).toBe(64496);
    expect(find('10.0.1.9')).toEqual({ number: 64497, organization: 'Second' });
    expect(find('20.200.0.1').organization).toBe('Lästig GmbH');
  });

  it('finds nothing between, before and after ranges, and leaves out lines that are none', () => {
    for (const text of ['9.255.255.255', '10.0.2.0', '21.0.0.0', '255.255.255.255']) {
      expect(table(ipv4, 4).find(address(text)).number).toBe(0);
    }
    expect(table(ipv4, 4).size).toBe(3);
    expect(table('', 4).find(address('10.0.0.1')).number).toBe(0);
  });

  it('does so for IPv6', () => {
    const find = (text: string) => table(ipv6, 6).find(address(text)).number;
    expect(find('2001:db8:1234::1')).toBe(64500);
    expect(find('2001:db8:ffff:ffff:ffff:ffff:ffff:ffff')).toBe(64500);
    expect(find('2001:db9::')).toBe(0);
    expect(find('2001:db9::1')).toBe(64501);
    expect(find('2001:db9::2')).toBe(0);
  });

  it('agrees with a search through every range', () => {
    const byte = fc.nat(255);
    const ranges = fc.uniqueArray(fc.tuple(byte, byte), {
      minLength: 1,
      maxLength: 40,
      selector: ([a, b]) => a * 256 + b,
    });
    fc.assert(
      fc.property(ranges, fc.ipV4(), (starts, text) => {
        const sorted = starts.map(([a, b]) => a * 256 + b).sort((a, b) => a - b);
        const csv = sorted.map(
          (at, i) => `${at >> 8}.${at & 255}.0.0,${at >> 8}.${at & 255}.99.255,${i + 1},N`,
        );
        const asked = address(text.startsWith('0.') ? '9.9.9.9' : text);
        const [a = 0, b = 0, c = 0] = asked.text.split('.').map(Number);
        const expected = c <= 99 ? sorted.indexOf(a * 256 + b) + 1 : 0;
        expect(table(csv.join('\n'), 4).find(asked).number).toBe(expected);
      }),
    );
  });
});

describe('the bundled databases', () => {
  const country = openCountryDatabase();
  const asn = openAsnDatabase();

  it('know where well-known addresses are', () => {
    expect(asn.systemOf(address('8.8.8.8'))).toMatchObject({ number: 15169 });
    expect(country.countryOf(address('8.8.8.8'))).toBe('US');
    expect(asn.systemOf(address('2606:4700:4700::1111'))).toMatchObject({ number: 13335 });
    expect(country.countryOf(address('193.0.0.1'))).toBe('NL');
    expect(asn.systemOf(address('193.0.6.139')).organization).toMatch(/RIPE|Reseaux/);
  });

  it('give the operators of the list the class that it says', () => {
    const facts = createAddressFacts({ country, asn });
    const classes = ['52.45.102.28', '8.8.8.8', '104.16.0.1', '5.9.1.1', '10.1.1.1'].map(
      (text) => facts(text).networkClass,
    );
    expect(classes).toEqual(['cloud', 'cloud', 'relay', 'hosting', 'private']);
  });
});

describe('a database of the operator', () => {
  const folder = mkdtempSync(join(tmpdir(), 'address-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is any MMDB', () => {
    const path = createRequire(import.meta.url).resolve(
      '@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country-ipv4.mmdb',
    );
    const country = openCountryDatabase(path);
    expect(country.countryOf(address('8.8.8.8'))).toBe('US');
    expect(country.countryOf(address('2606:4700:4700::1111'))).toBe('');
    expect(openAsnDatabase(path).systemOf(address('8.8.8.8'))).toEqual({ number: 0, organization: '' });
  });

  it('that is none, or is not there, is an error that says which', () => {
    const path = join(folder, 'no.mmdb');
    expect(() => openCountryDatabase(path)).toThrow(AddressDatabaseError);
    expect(() => openAsnDatabase(path)).toThrow(path);
    writeFileSync(path, 'not a database');
    expect(() => openCountryDatabase(path)).toThrow(/no MMDB/);
    expect(() => openAsnDatabase(path)).toThrow(/no MMDB/);
  });
});

describe('what is known of an address', () => {
  it('is nothing where there is none, and its place only where it is a global one', () => {
    const facts = createAddressFacts({
      country: { countryOf: () => 'SE' },
      asn: { systemOf: () => ({ number: 64496, organization: 'Example Telecom' }) },
    });
    expect(facts('none')).toMatchObject({
      address: '',
      network: '',
      country: '',
      asn: 0,
      networkClass: 'unknown',
    });
    expect(facts('10.0.0.9')).toMatchObject({
      address: '10.0.0.9',
      country: '',
      asn: 0,
      networkClass: 'private',
    });
    expect(facts('9.9.9.9:80')).toEqual({
      address: '9.9.9.9',
      network: '9.9.9.0/24',
      country: 'SE',
      asn: 64496,
      asOrganization: 'Example Telecom',
      networkClass: 'residential',
    });
    expect(facts('9.9.9.9:80')).toBe(facts('9.9.9.9:80'));
  });

  it('is corporate in the networks that the policy lists', () => {
    const facts = createAddressFacts({ corporateNetworks: ['9.9.0.0/16', '2a00::/16', '10.0.0.0/8'] });
    expect(['9.9.1.1', '9.10.1.1', '2a00::1', '10.1.1.1'].map((text) => facts(text).networkClass)).toEqual([
      'corporate',
      'unknown',
      'corporate',
      'corporate',
    ]);
    expect(() => createAddressFacts({ corporateNetworks: ['9.9.0.0'] })).toThrow(CorporateNetworkError);
  });

  it('is asked once for each address, and remembered for a bounded number', () => {
    let asked = 0;
    const facts = createAddressFacts({
      country: {
        countryOf: () => {
          asked++;
          return 'SE';
        },
      },
    });
    for (let round = 0; round < 3; round++) facts('9.9.9.9');
    expect(asked).toBe(1);
    for (let i = 0; i < 70_000; i++) facts(`9.${i >> 16}.${(i >> 8) & 255}.${i & 255}`);
    facts('9.9.9.9');
    expect(asked).toBe(70_002);
  });
});
