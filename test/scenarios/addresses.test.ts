import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { createAddressFacts } from '../../processor/enrich/address-facts.js';
import { openAsnDatabase } from '../../processor/enrich/asn-database.js';
import { openCountryDatabase } from '../../processor/enrich/country-database.js';
import { addressesIn } from '../processor/enrich/known-networks.js';
import { classOfKind, type Network, networks, networksOf } from './addresses.js';

const COUNTRIES = 'US CA GB DE FR NL IT ES PL SE IN JP BR AU ZA NG RU UA'.split(' ');
const EVERYWHERE = [
  'residential',
  'mobile',
  'vpn',
  'cloud',
  'gateway',
  'relay',
  'satellite',
  'education',
] as const;
const SAMPLES = 24;

describe('the addresses of stories', () => {
  const factsOf = createAddressFacts({ country: openCountryDatabase(), asn: openAsnDatabase() });
  const wrongOf = ({ country, kind, asn, name, v4, v6 }: Network): string[] =>
    [...v4, ...v6]
      .flatMap((cidr) => addressesIn(cidr, SAMPLES))
      .map((address) => factsOf(address))
      .filter(
        (facts) => facts.country !== country || facts.asn !== asn || facts.networkClass !== classOfKind(kind),
      )
      .map(
        (facts) =>
          `${country} ${kind} ${asn} ${name}: ${facts.address} is ${facts.country} ${facts.networkClass} ${facts.asn}`,
      );

  it('are where, whose and what the table says', () => {
    expect(networks.flatMap(wrongOf)).toEqual([]);
  });

  it('are networks in CIDR notation, large enough to move about in', () => {
    for (const { v4, v6 } of networks) {
      expect(v4.length).toBeGreaterThan(0);
      for (const cidr of v4) expect(ipaddr.IPv4.parseCIDR(cidr)[1]).toBeLessThanOrEqual(24);
      for (const cidr of v6) expect(ipaddr.IPv6.parseCIDR(cidr)[1]).toBeLessThanOrEqual(48);
    }
  });

  it.each(COUNTRIES)('are there for everything that happens in %s', (country) => {
    const missing = EVERYWHERE.filter((kind) => networksOf(country, kind).length === 0);
    expect(missing).toEqual([]);
    expect(networksOf(country, 'residential').length).toBeGreaterThanOrEqual(3);
  });

  it('hold homes and phones with IPv6', () => {
    for (const kind of ['residential', 'mobile'] as const) {
      const dual = networks.filter((network) => network.kind === kind && network.v6.length > 0);
      expect(new Set(dual.map(({ country }) => country)).size).toBeGreaterThan(10);
    }
  });
});
