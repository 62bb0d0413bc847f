import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestStore, testStore } from '../store-fixture.js';
let store: TestStore;
beforeAll(async () => { store = await testStore(); });
afterAll(async () => { await store.close(); });
it('works', async () => {
  const db = store.database;
  await db.command('CREATE TABLE t (a UInt64, s String) ENGINE = MergeTree ORDER BY a');
  await db.insertRows('t', [{ a: 1, s: 'x\n\ny' }]);
  expect((await db.query('SELECT a, s FROM t WHERE s = {s:String}', { s: 'x\n\ny' })).rows).toEqual([{ a: 1, s: 'x\n\ny' }]);
  console.log(await db.command('INSERT INTO t SELECT a + 1, s FROM t'), await db.query('SELECT * FROM t'));
});
