import { request } from 'node:http';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { onEmbeddedStore, type TestStore, testStore } from '../../store-fixture.js';
import { rawHttp, rawText } from '../raw-http.js';
import { rowBinary } from '../row-binary.js';

describe.runIf(onEmbeddedStore)('rows on their way into the embedded store', () => {
  let store: TestStore;

  beforeAll(async () => {
    store = await testStore();
    await store.database.command('CREATE TABLE t (a UInt64, s String) ENGINE = MergeTree ORDER BY a');
    await store.database.command('CREATE TABLE victims (a UInt8) ENGINE = Memory');
  });
  beforeEach(() => store.database.command('TRUNCATE TABLE t'));
  afterAll(() => store.close());

  const columns = { a: 'UInt64', s: 'String' } as const;
  const stored = async () =>
    (await store.database.query<{ a: number; s: string }>('SELECT a, s FROM t ORDER BY a')).rows;
  const victimsExist = () => rawText(store, 'EXISTS victims');

  const hostile = [
    '',
    '\n\n',
    'a\n\nDROP TABLE victims',
    "'); DROP TABLE victims; --",
    'tab\tquote\' "back\\slash`',
    '\r\n\r\nSELECT 1',
    '\u0000\u0001ÿ',
  ];

  it('stay what they are, with blank lines and SQL in them: binary', async () => {
    const rows = hostile.map((s, a) => ({ a, s }));
    await store.database.insertBinary('t', ['a', 's'], rowBinary(columns, rows));
    expect(await stored()).toEqual(rows);
    expect(await victimsExist()).toBe('1\n');
  });

  it('stay what they are, with blank lines and SQL in them: JSON', async () => {
    const rows = hostile.map((s, a) => ({ a, s }));
    await store.database.insertRows('t', rows);
    expect(await stored()).toEqual(rows);
    expect(await victimsExist()).toBe('1\n');
  });

  it('stay what they are whatever their bytes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 40 }),
        async (texts) => {
          await store.database.command('TRUNCATE TABLE t');
          const rows = texts.map((bytes, a) => ({ a, s: Buffer.from(bytes) }));
          await store.database.insertBinary('t', ['a', 's'], rowBinary(columns, rows));
          const { rows: back } = await store.database.query<{ s: string }>(
            'SELECT hex(s) AS s FROM t ORDER BY a',
          );
          expect(back.map(({ s }) => s.toLowerCase())).toEqual(rows.map(({ s }) => s.toString('hex')));
        },
      ),
      { numRuns: 25 },
    );
  });

  it('may come as a stream', async () => {
    const whole = rowBinary(
      columns,
      Array.from({ length: 1000 }, (_, a) => ({ a, s: `row\n\n${a}` })),
    );
    const pieces = Array.from({ length: Math.ceil(whole.length / 777) }, (_, i) =>
      whole.subarray(i * 777, (i + 1) * 777),
    );
    await store.database.insertBinary('t', ['a', 's'], Readable.from(pieces, { objectMode: false }));
    expect(await rawText(store, 'SELECT count(), sum(a) FROM t')).toBe('1000\t499500\n');
  });

  it('end a text format at the end of the body and not at a blank line', async () => {
    const insert = (query: string, body: string) => rawHttp(store, { url: { query }, body });
    expect(
      (await insert('INSERT INTO t FORMAT JSONEachRow', '{"a":1,"s":"x"}\n\n\n{"a":2,"s":"y"}\n')).status,
    ).toBe(200);
    expect((await insert('INSERT INTO t FORMAT TSV', '3\tz\n4\tw\n')).status).toBe(200);
    expect((await insert('INSERT INTO t (s, a) FORMAT CSV', '"v\n\nw",5\n')).status).toBe(200);
    expect(await stored()).toEqual([
      { a: 1, s: 'x' },
      { a: 2, s: 'y' },
      { a: 3, s: 'z' },
      { a: 4, s: 'w' },
      { a: 5, s: 'v\n\nw' },
    ]);
  });

  it('are never run as SQL when they are broken', async () => {
    const query = 'INSERT INTO t FORMAT JSONEachRow';
    const broken = await rawHttp(store, { url: { query }, body: '{"a":1,"s":"x"}\n\nDROP TABLE victims' });
    expect(broken.status).toBe(400);
    const csv = await rawHttp(store, {
      url: { query: 'INSERT INTO t FORMAT CSV' },
      body: '1,x;\nDROP TABLE victims',
    });
    expect(csv.status).toBe(400);
    expect(await victimsExist()).toBe('1\n');
    expect(await stored()).toEqual([]);
  });

  it.each(['INSERT INTO t VALUES', 'INSERT INTO t (a, s) FORMAT Values'])(
    'are refused as VALUES, since the engine loses what follows a semicolon: %s',
    async (query) => {
      const answer = await rawHttp(store, { url: { query }, body: "(1, 'x'); (2, 'y')" });
      expect(answer).toMatchObject({ status: 404, code: '73' });
      expect(await stored()).toEqual([]);
    },
  );

  it('may follow their statement in the body, on a line of their own', async () => {
    const head = Buffer.from('INSERT INTO t (a, s) FORMAT RowBinaryWithNamesAndTypes\n');
    const body = Buffer.concat([head, rowBinary(columns, [{ a: 1, s: '\n\nx' }])]);
    expect((await rawHttp(store, { body })).status).toBe(200);
    expect(
      (await rawHttp(store, { body: 'INSERT INTO t FORMAT JSONEachRow\n{"a":2,"s":"y"}\n' })).status,
    ).toBe(200);
    expect(await stored()).toEqual([
      { a: 1, s: '\n\nx' },
      { a: 2, s: 'y' },
    ]);
  });

  it('may be compressed', async () => {
    const body = gzipSync(rowBinary(columns, [{ a: 1, s: 'zipped\n\n' }]));
    const query = 'INSERT INTO t (a, s) FORMAT RowBinaryWithNamesAndTypes';
    expect(
      (await rawHttp(store, { url: { query }, body, headers: { 'Content-Encoding': 'gzip' } })).status,
    ).toBe(200);
    expect(await stored()).toEqual([{ a: 1, s: 'zipped\n\n' }]);
    const unknown = await rawHttp(store, { url: { query }, body, headers: { 'Content-Encoding': 'lz4' } });
    expect(unknown).toMatchObject({ status: 415, code: '779' });
    const torn = await rawHttp(store, {
      url: { query },
      body: body.subarray(0, 30),
      headers: { 'Content-Encoding': 'gzip' },
    });
    expect(torn.status).not.toBe(200);
    expect(await stored()).toHaveLength(1);
  });

  it('may be none at all', async () => {
    expect(
      (await rawHttp(store, { url: { query: 'INSERT INTO t FORMAT JSONEachRow' }, body: '' })).status,
    ).toBe(200);
    expect((await rawHttp(store, { body: 'INSERT INTO t FORMAT JSONEachRow' })).status).toBe(200);
    await store.database.insertRows('t', []);
    expect(await stored()).toEqual([]);
  });

  it.each(['identity', 'gzip'])('are not stored when the client breaks off: %s', async (encoding) => {
    const whole = Buffer.from('{"a":1,"s":"x"}\n'.repeat(50_000));
    const bytes = encoding === 'gzip' ? gzipSync(whole, { level: 0 }) : whole;
    const url = new URL(store.url);
    url.searchParams.set('database', store.databaseName);
    url.searchParams.set('query', 'INSERT INTO t FORMAT JSONEachRow');
    const broken = request(url, {
      method: 'POST',
      headers: {
        'X-ClickHouse-User': store.username,
        'X-ClickHouse-Key': store.password,
        'Content-Encoding': encoding,
        'Content-Length': bytes.length,
      },
    });
    await new Promise<void>((resolve) => {
      broken.on('error', () => resolve());
      broken.write(bytes.subarray(0, 16 * 20_000), () => broken.destroy());
      broken.on('close', () => resolve());
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await stored()).toEqual([]);
  });

  it('go into a table called like a keyword', async () => {
    await store.database.command('CREATE TABLE format (`values` UInt8) ENGINE = Memory');
    const insert = (query: string) => rawHttp(store, { url: { query }, body: '{"values":1}\n' });
    for (const name of ['format', '`format`', `${store.databaseName}.format`, 'TABLE format']) {
      expect((await insert(`INSERT INTO ${name} (values) FORMAT JSONEachRow`)).status).toBe(200);
    }
    expect(await rawText(store, 'SELECT count() FROM format')).toBe('4\n');
  });

  it('are inserted whatever the number of months they belong to', async () => {
    await store.database.command(
      'CREATE TABLE months (d Date) ENGINE = MergeTree PARTITION BY toYYYYMM(d) ORDER BY d',
    );
    const rows = Array.from({ length: 150 }, (_, i) => ({
      d: new Date(Date.UTC(2010, i, 1)).toISOString().slice(0, 10),
    }));
    await store.database.insertRows('months', rows);
    expect(await rawText(store, 'SELECT count(), uniq(toYYYYMM(d)) FROM months')).toBe('150\t150\n');
  });
});
