import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onEmbeddedStore, type TestStore, testStore } from '../../store-fixture.js';
import { rawHttp, rawText } from '../raw-http.js';

describe.runIf(onEmbeddedStore)("the embedded endpoint as ClickHouse's HTTP interface", () => {
  let store: TestStore;

  beforeAll(async () => {
    store = await testStore();
    await store.database.command('CREATE TABLE t (a UInt64) ENGINE = MergeTree ORDER BY a');
    await store.database.command('INSERT INTO t SELECT number FROM numbers(100000)');
  });
  afterAll(() => store.close());

  it('answers a ping to anyone', async () => {
    const response = await fetch(`${store.url}/ping`);
    expect([response.status, await response.text()]).toEqual([200, 'Ok.\n']);
    expect((await fetch(`${store.url}/elsewhere`)).status).toBe(404);
  });

  it('wants a user and a password, in any of the usual ways', async () => {
    const { username, password } = store;
    const basic = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const ways: [string, Record<string, string>][] = [
      ['/?query=SELECT+1', { authorization: basic }],
      ['/?query=SELECT+1', { 'X-ClickHouse-User': username, 'X-ClickHouse-Key': password }],
      [`/?query=SELECT+1&user=${username}&password=${encodeURIComponent(password)}`, {}],
    ];
    for (const [path, headers] of ways) {
      const response = await fetch(store.url + path, { headers });
      expect([response.status, await response.text()]).toEqual([200, '1\n']);
    }
    const wrong: { username: string; password: string }[] = [
      { username, password: 'wrong' },
      { username, password: '' },
      { username: 'default', password: '' },
      { username: 'reader', password },
    ];
    for (const user of wrong) {
      const answer = await rawHttp(store, { body: 'SELECT 1', user });
      expect(answer).toMatchObject({ status: 403, code: '516' });
      expect(answer.text).not.toContain(password);
    }
    expect((await fetch(`${store.url}/?query=SELECT+1`)).status).toBe(403);
  });

  it('takes the statement from the URL, the body, or both', async () => {
    expect((await rawHttp(store, { url: { query: 'SELECT 1' } })).text).toBe('1\n');
    expect((await rawHttp(store, { body: 'SELECT 2' })).text).toBe('2\n');
    expect((await rawHttp(store, { url: { query: 'SELECT' }, body: '3' })).text).toBe('3\n');
  });

  it('changes nothing by GET', async () => {
    expect(await rawHttp(store, { url: { query: 'DROP TABLE t' } })).toMatchObject({ code: '164' });
    expect(await rawText(store, 'EXISTS t')).toBe('1\n');
  });

  it('takes parameters from a form, where they are too long for a URL', async () => {
    const keys = Array.from({ length: 20_000 }, (_, i) => `key-number-${i}`);
    const form = new FormData();
    form.set('query', 'SELECT length({keys:Array(String)}), {keys:Array(String)}[-1]');
    form.set('param_keys', `[${keys.map((key) => `'${key}'`).join(',')}]`);
    expect((await rawHttp(store, { body: form })).text).toBe('20000\tkey-number-19999\n');
    const { rows } = await store.database.query('SELECT length({keys:Array(String)}) AS n', { keys });
    expect(rows).toEqual([{ n: 20_000 }]);
  });

  it('takes long statements, from the reading user too', async () => {
    const list = Array.from({ length: 100_000 }, (_, i) => `'${i}'`).join(',');
    const body = `SELECT count() FROM numbers(10) WHERE toString(number) IN (${list})`;
    expect((await rawHttp(store, { body })).text).toBe('10\n');
    const user = store.embedded?.reader;
    if (user) expect((await rawHttp(store, { body, user })).text).toBe('10\n');
    const broken = await rawHttp(store, { body: `${body} SELEC` });
    expect(broken).toMatchObject({ status: 400, code: '62' });
  });

  it('takes long URLs', async () => {
    const long = 'x'.repeat(200_000);
    expect((await rawHttp(store, { url: { query: 'SELECT length({a:String})', param_a: long } })).text).toBe(
      '200000\n',
    );
  });

  it.each([
    ['TabSeparated', 'text/plain', '7\tx\n'],
    ['CSV', 'text/csv', '7,"x"\n'],
    ['JSONEachRow', 'application/x-ndjson', '{"a":7,"s":"x"}\n'],
    ['JSONCompactEachRow', 'application/x-ndjson', '[7, "x"]\n'],
    ['TSVWithNamesAndTypes', 'text/plain', 'a\ts\nUInt8\tString\n7\tx\n'],
    ['Values', 'text/plain', "(7,'x')"],
  ])('answers in %s, named by header, URL or statement', async (format, type, expected) => {
    const statement = "SELECT 7 AS a, 'x' AS s";
    const byUrl = await rawHttp(store, { body: statement, url: { default_format: format } });
    const byHeader = await rawHttp(store, { body: statement, headers: { 'X-ClickHouse-Format': format } });
    const byStatement = await rawHttp(store, { body: `${statement} FORMAT ${format}` });
    for (const answer of [byUrl, byHeader, byStatement]) {
      expect(answer.text).toBe(expected);
      expect(answer.headers.get('content-type')).toContain(type);
      expect(answer.headers.get('x-clickhouse-format')).toBe(format);
    }
  });

  it('answers many rows whole in a format with a header and a footer', async () => {
    const answer = await rawText(store, 'SELECT number FROM numbers(300000) FORMAT JSONCompact');
    const { data, rows } = JSON.parse(answer) as { data: [number][]; rows: number };
    expect([rows, data.length, data.at(-1)]).toEqual([300_000, 300_000, [299_999]]);
  });

  it('compresses its answer when asked to', async () => {
    const url = new URL(store.url);
    const parameters = { query: 'SELECT number FROM numbers(10000)', enable_http_compression: '1' };
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    const [encoding, body] = await new Promise<[string | undefined, Buffer]>((resolve, reject) => {
      const headers = {
        'X-ClickHouse-User': store.username,
        'X-ClickHouse-Key': store.password,
        'Accept-Encoding': 'gzip',
      };
      request(url, { headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve([response.headers['content-encoding'], Buffer.concat(chunks)]));
      })
        .on('error', reject)
        .end();
    });
    expect(encoding).toBe('gzip');
    expect(gunzipSync(body).toString().split('\n')).toHaveLength(10_001);
    const plain = await rawHttp(store, { url: { query: 'SELECT number FROM numbers(10000)' } });
    expect(plain.headers.get('content-encoding')).toBeNull();
  });

  it.each([
    ['SELEC 1', 400, 62],
    ['SELECT a FROM no_such_table', 404, 60],
    ['SELECT no_such_column FROM t', 404, 47],
    ['SELECT noSuchFunction(1)', 404, 46],
    ['SELECT 1 FORMAT NoSuchFormat', 404, 73],
    ["SELECT toUInt8('x')", 400, 6],
    [
      'SELECT sleepEachRow(0.05) FROM numbers(100) SETTINGS max_execution_time = 0.1, max_block_size = 1',
      408,
      159,
    ],
    ['SELECT groupArray(number) FROM numbers(10000000) SETTINGS max_memory_usage = 10000000', 500, 241],
    ['CREATE TABLE t (a UInt8) ENGINE = Memory', 500, 57],
  ])("answers %s with ClickHouse's status %i and code %i", async (statement, status, code) => {
    const answer = await rawHttp(store, { body: statement });
    expect(answer).toMatchObject({ status, code: String(code) });
    expect(answer.text).toMatch(new RegExp(`^Code: ${code}\\. DB::Exception: [\\s\\S]+ \\([A-Z_]+\\)\\n$`));
  });

  it('says how many rows it read, where the engine tells', async () => {
    const answer = await rawHttp(store, { body: 'SELECT a FROM t WHERE a = 5 FORMAT JSON' });
    const statistics = (JSON.parse(answer.text) as { statistics: { rows_read: number } }).statistics;
    const summary = JSON.parse(answer.headers.get('x-clickhouse-summary') ?? '') as {
      read_rows: string;
    };
    expect(statistics.rows_read).toBe(8192);
    expect(summary.read_rows).toBe('8192');
  });

  it('says how many rows an INSERT SELECT read', async () => {
    await store.database.command('CREATE TABLE u (a UInt64) ENGINE = MergeTree ORDER BY a');
    const whole = await store.database.command('INSERT INTO u SELECT a FROM t');
    expect(whole.rowsRead).toBe(100_000);
    const one = await store.database.command('INSERT INTO u SELECT a FROM t WHERE a = {a:UInt64}', { a: 77 });
    expect(one.rowsRead).toBe(8192);
  });

  it('does not guess how many rows were read while other statements run', async () => {
    const slow = rawText(
      store,
      'SELECT sum(sleepEachRow(0.01)) FROM numbers(50) SETTINGS max_block_size = 1',
    );
    const busy = await store.database.command('INSERT INTO t SELECT number FROM numbers(10)');
    expect(busy.rowsRead).toBeUndefined();
    await slow;
  });

  it('gives back the id of a query', async () => {
    const answer = await rawHttp(store, { body: 'SELECT 1', url: { query_id: 'mine' } });
    expect(answer.headers.get('x-clickhouse-query-id')).toBe('mine');
  });
});
