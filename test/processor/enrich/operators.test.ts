import { describe, expect, it } from 'vitest';
import { classOfOperator } from '../../../processor/enrich/network-operators.js';
import { OPERATORS } from '../../../processor/enrich/operators/index.js';
import { classOfName } from '../../../processor/enrich/operators/name-class.js';
import { RANGES } from '../../../processor/enrich/operators/ranges.js';
import { isNetworkAddress, parsePrefix } from '../../../processor/enrich/prefix-table.js';
import { bundledSystems } from './bundled-systems.js';
import { gradeKnownNetworks, knownNetworks } from './known-networks.js';

const LEGAL = new Set('the of and for inc ltd llc sa as ag co limited gmbh ab bv de la'.split(' '));
/** `T-2` is a word; so are both halves of `Marlink-ITC`. */
const wordsOf = (name: string): string[] =>
  [/[^a-z0-9-]+/, /[^a-z0-9]+/]
    .flatMap((gap) => name.toLowerCase().split(gap))
    .filter((word) => word.length > 1 && !LEGAL.has(word));

describe('the listed operators', () => {
  const names = bundledSystems();
  const listed = Object.entries(OPERATORS).flatMap(([networkClass, operators]) =>
    operators.flatMap(([name, site, ...numbers]) =>
      numbers.map((number) => ({ networkClass, name, site, number })),
    ),
  );

  it('are each in one list, once', () => {
    const numbers = listed.map(({ number }) => number);
    expect(numbers.length).toBeGreaterThan(800);
    expect(numbers.filter((number, index) => numbers.indexOf(number) !== index)).toEqual([]);
  });

  it('are whom the bundled database calls by that name, so that no wrong digit makes another of them', () => {
    const strangers = listed.filter(({ name, number }) => {
      const known = wordsOf(names.get(number) ?? '');
      return !wordsOf(name).some((word) => known.includes(word));
    });
    expect(strangers.map(({ name, number }) => `${number} ${name}: ${names.get(number)}`)).toEqual([]);
  });

  it('have a site that says what they do', () => {
    expect(listed.filter(({ site }) => !/^[a-z0-9.-]+\.[a-z]{2,}(\/\S*)?$/.test(site))).toEqual([]);
  });

  it('beat what their names say', () => {
    expect(classOfOperator(13335, 'Cloudflare University Hosting')).toBe('relay');
    expect(classOfOperator(1766, 'Exxon Mobil Corporation')).toBe('unknown');
  });

  it('have ranges of their own that are networks', () => {
    const networks = RANGES.flatMap((ranges) => ranges.networks.map(parsePrefix));
    expect(networks.every((prefix) => prefix !== undefined && isNetworkAddress(prefix))).toBe(true);
  });
});

describe('the words of an operator’s name', () => {
  it.each([
    ['Example University', 'education'],
    ['UNIVERSIDADE FEDERAL DE EXEMPLO', 'education'],
    ['Universität Musterstadt', 'education'],
    ['Hochschule Musterstadt', 'education'],
    ['Springfield School District', 'education'],
    ['City University of Example', 'education'],
    ['Example Mobile Ltd', 'mobile'],
    ['Telefonica Moviles Ejemplo S.A.', 'mobile'],
    ['Example Cloud Hosting', 'hosting'],
    ['ExampleVPS LLC', 'hosting'],
    ['Example Data Centres Ltd', 'hosting'],
    ['Leaseweb Example B.V.', 'hosting'],
    ['Example VPN AB', 'vpn'],
    ['ExampleVPN Inc.', 'vpn'],
    ['Example Telecom', 'residential'],
    ['EXEMPLO TELECOMUNICACOES LTDA', 'residential'],
    ['Viasat Example', 'satellite'],
    ['Microsoft Example Ltd', 'cloud'],
  ])('%s: %s', (name, networkClass) => {
    expect(classOfName(name)).toBe(networkClass);
  });

  it.each([
    ['Universo Online S.A.', 'university in another word'],
    ['Universal Music Group', 'university in another word'],
    ['City of College Park', 'a city named after a college'],
    ['College Loan Corporation', 'a lender'],
    ['Example Automobile Club', 'mobile in another word'],
    ['Exxon Mobil Corporation', 'an oil company'],
    ['City of Mobile', 'a city'],
    ['Centre For Cellular And Molecular Platforms', 'biology'],
    ['Ghost Foundation', 'host in another word'],
    ['Hostel Group', 'host in another word'],
    ['Intel Corporation', 'a maker'],
    ['Grand Hotel', 'an inn'],
    ['Starlink Ltd.', 'a local provider'],
    ['County of Orange', 'a county'],
    ['Example Holdings', 'nothing'],
  ])('do not take in %s: %s', (name) => {
    expect(classOfName(name)).toBe('unknown');
  });

  it('tell a plausible number of systems of each class, so that no rule runs wild', () => {
    const counts = new Map<string, number>();
    for (const name of bundledSystems().values()) {
      const networkClass = classOfName(name);
      counts.set(networkClass, (counts.get(networkClass) ?? 0) + 1);
    }
    const between = (networkClass: string, least: number, most: number): void => {
      expect(counts.get(networkClass), networkClass).toBeGreaterThanOrEqual(least);
      expect(counts.get(networkClass), networkClass).toBeLessThanOrEqual(most);
    };
    between('vpn', 5, 60);
    between('gateway', 5, 60);
    between('satellite', 20, 150);
    between('mobile', 150, 400);
    between('education', 3_000, 4_500);
    between('hosting', 2_000, 3_500);
    between('residential', 12_000, 20_000);
  });
});

describe('networks whose operators are known', () => {
  const grades = gradeKnownNetworks();
  const shareOf = (some: typeof grades): number =>
    some.filter(({ networkClass, found }) => networkClass === found).length / some.length;

  it('are of many operators and classes, each with the page that says so', () => {
    const known = knownNetworks();
    expect(known.length).toBeGreaterThan(300);
    expect(new Set(known.map(({ operator }) => operator)).size).toBeGreaterThan(150);
    expect(known.filter(({ source }) => !/^https?:\/\/\S+$/.test(source))).toEqual([]);
    expect(known.filter(({ network }) => parsePrefix(network) === undefined)).toEqual([]);
    expect(new Set(known.map(({ network }) => network)).size).toBe(known.length);
  });

  it('are found to be what they are, 95 of 100 and more', () => {
    expect(shareOf(grades)).toBeGreaterThanOrEqual(0.95);
  });

  it('are so in each class by itself, 80 of 100 and more', () => {
    for (const networkClass of new Set(grades.map((grade) => grade.networkClass))) {
      const own = grades.filter((grade) => grade.networkClass === networkClass);
      expect(shareOf(own), networkClass).toBeGreaterThanOrEqual(0.8);
    }
  });
});
