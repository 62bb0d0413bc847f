import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { replay, replayCommand } from '../../processor/commands/replay.js';
import { type Processor, startProcessor } from '../../processor/processor.js';
import { migrate } from '../../schema/store/migrate.js';
import { type TestStore, testStore } from '../schema/store-fixture.js';
import { cloudTrailRecord } from './cloudtrail-record.js';
import { silentLogger } from './export/silent-logger.js';

let store: TestStore;
let processor: Processor;
let folder: string;
// Each test sends records of its own: their numbers begin here.
let first = 0;

beforeAll(async () => {
  store = await testStore();
  await migrate(store.database);
  processor = await startProcessor({
    database: store.database,
    key: 'a key for tests that is long enough',
    host: '127.0.0.1',
    otlpHttpPort: 0,
    logger: silentLogger,
  });
});
afterAll(async () => {
  await processor?.close();
  await store?.close();
});
beforeEach(() => {
  first += 100_000;
  folder = mkdtempSync(join(tmpdir(), 'vouchtrail-replay-'));
  return () => rmSync(folder, { recursive: true, force: true });
});

function records(from: number, to: number): Record<string, unknown>[] {
  return Array.from({ length: to - from }, (_, i) => cloudTrailRecord(first + from + i));
}

const ndjson = (values: readonly unknown[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join('');

function otlp(texts: readonly string[], service: string): object {
  const logRecords = texts.map((stringValue) => ({ body: { stringValue } }));
  const attributes = [{ key: 'service.name', value: { stringValue: service } }];
  return { resourceLogs: [{ resource: { attributes }, scopeLogs: [{ scope: {}, logRecords }] }] };
}

function write(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  return path;
}

/** Runs the command and gives back its exit code and all that it printed. */
async function run(args: readonly string[], input = '', endpoint = processor.otlpHttp.url) {
  const out = new PassThrough();
  let printed = '';
  out.on('data', (chunk) => {
    printed += chunk;
  });
  const code = await replayCommand(args, {
    endpoint,
    out,
    err: out,
    input: Readable.from([Buffer.from(input)]),
  });
  return { code, printed };
}

async function storedNumbers(): Promise<number[]> {
  const { rows } = await store.database.query<{ number: number }>(
    `SELECT toUInt64(substring(vendor_event_id, 25)) AS number FROM events
     WHERE number >= {first:UInt64} AND number < {first:UInt64} + 100000 ORDER BY event_id LIMIT 1 BY event_id`,
    { first },
  );
  return rows.map(({ number }) => number - first).sort((a, b) => a - b);
}

const upTo = (end: number): number[] => Array.from({ length: end }, (_, i) => i);

describe('replay', () => {
  it('sends every kind of file below a folder, gzipped or not, and counts what became of each', async () => {
    write('a.ndjson', ndjson(records(0, 1200)));
    write('b.json', `\ufeff${JSON.stringify(records(1200, 1210), null, 2)}`);
    write('c/trail.json', JSON.stringify({ Records: records(1210, 1240) }));
    write('c/trail.json.gz', gzipSync(JSON.stringify({ Records: records(1240, 1260) })));
    write(
      'd.jsonl',
      ndjson([
        otlp(
          records(1260, 1265).map((r) => JSON.stringify(r)),
          'collector',
        ),
      ]),
    );
    write('e.json', JSON.stringify(otlp(['GET /index.html'], 'web'), null, 1));
    write('f.json', JSON.stringify(cloudTrailRecord(first + 1265), null, 2));
    write('ignored.txt', 'not a log');
    const { code, printed } = await run([folder]);
    expect(code).toBe(0);
    const counts = printed.match(/^ *\d+ +\d+ +\d+ {2}.*$/gm)?.map((line) => line.trim().split(/ +/));
    expect(
      counts?.map(([accepted, unrecognised, rejected, file]) => [accepted, unrecognised, rejected, file]),
    ).toEqual([
      ['1200', '0', '0', join(folder, 'a.ndjson')],
      ['10', '0', '0', join(folder, 'b.json')],
      ['30', '0', '0', join(folder, 'c/trail.json')],
      ['20', '0', '0', join(folder, 'c/trail.json.gz')],
      ['5', '0', '0', join(folder, 'd.jsonl')],
      ['0', '1', '0', join(folder, 'e.json')],
      ['1', '0', '0', join(folder, 'f.json')],
      ['1266', '1', '0', '7'],
    ]);
    expect(await storedNumbers()).toEqual(upTo(1266));
    const { rows } = await store.database.query(
      `SELECT DISTINCT service_name FROM events WHERE service_name != ''`,
    );
    expect(rows).toEqual([{ service_name: 'collector' }]);
  });

  it('sends what comes on the standard input', async () => {
    const { code, printed } = await run(['-'], ndjson(records(0, 3)).replaceAll('\n', '\r\n\r\n'));
    expect(code).toBe(0);
    expect(printed).toMatch(/^ +3 +0 +0 {2}-$/m);
    expect(await storedNumbers()).toEqual(upTo(3));
  });

  it('names file and line of what is no record, sends the rest and exits with 1', async () => {
    const good = records(0, 4).map((record) => JSON.stringify(record));
    const path = write(
      'bad.ndjson',
      ['{"cut": "o', good[0], good[1], '7', '', '[1]', good[2], good[3]].join('\n'),
    );
    const { code, printed } = await run([path]);
    expect(code).toBe(1);
    expect(printed).toContain(`${path}:1: not JSON`);
    expect(printed).toContain(`${path}:4: JSON, but neither an object nor an array`);
    expect(printed).toContain(`${path}:6: element 0 of the array is not an object`);
    expect(printed).toMatch(/^ +4 +0 +3 {2}.*bad\.ndjson$/m);
    expect(await storedNumbers()).toEqual(upTo(4));
  });

  it('counts as rejected what the service keeps as a dead letter', async () => {
    const path = write(
      'x.ndjson',
      ndjson([...records(0, 2), cloudTrailRecord(first + 2, { eventName: null })]),
    );
    const { code, printed } = await run([path]);
    expect(code).toBe(1);
    expect(printed).toMatch(/^ +2 +0 +1 {2}.*x\.ndjson$/m);
    expect(printed).toContain('dead_letters');
  });

  it('says which file is damaged and goes on with the next', async () => {
    const damaged = write('damaged.gz', gzipSync(ndjson(records(0, 2000))).subarray(0, 3000));
    const whole = write('whole.ndjson', ndjson(records(5000, 5002)));
    const { code, printed } = await run([damaged, whole]);
    expect(code).toBe(1);
    expect(printed).toMatch(/damaged\.gz: it cannot be read to its end/);
    expect(await storedNumbers()).toEqual(expect.arrayContaining([5000, 5001]));
  });

  it('explains wrong usage and exits with 2', async () => {
    const missing = join(folder, 'missing.json');
    for (const [args, words] of [
      [[], /Name at least one file/],
      [[missing], /There is no file .*missing\.json/],
      [[folder], /holds no .json/],
      [['--shout'], /--shout/],
      [['--endpoint', 'localhost:4318', '-'], /http:\/\//],
    ] as const) {
      const { code, printed } = await run(args);
      expect(code).toBe(2);
      expect(printed).toMatch(words);
      expect(printed).toContain('--help');
    }
    expect((await run(['--help'])).code).toBe(0);
  });

  it('says so when no service listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await new Promise((resolve) => server.close(resolve));
    const path = write('a.ndjson', ndjson(records(0, 1)));
    const { code, printed } = await run([path], '', endpoint);
    expect(code).toBe(1);
    expect(printed).toContain(`No service listens at ${endpoint}`);
    expect(printed).toContain('1 records were not delivered');
  });
});

describe('replay, when the service is busy', () => {
  let server: Server;
  let answer: (body: string) => { status: number; headers?: Record<string, string>; body?: string };
  let bodies: string[];
  beforeEach(async () => {
    bodies = [];
    server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const { status, headers, body = '{}' } = answer(Buffer.concat(chunks).toString());
      response.writeHead(status, headers).end(body);
      if (status === 200) bodies.push(Buffer.concat(chunks).toString());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return () => {
      server.closeAllConnections();
      server.close();
    };
  });
  const endpoint = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  it('sends a request again after the time that it is told', async () => {
    const path = write('a.ndjson', ndjson(records(0, 1)));
    let refusedAt = 0;
    let waited = 0;
    answer = () => {
      waited = performance.now() - refusedAt;
      if (refusedAt > 0) return { status: 200 };
      refusedAt = performance.now();
      return { status: 503, headers: { 'Retry-After': '1' } };
    };
    const summary = await replay({ endpoint: endpoint(), files: [path], out: new PassThrough() });
    expect(summary).toMatchObject({ files: [{ accepted: 1, undelivered: 0 }] });
    expect(waited).toBeGreaterThanOrEqual(990);
    expect(bodies).toHaveLength(1);
  });

  it('gives up with the last answer when the service takes nothing for too long', async () => {
    const path = write('a.ndjson', ndjson(records(0, 2)));
    answer = () => ({ status: 503, body: '{"code":14,"message":"The disk is full."}' });
    const summary = await replay({
      endpoint: endpoint(),
      files: [path],
      out: new PassThrough(),
      patienceMs: 600,
    });
    expect(summary.gaveUp).toMatch(/did not take a request .* 503 The disk is full\./);
    expect(summary.files).toMatchObject([{ accepted: 0, undelivered: 2 }]);
  });

  it('counts a request that is refused for good as rejected and goes on', async () => {
    const path = write('a.ndjson', ndjson(records(0, 501)));
    answer = (body) =>
      body.includes(`${first + 500}\\"`) ? { status: 200 } : { status: 400, body: '{"message":"No good."}' };
    const summary = await replay({ endpoint: endpoint(), files: [path], out: new PassThrough() });
    expect(summary).toMatchObject({ files: [{ accepted: 1, rejected: 500 }] });
    expect(summary.files[0]?.faults).toEqual([expect.stringContaining('400 No good.')]);
  });

  it('sends at most 500 records and about 2 MB in a request, and a larger record alone', async () => {
    const large = 'x'.repeat(900_000);
    const sizes = [...Array(1001).fill(10), 900_000, 900_000, 900_000, 3_000_000, 10];
    const lines = sizes.map((size) => ({ id: size, text: large.repeat(4).slice(0, size) }));
    const path = write('a.ndjson', ndjson(lines));
    answer = () => ({ status: 200 });
    await replay({ endpoint: endpoint(), files: [path], out: new PassThrough() });
    const counts = bodies.map((body) => body.match(/"body"/g)?.length ?? 0);
    expect(counts.reduce((sum, count) => sum + count)).toBe(sizes.length);
    expect(Math.max(...counts)).toBe(500);
    for (const [i, body] of bodies.entries()) {
      if (counts[i] !== 1) expect(body.length).toBeLessThan(2_200_000);
    }
    expect(bodies.some((body) => body.length > 3_000_000)).toBe(true);
  });
});
