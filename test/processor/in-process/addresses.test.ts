import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DiagLogLevel, diag } from '@opentelemetry/api';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Address, parseAddress } from '../../../processor/enrich/address.js';
import { openAsnDatabase } from '../../../processor/enrich/asn-database.js';
import { loadAddressDatabases } from '../../../processor/in-process/address-databases.js';
import { SlicedAsnTable } from '../../../processor/in-process/sliced-asn-table.js';
import { AddressDatabaseError, SessionLogRecordProcessor } from '../../../processor/index.js';
import { access, startApplication } from './application.js';

const never = new AbortController().signal;

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'vouchtrail-addresses-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

describe('the bundled address databases', () => {
  it('say in slices what they say in one piece', async () => {
    const whole = openAsnDatabase();
    const { asn } = await loadAddressDatabases({}, never);
    let known = 0;
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        const address = parseAddress(text);
        if (address === undefined) return;
        expect(asn.systemOf(address)).toEqual(whole.systemOf(address));
        if (whole.systemOf(address).number > 0) known += 1;
      }),
      { numRuns: 5_000, seed: 3 },
    );
    expect(known).toBeGreaterThan(500);
  });

  it('are read while the application goes on with its work', async () => {
    let turns = 0;
    let reading = true;
    const turn = (): void => {
      turns += 1;
      if (reading) setImmediate(turn);
    };
    setImmediate(turn);
    await loadAddressDatabases({}, never);
    reading = false;
    expect(turns).toBeGreaterThan(50);
  });

  it('are no longer read once they are not wanted', async () => {
    const abort = new AbortController();
    const loading = loadAddressDatabases({}, abort.signal);
    setImmediate(() => abort.abort());
    await expect(loading).rejects.toThrow(/abort/i);
  });
});

describe('a table in slices', () => {
  // Lines of 40 bytes make slices of about 6,500 ranges.
  const ranges = 20_000;
  const line = (i: number): string => {
    const [a, b] = [1 + (i >> 8), i & 255];
    return `${a}.${b}.16.0,${a}.${b}.31.255,${i + 1},"Network, number ${i}"\n`;
  };
  const csv = Buffer.from(Array.from({ length: ranges }, (_, i) => line(i)).join(''));
  const table = new SlicedAsnTable(4, new Map());
  for (const slice of SlicedAsnTable.slices(csv)) table.add(slice);
  const find = (text: string) => table.find(parseAddress(text) as Address);

  it('finds the first and the last address of every range, and none between two', () => {
    expect([...SlicedAsnTable.slices(csv)].length).toBeGreaterThan(2);
    expect(table.size).toBe(ranges);
    for (let i = 0; i < ranges; i += 1) {
      const prefix = `${1 + (i >> 8)}.${i & 255}`;
      expect(find(`${prefix}.16.0`).number).toBe(i + 1);
      expect(find(`${prefix}.31.255`)).toEqual({ number: i + 1, organization: `Network, number ${i}` });
      expect(find(`${prefix}.15.255`).number).toBe(0);
      expect(find(`${prefix}.32.0`).number).toBe(0);
    }
  });

  it('knows nothing before it has a slice', () => {
    expect(new SlicedAsnTable(4, new Map()).find(parseAddress('8.8.8.8') as Address).number).toBe(0);
  });
});

describe('the processor', () => {
  it('adds country and network to what is emitted once it is ready, and does not wait for that', async () => {
    const { emit, processor } = startApplication({ addresses: {} });
    const record = access(1, { 'client.address': '8.8.8.8' });
    expect(emit(record).attributes['client.as.number']).toBe(undefined);
    await processor.ready;
    expect(emit(record).attributes).toMatchObject({
      'client.as.number': 15169,
      'client.as.organization': expect.stringContaining('Google'),
      'geo.country.iso_code': 'US',
      'vouchtrail.network.class': expect.any(String),
    });
  });

  it('takes a country database of one’s own', async () => {
    const country = createRequire(import.meta.url).resolve(
      '@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country-ipv4.mmdb',
    );
    const { emit, processor } = startApplication({ addresses: { country } });
    await processor.ready;
    const { attributes } = emit(access(1, { 'client.address': '8.8.8.8' }));
    expect(attributes['geo.country.iso_code']).toBe('US');
  });

  it('says at once that a file is not there', () => {
    const country = join(folder(), 'missing.mmdb');
    const make = () => new SessionLogRecordProcessor({ addresses: { country } });
    expect(make).toThrow(AddressDatabaseError);
    expect(make).toThrow(country);
  });

  it('goes on without places, and says so, if a file is no database', async () => {
    const asn = join(folder(), 'broken.mmdb');
    writeFileSync(asn, 'no database');
    const said: unknown[][] = [];
    const quiet = { warn: () => {}, info: () => {}, debug: () => {}, verbose: () => {} };
    diag.setLogger({ ...quiet, error: (...words) => said.push(words) }, DiagLogLevel.ALL);
    onTestFinished(() => diag.disable());
    const { emit, processor } = startApplication({ addresses: { asn } });
    await processor.ready;
    expect(emit(access(1)).attributes['vouchtrail.activity']).toBe('access');
    expect(said).toEqual([
      ['vouchtrail', expect.stringContaining('without'), expect.any(AddressDatabaseError)],
    ]);
  });

  it('does not go on reading after shutdown, and is ready all the same', async () => {
    const { processor } = startApplication({ addresses: {} });
    await processor.shutdown();
    await expect(processor.ready).resolves.toBe(undefined);
  });
});
