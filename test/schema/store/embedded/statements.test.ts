import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onEmbeddedStore, type TestStore, testStore } from '../../store-fixture.js';
import { rawHttp, rawText } from '../raw-http.js';

describe.runIf(onEmbeddedStore)('what the embedded endpoint lets through as a statement', () => {
  let store: TestStore;

  beforeAll(async () => {
    store = await testStore();
    await store.database.command('CREATE TABLE victims (a UInt64, s String) ENGINE = MergeTree ORDER BY a');
  });
  afterAll(() => store.close());

  const victimsExist = () => rawText(store, 'EXISTS victims');

  it.each([
    ['two statements', 'SELECT 1; DROP TABLE victims'],
    ['a statement behind inline values', "INSERT INTO victims VALUES (1, 'a'); DROP TABLE victims"],
    [
      'a statement behind a blank line of inline rows',
      'INSERT INTO victims FORMAT JSONEachRow {"a":1}\n\nDROP TABLE victims',
    ],
    ['a statement behind a comment', 'SELECT 1 /* ; */; DROP TABLE victims'],
    ['statements run in parallel', 'DROP TABLE victims PARALLEL WITH SELECT 1'],
  ])('refuses %s and runs neither', async (_, statement) => {
    const inBody = await rawHttp(store, { body: statement });
    expect(inBody).toMatchObject({ status: 400, code: '62' });
    const inUrl = await rawHttp(store, { url: { query: statement }, body: '' });
    expect(inUrl).toMatchObject({ status: 400, code: '62' });
    expect(await victimsExist()).toBe('1\n');
    expect(await rawText(store, 'SELECT count() FROM victims')).toBe('0\n');
  });

  it.each([
    "INSERT INTO victims VALUES (1, 'a')",
    'INSERT INTO victims (a) VALUES (1)',
    "INSERT INTO `victims` FORMAT Values (1, 'a')",
    'INSERT INTO TABLE victims FORMAT CSV 1,a',
    "/* hi */ insert into victims /* there */ values (1, 'a')",
  ])('refuses rows inside the text of an insert: %s', async (statement) => {
    expect(await rawHttp(store, { body: statement })).toMatchObject({ status: 400, code: '62' });
    expect(await rawText(store, 'SELECT count() FROM victims')).toBe('0\n');
  });

  it('takes a semicolon at the end, in strings and in comments for what they are', async () => {
    expect(await rawText(store, "SELECT 'a;b' -- ; c\n ;")).toBe('a;b\n');
    expect(await rawText(store, 'SELECT 1 ; ; ')).toBe('1\n');
  });

  it('refuses a parameter without a value, and does not answer with one of an earlier request', async () => {
    const first = await rawHttp(store, { body: 'SELECT {who:String}', url: { param_who: 'alice' } });
    expect(first.text).toBe('alice\n');
    for (let i = 0; i < 20; i++) {
      const second = await rawHttp(store, { body: 'SELECT {who:String}' });
      expect(second).toMatchObject({ status: 500, code: '456' });
      expect(second.text).not.toContain('alice');
    }
  });

  it('does not find the value of an earlier request in any other way', async () => {
    await store.database.command('CREATE VIEW by_name AS SELECT {who:String} AS who');
    expect(await rawText(store, "SELECT who FROM by_name(who = 'bob')")).toBe('bob\n');
    await rawText(store, 'SELECT {who:String}', { param_who: 'alice' });
    for (const statement of ['SELECT who FROM by_name()', "SELECT who FROM by_name(other = 'x')"]) {
      const answer = await rawHttp(store, { body: statement });
      expect(answer.status).not.toBe(200);
      expect(answer.text).not.toContain('alice');
    }
  });

  it('keeps braces in strings and comments apart from parameters', async () => {
    expect(await rawText(store, "SELECT '{x:String}' /* {y:String} */")).toBe('{x:String}\n');
    expect(await rawText(store, 'SELECT `{z:String}` FROM (SELECT 2 AS `{z:String}`)')).toBe('2\n');
  });

  it("answers a statement that cannot be parsed with the engine's own words", async () => {
    const answer = await rawHttp(store, { body: "SELEC 'a''b\\\\'" });
    expect(answer).toMatchObject({ status: 400, code: '62' });
    expect(answer.text).toMatch(/^Code: 62\. DB::Exception: Syntax error.*\(SYNTAX_ERROR\)\n$/s);
    expect(answer.text).not.toContain('formatQuery');
    expect(await rawHttp(store, { body: ' ' })).toMatchObject({ status: 400, code: '62' });
  });

  it.each([
    "SELECT 1 INTO OUTFILE '/tmp/vouchtrail-should-not-exist'",
    "INSERT INTO victims FROM INFILE '/etc/hostname' FORMAT LineAsString",
  ])('refuses files of the server: %s', async (statement) => {
    expect(await rawHttp(store, { body: statement })).toMatchObject({ code: '344' });
  });

  it('tells a column called format from the clause', async () => {
    await store.database.command('CREATE TABLE formats (format String, infile UInt8) ENGINE = Memory');
    await store.database.insertRows('formats', [
      { format: 'b', infile: 1 },
      { format: 'a', infile: 2 },
    ]);
    expect(await rawText(store, 'SELECT format, infile FROM formats ORDER BY format DESC')).toBe(
      'b\t1\na\t2\n',
    );
    expect(await rawText(store, 'SELECT infile AS format FROM formats ORDER BY format ASC FORMAT CSV')).toBe(
      '1\n2\n',
    );
    expect(
      await rawText(
        store,
        'SELECT * FROM formats ORDER BY infile FORMAT JSONEachRow SETTINGS max_threads = 1',
      ),
    ).toBe('{"format":"b","infile":1}\n{"format":"a","infile":2}\n');
  });

  it.each([
    ['SELECT number FROM numbers(2)', '0\n1\n'],
    ['(SELECT 1) UNION ALL (SELECT 1)', '1\n1\n'],
    ['WITH 2 AS x SELECT x', '2\n'],
    ['FROM numbers(1) SELECT *', '0\n'],
    ['SELECT 1 -- the end', '1\n'],
    ['SELECT 1 WHERE 0', ''],
    ['EXISTS victims', '1\n'],
    ["SHOW TABLES LIKE 'victims'", 'victims\n'],
    ['DESCRIBE TABLE (SELECT 1 AS a)', 'a\tUInt8\t\t\t\t\t\n'],
    ['SELECT currentDatabase() = {d:String}', '1\n'],
  ])('answers %s', async (statement, expected) => {
    expect(await rawText(store, statement, { param_d: store.databaseName })).toBe(expected);
  });

  it('explains', async () => {
    expect(await rawText(store, 'EXPLAIN SELECT 1')).toContain('ReadFrom');
  });

  it('refuses statements that would only change their connection, unless it is a session', async () => {
    for (const statement of ['SET max_threads = 1', 'USE default', 'CREATE TEMPORARY TABLE x (a UInt8)']) {
      expect(await rawHttp(store, { body: statement })).toMatchObject({ code: '372' });
    }
  });
});
