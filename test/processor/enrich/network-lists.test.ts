import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Address, parseAddress } from '../../../processor/enrich/address.js';
import { createAddressFacts } from '../../../processor/enrich/address-facts.js';
import {
  type FollowedNetworkLists,
  followNetworkLists,
} from '../../../processor/enrich/network-list-folder.js';
import {
  LISTED_CLASSES,
  NetworkListError,
  readNetworkLists,
} from '../../../processor/enrich/network-lists.js';
import {
  cidrOf,
  isNetworkAddress,
  PrefixTable,
  parsePrefix,
} from '../../../processor/enrich/prefix-table.js';

function address(text: string): Address {
  const parsed = parseAddress(text);
  if (parsed === undefined) throw new Error(`${text} is no address`);
  return parsed;
}

function prefix(text: string) {
  const parsed = parsePrefix(text);
  if (parsed === undefined) throw new Error(`${text} is no network`);
  return parsed;
}

describe('a network in CIDR notation', () => {
  it.each([
    ['198.51.100.0/24', '198.51.100.0/24'],
    ['198.51.100.7', '198.51.100.7/32'],
    ['2001:DB8::/32', '2001:db8::/32'],
    ['2001:db8::1', '2001:db8::1/128'],
    ['::ffff:198.51.100.0/120', '198.51.100.0/24'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['::/0', '::/0'],
  ])('%s is read as %s', (text, cidr) => {
    expect(cidrOf(prefix(text))).toBe(cidr);
    expect(isNetworkAddress(prefix(text))).toBe(true);
  });

  it.each([
    '',
    'example',
    '1.2.3',
    '1.2.3.4/33',
    '1.2.3.4/',
    '1.2.3.4/-1',
    '010.1',
    '::/129',
    '1.2.3.4:80',
    '1.2.3.4 5',
  ])('is not read from %j', (text) => {
    expect(parsePrefix(text)).toBeUndefined();
  });

  it('that names an address inside of it is told from one that names it', () => {
    expect(isNetworkAddress(prefix('10.1.2.3/8'))).toBe(false);
    expect(cidrOf(prefix('10.1.2.3/8'))).toBe('10.0.0.0/8');
    expect(isNetworkAddress(prefix('2001:db8::1/64'))).toBe(false);
    expect(cidrOf(prefix('2001:db8:0:1:2::/64'))).toBe('2001:db8:0:1::/64');
  });
});

describe('a table of networks', () => {
  it('finds the longest one that holds an address', () => {
    const table = new PrefixTable([
      [prefix('10.0.0.0/8'), 'wide'],
      [prefix('10.1.0.0/16'), 'narrow'],
      [prefix('10.1.2.3'), 'one'],
      [prefix('2001:db8::/32'), 'six'],
    ] as const);
    const found = (text: string) => table.find(address(text));
    expect(found('10.9.9.9')).toEqual({ value: 'wide', bits: 8 });
    expect(found('10.1.9.9')).toEqual({ value: 'narrow', bits: 16 });
    expect(found('10.1.2.3')).toEqual({ value: 'one', bits: 32 });
    expect(found('11.0.0.0')).toBeUndefined();
    expect(found('2001:db8:ffff::1')).toEqual({ value: 'six', bits: 32 });
    expect(found('2001:db9::1')).toBeUndefined();
  });

  it('agrees with a search through all of them', () => {
    const networks = fc.array(
      fc.oneof(
        fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })),
        fc.tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 })),
      ),
      { maxLength: 30 },
    );
    const holds = (cidr: string, text: string): boolean => {
      const [network, bits] = ipaddr.parseCIDR(cidr);
      const asked = ipaddr.process(text);
      return network.kind() === asked.kind() && asked.match([network, bits]);
    };
    fc.assert(
      fc.property(networks, fc.oneof(fc.ipV4(), fc.ipV6()), fc.nat(), (written, other, pick) => {
        const cidrs = [...new Set(written.map(([text, bits]) => cidrOf(prefix(`${text}/${bits}`))))];
        // Half of the time an address that is in one of them: hits in the wide would be rare.
        const from = written[pick % Math.max(written.length, 1)]?.[0];
        const asked = parseAddress(pick % 2 === 0 && from !== undefined ? from : other);
        if (asked === undefined) return;
        const expected = cidrs
          .filter((cidr) => holds(cidr, asked.text))
          .sort((a, b) => Number(b.split('/')[1]) - Number(a.split('/')[1]))[0];
        const table = new PrefixTable(cidrs.map((cidr) => [prefix(cidr), cidr] as const));
        expect(table.find(asked)?.value).toBe(expected);
      }),
    );
  });
});

