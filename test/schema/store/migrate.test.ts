import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StoreRejectedError } from '../../../schema/store/errors.js';
import {
  MigrationChangedError,
  MigrationGapError,
  migrate,
  pendingMigrations,
  StoreNewerError,
} from '../../../schema/store/migrate.js';
import { type TestStore, testStore } from '../store-fixture.js';

describe('migrations', () => {
  let store: TestStore;
  let folder: string;

  beforeEach(async () => {
    store = await testStore();
    folder = mkdtempSync(join(tmpdir(), 'vouchtrail-migrations-'));
    write(
      '0001-first.sql',
      `
      -- Tables; with a semicolon in a comment.
      CREATE TABLE IF NOT EXISTS one (a UInt64, s String DEFAULT 'a;b') ENGINE = MergeTree ORDER BY a;
      /* and ; another */
      CREATE TABLE IF NOT EXISTS two (a UInt64) ENGINE = MergeTree ORDER BY a;`,
    );
    write(
      '0002-second-step.sql',
      'CREATE OR REPLACE VIEW both_of_them AS SELECT a FROM one UNION ALL SELECT a FROM two',
    );
  });
  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });

  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const tables = async () => {
    const { rows } = await store.database.query<{ name: string }>('SHOW TABLES');
    return rows.map(({ name }) => name);
  };

  it('bring a fresh database up to date, in order', async () => {
    expect((await pendingMigrations(store.database, { folder })).map(({ version }) => version)).toEqual([
      1, 2,
    ]);
    expect(await tables()).toEqual([]);
    const applied = await migrate(store.database, { folder });
    expect(applied.map(({ version, name }) => [version, name])).toEqual([
      [1, 'first'],
      [2, 'second-step'],
    ]);
    expect(applied[0]?.checksum).toMatch(/^[0-9a-f]{64}$/);
    expect(await tables()).toEqual(['both_of_them', 'one', 'schema_migrations', 'two']);
    expect(await pendingMigrations(store.database, { folder })).toEqual([]);
  });

  it('do nothing when repeated, and only what is new when some is', async () => {
    await migrate(store.database, { folder });
    expect(await migrate(store.database, { folder })).toEqual([]);
    write('0003-third.sql', 'CREATE TABLE IF NOT EXISTS three (a UInt64) ENGINE = Memory');
    expect((await migrate(store.database, { folder })).map(({ name }) => name)).toEqual(['third']);
    const { rows } = await store.database.query(
      'SELECT version, name FROM schema_migrations ORDER BY version',
    );
    expect(rows).toEqual([
      { version: 1, name: 'first' },
      { version: 2, name: 'second-step' },
      { version: 3, name: 'third' },
    ]);
  });

  it('go on where one broke off', async () => {
    write(
      '0003-broken.sql',
      'CREATE TABLE IF NOT EXISTS half (a UInt64) ENGINE = Memory; CREATE TABLE broken (a NoSuchType) ENGINE = Memory',
    );
    await expect(migrate(store.database, { folder })).rejects.toThrow(StoreRejectedError);
    expect((await pendingMigrations(store.database, { folder })).map(({ version }) => version)).toEqual([3]);
    write(
      '0003-broken.sql',
      'CREATE TABLE IF NOT EXISTS half (a UInt64) ENGINE = Memory; CREATE TABLE IF NOT EXISTS whole (a UInt8) ENGINE = Memory',
    );
    expect(await migrate(store.database, { folder })).toHaveLength(1);
    expect(await tables()).toContain('whole');
  });

  it('bear two programs that start at the same time', async () => {
    await Promise.all([migrate(store.database, { folder }), migrate(store.database, { folder })]);
    expect(await pendingMigrations(store.database, { folder })).toEqual([]);
  });

  it('refuse a file that was changed after it had been applied', async () => {
    await migrate(store.database, { folder });
    write('0001-first.sql', 'CREATE TABLE IF NOT EXISTS other (a UInt64) ENGINE = Memory');
    const error = await migrate(store.database, { folder }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(MigrationChangedError);
    expect((error as Error).message).toContain('Migration 1 (first)');
    expect(await tables()).not.toContain('other');
  });

  it('refuse a store that a newer program has written', async () => {
    write('0003-third.sql', 'SELECT 1');
    await migrate(store.database, { folder });
    rmSync(join(folder, '0003-third.sql'));
    await expect(pendingMigrations(store.database, { folder })).rejects.toThrow(StoreNewerError);
    await expect(migrate(store.database, { folder })).rejects.toThrow(/migration 3 \(third\).*knows only 2/);
  });

  it.each([
    ['a gap', '0004-late.sql'],
    ['a number used twice', '0002-again.sql'],
    ['a number that is too short', '003-short.sql'],
    ['a name of another kind', '0003_Third.sql'],
  ])('refuse %s', async (_, name) => {
    write(name, 'SELECT 1');
    const error = await migrate(store.database, { folder }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(MigrationGapError);
    expect((error as Error).message).toContain(folder);
    expect(await tables()).toEqual([]);
  });

  it('refuse a store that lacks one in the middle', async () => {
    await migrate(store.database, { folder });
    await store.database.command(
      'ALTER TABLE schema_migrations DELETE WHERE version = 1',
      {},
      { settings: { mutations_sync: '1' } },
    );
    await expect(migrate(store.database, { folder })).rejects.toThrow(MigrationGapError);
  });

  it('read other files in the folder as none of their business', async () => {
    write('README.md', 'About migrations.');
    expect(await migrate(store.database, { folder })).toHaveLength(2);
  });
});
