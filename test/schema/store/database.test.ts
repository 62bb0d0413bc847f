import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, openDatabase } from '../../../schema/store/database.js';
import { StoreError, StoreRejectedError, StoreUnavailableError } from '../../../schema/store/errors.js';
import { type TestStore, testStore } from '../store-fixture.js';
import { rowBinary } from './row-binary.js';

describe('a database by URL', () => {
  let store: TestStore;

  beforeAll(async () => {
    store = await testStore();
    await store.database.command(
      "CREATE TABLE events (id UInt64, ts DateTime64(9, 'UTC'), body String) ENGINE = MergeTree ORDER BY id",
    );
  });
  afterAll(() => store.close());

  const columns = { id: 'UInt64', ts: "DateTime64(9, 'UTC')", body: 'String' } as const;

  it('brings nanoseconds there and back without loss', async () => {
    const stamps = [0n, 1n, 1_764_000_000_123_456_789n, 253_402_300_799_999_999n];
    await store.database.insertBinary(
      'events',
      ['id', 'ts', 'body'],
      rowBinary(
        columns,
        stamps.map((ts, id) => ({ id, ts, body: '' })),
      ),
    );
    const { rows } = await store.database.query<{ ts: string; nanoseconds: string }>(
      'SELECT ts, toString(toUnixTimestamp64Nano(ts)) AS nanoseconds FROM events ORDER BY id',
    );
    expect(rows.map(({ nanoseconds }) => BigInt(nanoseconds))).toEqual(stamps);
    expect(rows.map(({ ts }) => ts).slice(0, 3)).toEqual([
      '1970-01-01 00:00:00.000000000',
      '1970-01-01 00:00:00.000000001',
      '2025-11-24 16:00:00.123456789',
    ]);
    const found = await store.database.query<{ id: number }>(
      "SELECT id FROM events WHERE ts = {ts:DateTime64(9, 'UTC')}",
      { ts: '2025-11-24 16:00:00.123456789' },
    );
    expect(found.rows).toEqual([{ id: 2 }]);
  });

  it('binds values of every kind as parameters', async () => {
    const params = {
      text: "it's {not} a \\ \n\t parameter; DROP",
      number: 42,
      flag: true,
      nothing: null,
      list: ['a', "b'", 'c\\'],
      pairs: [['x', 1]],
      map: { k: 'v' },
    };
    const { rows } = await store.database.query(
      `SELECT {text:String} AS text, {number:UInt32} AS number, {flag:Bool} AS flag, {nothing:Nullable(String)} AS nothing,
        {list:Array(String)} AS list, {map:Map(String, String)} AS map`,
      params,
    );
    const { pairs: _, ...expected } = params;
    expect(rows).toEqual([expected]);
  });

  it('answers counts as numbers, and says what was read', async () => {
    const answer = await store.database.query<{ n: number }>(
      'SELECT count(), sum(id) AS n FROM events WHERE id < {below:UInt64}',
      { below: 99 },
    );
    expect(answer.rows).toEqual([{ 'count()': 4, n: 6 }]);
    expect(answer.rowsRead).toBe(4);
    expect(answer.bytesRead).toBeGreaterThan(0);
    expect(answer.elapsedSeconds).toBeGreaterThan(0);
  });

  it('takes settings and a tag for one statement', async () => {
    const { rows } = await store.database.query<{ threads: number; tag: string }>(
      "SELECT getSetting('max_threads') AS threads, getSetting('log_comment') AS tag",
      {},
      { settings: { max_threads: 3 }, logComment: 'findings list' },
    );
    expect(rows[0]?.threads).toBe(3);
    expect(rows[0]?.tag).toContain('findings list');
  });

  it('takes alias and column apart when asked to', async () => {
    const sql = 'SELECT id + 1 AS id FROM events WHERE id = 3';
    const options = { settings: { prefer_column_name_to_alias: 1 as const } };
    expect((await store.database.query(sql, {}, options)).rows).toEqual([{ id: 4 }]);
  });

  it('can be pinged', async () => {
    expect(await store.database.ping()).toBe(true);
  });

  it.each([
    ['a wrong statement', 'SELEC 1', 62],
    ['a missing table', 'SELECT * FROM no_such', 60],
    ['a bad value', "SELECT toUInt8('x')", 6],
    ['a missing parameter', 'SELECT {missing:String}', 456],
  ])('tells that it will never do %s', async (_, sql, code) => {
    const error = await store.database.query(sql).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(StoreRejectedError);
    expect(error).toMatchObject({ code, name: 'StoreRejectedError' });
  });

  it('tells rows that cannot be read from a statement that is wrong', async () => {
    const whole = rowBinary(columns, [{ id: 1, ts: 0n, body: 'x' }]);
    const torn = store.database.insertBinary(
      'events',
      ['id', 'ts', 'body'],
      whole.subarray(0, whole.length - 1),
    );
    await expect(torn).rejects.toMatchObject({ name: 'StoreRejectedError', rowsAtFault: true });
    const missing = store.database.insertBinary('no_such', ['id', 'ts', 'body'], whole);
    await expect(missing).rejects.toMatchObject({ name: 'StoreRejectedError', rowsAtFault: false, code: 60 });
    const wrongColumn = store.database.insertBinary('events', ['id', 'nope', 'body'], whole);
    await expect(wrongColumn).rejects.toMatchObject({ name: 'StoreRejectedError', rowsAtFault: false });
    await expect(store.database.insertRows('events', [{ id: 'x' }])).rejects.toMatchObject({
      rowsAtFault: true,
    });
  });

  it('tells that it may do it later: out of memory, out of time', async () => {
    const memory = store.database.query(
      'SELECT length(groupArray(number)) AS n FROM numbers(100000000)',
      {},
      { settings: { max_memory_usage: '10000000' } },
    );
    await expect(memory).rejects.toMatchObject({ name: 'StoreUnavailableError', code: 241 });
    const time = store.database.query(
      'SELECT sum(sleepEachRow(0.05)) AS n FROM numbers(100)',
      {},
      { settings: { max_execution_time: 0.1, max_block_size: '1' } },
    );
    await expect(time).rejects.toMatchObject({ name: 'StoreUnavailableError', code: 159 });
  });

  it('gives up waiting and says so', async () => {
    const impatient = openDatabase({ ...store, database: store.databaseName, requestTimeoutMs: 200 });
    const error = impatient.query(
      'SELECT sleepEachRow(0.1) FROM numbers(30)',
      {},
      { settings: { max_block_size: '1' } },
    );
    await expect(error).rejects.toThrow(StoreUnavailableError);
    await impatient.close();
  });

  it('passes on why the caller stopped it', async () => {
    const reason = new Error('the user left');
    const already = store.database.query('SELECT 1', {}, { signal: AbortSignal.abort(reason) });
    await expect(already).rejects.toBe(reason);
  });

  it('fails an insert whose rows break off, and stores none of them', async () => {
    const rows = rowBinary(
      columns,
      Array.from({ length: 1000 }, (_, i) => ({ id: 10_000 + i, ts: 0n, body: 'x' })),
    );
    async function* broken() {
      yield rows.subarray(0, rows.length - 100);
      throw new Error('the encoder broke');
    }
    const insert = store.database.insertBinary(
      'events',
      ['id', 'ts', 'body'],
      Readable.from(broken(), { objectMode: false }),
    );
    await expect(insert).rejects.toThrow(StoreError);
    const { rows: stored } = await store.database.query('SELECT count() AS n FROM events WHERE id >= 10000');
    expect(stored).toEqual([{ n: 0 }]);
  });

  it('quotes names', async () => {
    await store.database.command('CREATE TABLE `odd``name` (`a b` UInt64, `c\\`d` UInt64) ENGINE = Memory');
    const odd = rowBinary({ 'a b': 'UInt64', 'c`d': 'UInt64' }, [{ 'a b': 1, 'c`d': 2 }]);
    await store.database.insertBinary('odd`name', ['a b', 'c`d'], odd);
    expect((await store.database.query('SELECT * FROM `odd``name`')).rows).toEqual([{ 'a b': 1, 'c`d': 2 }]);
  });

  it('is made once and left alone afterwards', async () => {
    const options = { ...store, database: store.databaseName };
    await createDatabase(options);
    await createDatabase(options);
    expect((await store.database.query('EXISTS events')).rows).toEqual([{ result: 1 }]);
    expect(() => openDatabase({ ...options, database: 'a`b' })).toThrow(TypeError);
  });
});