describe('lists of networks', () => {
  const read = (files: Record<string, string>) =>
    readNetworkLists(
      Object.entries(files).map(([name, text]) => ({ name, text })),
      'lists',
    );
  const problemsOf = (files: Record<string, string>): readonly string[] => {
    try {
      read(files);
    } catch (error) {
      if (error instanceof NetworkListError) return error.problems;
      throw error;
    }
    return [];
  };

  it('hold a class a file, a network a line, with comments, blank lines and either end of line', () => {
    const table = read({
      'hosting.txt': '# ours\n198.51.100.0/24 # rented\r\n\n  2001:db8::/32  \n',
      'corporate.txt': '198.51.100.64/26',
    });
    expect(table.size).toBe(3);
    expect(table.find(address('198.51.100.1'))?.value).toBe('hosting');
    expect(table.find(address('198.51.100.65'))?.value).toBe('corporate');
    expect(table.find(address('2001:db8::1'))?.value).toBe('hosting');
  });

  it('take the Tor Project’s bulk exit list as it is', () => {
    const table = read({ 'tor.txt': '185.220.101.1\n185.220.101.2\n2001:db8::7\n' });
    expect(table.find(address('185.220.101.2'))).toEqual({ value: 'tor', bits: 32 });
    expect(table.find(address('185.220.101.3'))).toBeUndefined();
  });

  it('name file, line and what is allowed for everything that is wrong, at once', () => {
    expect(
      problemsOf({
        'hosting.txt': '198.51.100.0/24\nexample.com\n10.1.2.3/8\n',
        'vpn.txt': '\n198.51.100.0/24\n',
        'hostings.txt': '198.51.100.0/24\n',
      }),
    ).toEqual([
      "hosting.txt line 2: 'example.com' is no network: allowed are CIDR notation (198.51.100.0/24, 2001:db8::/32) and addresses",
      "hosting.txt line 3: '10.1.2.3/8' is an address inside a network: write 10.0.0.0/8",
      'vpn.txt line 2: 198.51.100.0/24 is hosting at hosting.txt line 1; a network is of one class',
      `hostings.txt: names no class of network; allowed are ${LISTED_CLASSES.map((name) => `${name}.txt`).join(', ')}`,
    ]);
  });

  it('may say the same twice', () => {
    expect(problemsOf({ 'vpn.txt': '198.51.100.0/24\n198.51.100.0/24' })).toEqual([]);
  });

  it('that are wrong throughout are not repeated line by line', () => {
    const text = 'x\n'.repeat(5_000);
    expect(problemsOf({ 'vpn.txt': text })).toHaveLength(20);
    expect(() => read({ 'vpn.txt': text })).toThrow(/and 4980 more/);
  });
});

