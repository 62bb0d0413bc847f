import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertSameKey, KeyMismatchError, keyFingerprint } from '../../../schema/store/key-fingerprint.js';
import { type TestStore, testStore } from '../store-fixture.js';

describe('the key of a store', () => {
  let store: TestStore;

  beforeAll(async () => {
    store = await testStore();
    await store.database.command(
      "CREATE TABLE store_facts (name String, value String, set_at DateTime64(3, 'UTC')) ENGINE = ReplacingMergeTree(set_at) ORDER BY name",
    );
  });
  afterAll(() => store.close());

  it('is remembered at first use, and no other is taken afterwards', async () => {
    await assertSameKey(store.database, 'the first key');
    await assertSameKey(store.database, 'the first key');
    await assertSameKey(store.database, Buffer.from('the first key'));
    const error = await assertSameKey(store.database, 'another key').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(KeyMismatchError);
    expect((error as Error).message).toContain(store.databaseName);
    await assertSameKey(store.database, 'the first key');
  });

  it('is kept as a fingerprint only', async () => {
    const { rows } = await store.database.query<{ name: string; value: string }>(
      'SELECT name, value FROM store_facts',
    );
    expect(rows).toEqual([{ name: 'key_fingerprint', value: keyFingerprint('the first key') }]);
    expect(rows[0]?.value).toMatch(/^[0-9a-f]{32}$/);
  });
});
