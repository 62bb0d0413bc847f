import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onEmbeddedStore, type TestStore, testStore } from '../../store-fixture.js';
import { type RawAnswer, rawHttp, rawText } from '../raw-http.js';

describe.runIf(onEmbeddedStore)('the reading user of the embedded store', () => {
  let store: TestStore;

  beforeAll(async () => {
    store = await testStore();
    await store.database.command('CREATE TABLE t (a UInt64, s String) ENGINE = MergeTree ORDER BY a');
    await store.database.command("INSERT INTO t SELECT number, 'x' FROM numbers(10)");
  });
  afterAll(() => store.close());

  const ask = (body: string, url: Record<string, string> = {}): Promise<RawAnswer> => {
    const user = store.embedded?.reader;
    if (!user) throw new Error('There is no embedded store.');
    return rawHttp(store, { body, url, user });
  };

  it('reads, with parameters and settings', async () => {
    expect((await ask('SELECT count() FROM t WHERE a < {a:UInt64}', { param_a: '5' })).text).toBe('5\n');
    expect((await ask("SELECT getSetting('max_threads')", { max_threads: '3' })).text).toBe('3\n');
    expect((await ask('SHOW TABLES')).text).toBe('t\n');
    expect((await ask('DESCRIBE TABLE t FORMAT CSV')).text).toContain('"a","UInt64"');
    expect((await ask('SELECT sum(number) FROM numbers(10)')).text).toBe('45\n');
    expect((await ask("SELECT format('{}-{}', 'a', 'b')")).text).toBe('a-b\n');
    expect((await ask("SELECT 'file(x)' /* url(y) readonly = 1 */ FROM t LIMIT 1")).status).not.toBe(500);
  });

  it.each([
    "INSERT INTO t SELECT 1, 'y'",
    'INSERT INTO t FORMAT JSONEachRow\n{"a":1,"s":"y"}\n',
    'CREATE TABLE u (a UInt8) ENGINE = Memory',
    'CREATE TEMPORARY TABLE u (a UInt8)',
    'ALTER TABLE t DELETE WHERE 1',
    'TRUNCATE TABLE t',
    'DROP TABLE t',
    'OPTIMIZE TABLE t FINAL',
    'KILL QUERY WHERE 1 ASYNC',
    'SYSTEM STOP MERGES',
    "BACKUP TABLE t TO File('x')",
    "SELECT 1 INTO OUTFILE '/tmp/vouchtrail-should-not-exist'",
    'SET readonly = DEFAULT',
    'USE system',
    'EXECUTE AS default SELECT 1',
  ])('changes nothing: %s', async (statement) => {
    for (const url of [{}, { session_id: 'mine' }, { readonly: '0' }] as Record<string, string>[]) {
      expect((await ask(statement, url)).status).not.toBe(200);
    }
    expect(await rawText(store, 'SELECT count(), max(s) FROM t')).toBe('10\tx\n');
  });

  const outside = [
    "SELECT * FROM file('/etc/passwd', 'LineAsString')",
    "SELECT file('/etc/hostname')",
    "SELECT `file`('/etc/hostname')",
    "SELECT `fi\\x6ce`('/etc/hostname')",
    "SELECT /* */ file /* */ ('/etc/hostname')",
    "DESCRIBE TABLE file('/etc/passwd')",
    "DESCRIBE TABLE (SELECT * FROM file('/etc/passwd'))",
    "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')",
    "DESCRIBE TABLE url('http://127.0.0.1:1/')",
    "SELECT * FROM s3('http://bucket.s3.amazonaws.com/x', 'CSV')",
    "SELECT * FROM remote('127.0.0.1:1', 'system.one')",
    "SELECT catboostEvaluate('/etc/passwd', 1)",
    "SELECT * FROM executable('ls', 'TSV', 'a String')",
    "SELECT count() FROM file('/etc/passwd', 'LineAsString') SETTINGS readonly = DEFAULT",
    "SELECT count() FROM file('/etc/passwd', 'LineAsString') FORMAT TSV SETTINGS readonly = DEFAULT",
  ];

  it.each(outside)('reads nothing but the store: %s', async (statement) => {
    const answer = await ask(statement);
    expect([answer.status, answer.code]).toEqual([403, '497']);
  });

  it.each([
    'SELECT 1 SETTINGS readonly = DEFAULT',
    'SELECT 1 SETTINGS `readonly` = DEFAULT',
    'SELECT 1 SETTINGS `read\\x6fnly` = DEFAULT',
    'SELECT 1 SETTINGS max_threads = 1, readonly=DEFAULT',
    'SELECT 1 /* a /* b */ c */ SETTINGS readonly = DEFAULT',
    "SELECT '\\'' SETTINGS readonly = DEFAULT -- '",
    'SELECT * FROM (SELECT 1 SETTINGS readonly = DEFAULT)',
    'EXPLAIN SELECT 1 SETTINGS readonly = DEFAULT',
  ])('cannot lift its readonly mode: %s', async (statement) => {
    expect((await ask(statement)).status).not.toBe(200);
    expect((await ask("SELECT getSetting('readonly')")).text).toBe('1\n');
  });

  it('leaves no readonly mode behind on connections of sessions', async () => {
    expect((await ask('SELECT 1', { session_id: 'shared' })).text).toBe('1\n');
    expect(
      (await rawHttp(store, { body: 'SET max_threads = 2', url: { session_id: 'shared' } })).status,
    ).toBe(200);
  });

  it('does not keep the program waiting, however slow it reads', async () => {
    const slow = Array.from({ length: 8 }, () =>
      ask('SELECT sleepEachRow(0.1) FROM numbers(15)', { max_block_size: '1' }),
    );
    const start = performance.now();
    for (let i = 0; i < 5; i++) {
      await store.database.query('SELECT count() FROM t');
      await store.database.insertRows('t', [{ a: 100, s: 'late' }]);
    }
    expect(performance.now() - start).toBeLessThan(1_000);
    await Promise.all(slow);
  });
});
