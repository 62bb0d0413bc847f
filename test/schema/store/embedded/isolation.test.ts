import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onEmbeddedStore, type TestStore, testStore } from '../../store-fixture.js';
import { rawHttp, rawText } from '../raw-http.js';

describe.runIf(onEmbeddedStore)('requests that share connections of the embedded engine', () => {
  let store: TestStore;

  beforeAll(async () => {
    store = await testStore();
  });
  afterAll(() => store.close());

  // Each fails after the engine has begun to put out rows.
  const failing = {
    throwIf: 'SELECT number, throwIf(number = 500000) FROM numbers(1000000) SETTINGS max_block_size = 1000',
    'a bad cast':
      "SELECT toUInt8(if(number = 500000, 'x', '1')) FROM numbers(1000000) SETTINGS max_block_size = 1000",
    'a limit of rows':
      'SELECT number FROM numbers(1000000) SETTINGS max_result_rows = 100000, max_block_size = 1000',
    'a time limit':
      'SELECT number, sleepEachRow(0.001) FROM numbers(100000) SETTINGS max_execution_time = 0.3, max_block_size = 10',
    'a memory limit':
      "SELECT number, if(number > 300000, length(repeat('x', number)), 0) FROM numbers(1000000) SETTINGS max_memory_usage = 20000000, max_block_size = 1000",
  };

  it.each(Object.entries(failing))(
    'answer nothing of an earlier statement that failed by %s',
    async (_, statement) => {
      for (const format of ['TabSeparated', 'JSON', 'JSONEachRow']) {
        const failed = await rawHttp(store, { body: statement, url: { default_format: format } });
        expect(failed.status).not.toBe(200);
        expect(failed.text).toMatch(/^Code: \d+\. DB::Exception: /);
        for (let i = 0; i < 3; i++) expect(await rawText(store, "SELECT 'mine'")).toBe('mine\n');
      }
    },
  );

  it('answer nothing of an earlier statement that was killed', async () => {
    const slow = rawHttp(store, {
      body: 'SELECT number, sleepEachRow(0.001) FROM numbers(100000) SETTINGS max_block_size = 10',
      url: { log_comment: 'to be killed' },
    });
    await expect
      .poll(() =>
        rawText(
          store,
          "SELECT count() FROM system.processes WHERE Settings['log_comment'] LIKE '%to be killed'",
        ),
      )
      .toBe('1\n');
    await rawText(store, "KILL QUERY WHERE Settings['log_comment'] LIKE '%to be killed' ASYNC");
    expect(await slow).toMatchObject({ status: 500, code: '394' });
    expect(await rawText(store, "SELECT 'mine'")).toBe('mine\n');
  });

  it("do not get another request's settings", async () => {
    const settings =
      "SELECT name, value FROM system.settings WHERE changed AND name != 'log_comment' ORDER BY name";
    const before = await rawText(store, settings);
    for (let i = 0; i < 8; i++) {
      const with_ = await rawText(store, "SELECT getSetting('max_threads'), getSetting('max_query_size')", {
        max_threads: '3',
        max_query_size: '1000',
        output_format_json_quote_64bit_integers: '1',
      });
      expect(with_).toBe('3\t1000\n');
      expect(await rawText(store, settings)).toBe(before);
    }
    // A setting of the engine's start is put back to that, not to ClickHouse's default.
    expect(await rawText(store, "SELECT getSetting('max_query_size')")).toBe('67108864\n');
  });

  it('do not get settings of a request that failed while it set them', async () => {
    const bad = await rawHttp(store, { body: 'SELECT 1', url: { max_threads: '3', no_such_setting: '1' } });
    expect(bad).toMatchObject({ status: 404, code: '115' });
    for (let i = 0; i < 8; i++) {
      expect(await rawText(store, "SELECT changed FROM system.settings WHERE name = 'max_threads'")).toBe(
        '0\n',
      );
    }
  });

  it('do not lock a connection by readonly or allow_ddl', async () => {
    for (let i = 0; i < 8; i++) {
      const url = { readonly: '1', allow_ddl: '0' };
      expect(
        (await rawHttp(store, { body: `CREATE TABLE locked${i} (a UInt8) ENGINE = Memory`, url })).code,
      ).toBe('164');
      expect((await rawHttp(store, { body: `CREATE TABLE free${i} (a UInt8) ENGINE = Memory` })).status).toBe(
        200,
      );
    }
  });

  it("do not get another request's database", async () => {
    expect(await rawText(store, 'SELECT currentDatabase()', { database: 'system' })).toBe('system\n');
    expect(await rawText(store, 'SELECT currentDatabase()')).toBe(`${store.databaseName}\n`);
    expect(await rawHttp(store, { body: 'SELECT 1', url: { database: 'no_such' } })).toMatchObject({
      status: 404,
      code: '81',
    });
    expect(await rawText(store, 'SELECT currentDatabase()')).toBe(`${store.databaseName}\n`);
  });

  it('get their own parameters and settings, a hundred at a time', async () => {
    const answers = await Promise.all(
      Array.from({ length: 400 }, async (_, i) => {
        const { rows } = await store.database.query<{ who: string; list: string[]; tag: string; n: number }>(
          "SELECT {who:String} AS who, {list:Array(String)} AS list, getSetting('log_comment') AS tag, count() AS n FROM numbers({n:UInt32})",
          { who: `user\t${i}\n'\\`, list: [`a${i}`, "b'c", 'd\\e'], n: i },
          { logComment: `tag ${i}` },
        );
        return rows[0];
      }),
    );
    for (const [i, answer] of answers.entries()) {
      expect(answer).toMatchObject({ who: `user\t${i}\n'\\`, list: [`a${i}`, "b'c", 'd\\e'], n: i });
      expect(answer?.tag.endsWith(` tag ${i}`)).toBe(true);
    }
  });

  it('keep what a session sets for itself, and only there', async () => {
    const session = { session_id: 'one', session_timeout: '60' };
    await rawText(store, 'SET max_threads = 7', session);
    await rawText(store, 'CREATE TEMPORARY TABLE scratch (a UInt8)', session);
    expect(
      (await rawHttp(store, { url: { ...session, query: 'INSERT INTO scratch FORMAT CSV' }, body: '5\n' }))
        .status,
    ).toBe(200);
    const look = "SELECT getSetting('max_threads'), (SELECT max(a) FROM scratch)";
    expect(await rawText(store, look, session)).toBe('7\t5\n');
    expect((await rawHttp(store, { body: look })).status).toBe(404);
    expect((await rawHttp(store, { body: look, url: { session_id: 'two' } })).status).toBe(404);
    await rawText(store, 'USE system', session);
    // The database of the request goes before the session's.
    expect(await rawText(store, 'SELECT currentDatabase()', session)).toBe(`${store.databaseName}\n`);
  });
});