describe('a folder of lists', () => {
  let folder = '';
  let lists: FollowedNetworkLists | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lists-'));
  });
  afterEach(() => {
    lists?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const write = (name: string, text: string): void => {
    // Put in place at once, as a list should be; of another time, whatever the clock of the file system can tell.
    writeFileSync(join(folder, `.${name}`), text);
    utimesSync(join(folder, `.${name}`), 1_000 + text.length, 1_000 + text.length);
    renameSync(join(folder, `.${name}`), join(folder, name));
  };
  const classOf = (text: string) => lists?.table.find(address(text))?.value;

  it('is read again when a list is written, added or removed', () => {
    write('vpn.txt', '198.51.100.0/24');
    const changes: number[] = [];
    lists = followNetworkLists(folder, { onChange: (networks) => changes.push(networks) });
    expect(classOf('198.51.100.1')).toBe('vpn');
    lists.check();
    expect(lists.generation).toBe(0);
    write('vpn.txt', '203.0.113.0/24 # another');
    write('tor.txt', '192.0.2.1');
    lists.check();
    expect([classOf('198.51.100.1'), classOf('203.0.113.1'), classOf('192.0.2.1')]).toEqual([
      undefined,
      'vpn',
      'tor',
    ]);
    rmSync(join(folder, 'tor.txt'));
    lists.check();
    expect(classOf('192.0.2.1')).toBeUndefined();
    expect([lists.generation, changes]).toEqual([2, [2, 1]]);
  });

  it('is looked at by itself', async () => {
    write('vpn.txt', '198.51.100.0/24');
    const changed = new Promise((resolve) => {
      lists = followNetworkLists(folder, { everyMs: 5, onChange: resolve });
    });
    write('vpn.txt', '203.0.113.0/24 # another');
    expect(await changed).toBe(1);
    expect(classOf('203.0.113.1')).toBe('vpn');
  });

  it('holds other files too, and hidden ones', () => {
    write('README.md', 'Where these come from.');
    write('vpn.txt', '198.51.100.0/24');
    mkdirSync(join(folder, '..data.txt'));
    lists = followNetworkLists(folder);
    expect(lists.table.size).toBe(1);
  });

  it('that becomes wrong leaves the last lists in force, and is said once', () => {
    write('vpn.txt', '198.51.100.0/24');
    const errors: string[] = [];
    lists = followNetworkLists(folder, { onError: ({ message }) => errors.push(message) });
    write('vpn.txt', '198.51.100.0/24\nnonsense');
    for (let i = 0; i < 3; i++) lists.check();
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain("vpn.txt line 2: 'nonsense' is no network");
    expect(classOf('198.51.100.1')).toBe('vpn');
    rmSync(folder, { recursive: true });
    for (let i = 0; i < 3; i++) lists.check();
    expect(errors).toHaveLength(2);
    expect(errors[1]).toContain(`${folder} cannot be read (ENOENT)`);
    expect(classOf('198.51.100.1')).toBe('vpn');
    mkdirSync(folder);
    write('vpn.txt', '203.0.113.0/24');
    lists.check();
    expect(classOf('203.0.113.1')).toBe('vpn');
  });

  it('that is wrong or missing at first is an error', () => {
    expect(() => followNetworkLists(join(folder, 'nowhere'))).toThrow(NetworkListError);
    write('vpn.txt', 'nonsense');
    expect(() => followNetworkLists(folder)).toThrow(/vpn\.txt line 1/);
  });
});

describe('what is known of an address in a listed network', () => {
  const asn = { systemOf: () => ({ number: 14061, organization: 'DigitalOcean, LLC' }) };
  const lists = (files: Record<string, string>, generation = 0) => ({
    table: readNetworkLists(
      Object.entries(files).map(([name, text]) => ({ name, text })),
      'lists',
    ),
    generation,
  });

  it('is what the list says, not what the autonomous system is or the range', () => {
    const networkLists = lists({
      'gateway.txt': '9.9.9.0/24',
      'corporate.txt': '10.0.0.0/8\n106.128.0.0/16',
    });
    const facts = createAddressFacts({ asn, networkLists });
    const classes = ['9.9.9.9', '9.9.8.9', '10.1.1.1', '192.168.1.1', '106.128.0.1', '106.129.0.1'].map(
      (text) => facts(text).networkClass,
    );
    expect(classes).toEqual(['gateway', 'hosting', 'corporate', 'private', 'corporate', 'mobile']);
    expect(facts('9.9.9.9')).toMatchObject({ asn: 14061, asOrganization: 'DigitalOcean, LLC' });
  });

  it('is what the longer network says where policy and lists both hold it; the policy where they are alike', () => {
    const networkLists = lists({ 'vpn.txt': '9.9.9.0/24\n9.8.0.0/16' });
    const facts = createAddressFacts({
      asn,
      networkLists,
      corporateNetworks: ['9.9.0.0/16', '9.8.0.0/16', '9.9.9.9/32'],
    });
    const classes = ['9.9.1.1', '9.9.9.1', '9.8.1.1', '9.9.9.9'].map((text) => facts(text).networkClass);
    expect(classes).toEqual(['corporate', 'vpn', 'corporate', 'corporate']);
  });

  it('is looked up anew once the lists changed', () => {
    let current = lists({ 'vpn.txt': '9.9.9.0/24' });
    const facts = createAddressFacts({
      asn,
      networkLists: {
        get table() {
          return current.table;
        },
        get generation() {
          return current.generation;
        },
      },
    });
    expect(facts('9.9.9.9').networkClass).toBe('vpn');
    current = lists({ 'tor.txt': '9.9.9.9' }, 1);
    expect(facts('9.9.9.9').networkClass).toBe('tor');
    expect(facts('9.9.9.1').networkClass).toBe('hosting');
  });
});
