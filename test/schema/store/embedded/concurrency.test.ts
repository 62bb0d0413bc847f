import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onEmbeddedStore, type TestStore, testStore } from '../../store-fixture.js';
import { rawHttp, rawText } from '../raw-http.js';

describe.runIf(onEmbeddedStore)('statements that run at the same time in the embedded store', () => {
  let store: TestStore;

  beforeAll(async () => {
    store = await testStore();
    await store.database.command('CREATE TABLE t (a UInt64) ENGINE = MergeTree ORDER BY a');
  });
  afterAll(() => store.close());

  /** How many statements with a tag run. Asked as the reading user, whose turn does not depend on the others. */
  const running = async (tag: string) => {
    const user = store.embedded?.reader;
    if (!user) throw new Error('There is no embedded store.');
    const body = `SELECT count() FROM system.processes WHERE Settings['log_comment'] LIKE '%${tag}'`;
    return (await rawHttp(store, { body, user })).text;
  };

  it('do not hold up an insert, however many slow queries there are', async () => {
    const slow = Array.from({ length: 20 }, () =>
      store.database.query(
        'SELECT sleepEachRow(0.1) FROM numbers(10)',
        {},
        { settings: { max_block_size: '1' } },
      ),
    );
    const start = performance.now();
    for (let i = 0; i < 5; i++) await store.database.insertRows('t', [{ a: i }]);
    expect(performance.now() - start).toBeLessThan(900);
    await Promise.all(slow);
  });

  it('do not stop the endpoint from answering while one plans or runs subqueries', async () => {
    const slow = rawText(
      store,
      'SELECT (SELECT sum(number + sleepEachRow(0.1)) FROM numbers(10)) FORMAT CSV',
      {
        max_block_size: '1',
      },
    );
    const start = performance.now();
    expect(await store.database.ping()).toBe(true);
    expect(performance.now() - start).toBeLessThan(500);
    expect(await slow).toBe('45\n');
  });

  it('are stopped when their client goes away', async () => {
    const controller = new AbortController();
    const endless = rawHttp(store, {
      body: 'SELECT count() FROM numbers(1000000000000) WHERE cityHash64(number) = 1',
      url: { log_comment: 'endless read' },
      signal: controller.signal,
    });
    await expect.poll(() => running('endless read')).toBe('1\n');
    controller.abort();
    await expect(endless).rejects.toThrow();
    await expect.poll(() => running('endless read'), { timeout: 3_000 }).toBe('0\n');
  });

  it('are stopped when the caller aborts them or has waited too long', async () => {
    const sql = 'INSERT INTO t SELECT number FROM numbers(1000000000000) WHERE cityHash64(number) = 1';
    const controller = new AbortController();
    const endless = store.database.command(
      sql,
      {},
      { logComment: 'endless write', signal: controller.signal },
    );
    await expect.poll(() => running('endless write')).toBe('1\n');
    controller.abort(new Error('enough'));
    await expect(endless).rejects.toThrow('enough');
    await expect.poll(() => running('endless write'), { timeout: 3_000 }).toBe('0\n');
  });

  it('are not begun when their client has gone while they waited', async () => {
    const controllers = Array.from({ length: 30 }, () => new AbortController());
    const waiting = controllers.map((controller) =>
      rawHttp(store, {
        body: 'SELECT sleepEachRow(1) FROM numbers(10)',
        url: { log_comment: 'waiting', max_block_size: '1' },
        signal: controller.signal,
      }),
    );
    await expect.poll(() => running('waiting')).not.toBe('0\n');
    for (const controller of controllers) controller.abort();
    await Promise.allSettled(waiting);
    await expect.poll(() => running('waiting'), { timeout: 5_000 }).toBe('0\n');
    expect(await rawText(store, "SELECT 'free again'")).toBe('free again\n');
  });

  it('are refused when far too many wait, and taken again afterwards', async () => {
    const answers = await Promise.all(
      Array.from({ length: 700 }, () =>
        rawHttp(store, { body: 'SELECT sleepEachRow(0.02) FROM numbers(1)' }).then(
          ({ status, code }) => `${status} ${code}`,
        ),
      ),
    );
    expect(new Set(answers)).toEqual(new Set(['200 null', '500 202']));
    expect(await rawText(store, 'SELECT 1')).toBe('1\n');
  });
});