describe('a store that is not there', () => {
  let server: Server;
  let url: string;
  let answer: (url: string) => { status: number; body: string };

  beforeAll(async () => {
    server = createServer((request, response) => {
      const { status, body } = answer(request.url ?? '');
      request.resume();
      response.writeHead(status).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const ask = async (target: string) => {
    const database = openDatabase({ url: target, username: 'u', password: 'p', database: 'd' });
    try {
      return await database.query('SELECT 1').catch((error: unknown) => error);
    } finally {
      await database.close();
    }
  };

  it('is unavailable when nobody listens', async () => {
    expect(await ask('http://127.0.0.1:1')).toBeInstanceOf(StoreUnavailableError);
    const database = openDatabase({ url: 'http://127.0.0.1:1', username: 'u', password: 'p', database: 'd' });
    expect(await database.ping()).toBe(false);
    await database.close();
  });

  it('is unavailable behind a proxy that says so in its own words', async () => {
    answer = () => ({ status: 502, body: '<html>Bad Gateway</html>' });
    expect(await ask(url)).toBeInstanceOf(StoreUnavailableError);
  });

  it('is unavailable when it answers something that is no answer', async () => {
    answer = () => ({ status: 200, body: '{"data":[' });
    expect(await ask(url)).toBeInstanceOf(StoreUnavailableError);
  });

  it('rejects for good when the password is wrong', async () => {
    answer = () => ({
      status: 403,
      body: 'Code: 516. DB::Exception: u: Authentication failed: password is incorrect. (AUTHENTICATION_FAILED)',
    });
    expect(await ask(url)).toMatchObject({ name: 'StoreRejectedError', code: 516, rowsAtFault: false });
  });
});
