import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Session } from 'chdb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Engine, openEngine } from '../../../../schema/store/embedded/engine.js';
import { dropInactiveParts } from '../../../../schema/store/embedded/inactive-parts.js';

/** The engine as the child opens it, opened here: a fork of vitest is a process, which is all that it needs. */
describe("the embedded engine's own defaults", () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'vouchtrail-engine-'));
  let engine: Engine;
  let session: Session;

  beforeAll(async () => {
    engine = await openEngine(dataDir, 700_000_000);
    session = engine.connect();
    await session.queryAsync('CREATE DATABASE d ENGINE = Atomic');
  });
  afterAll(async () => {
    session.close();
    await engine.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const text = async (sql: string) => (await session.queryAsync(sql, { format: 'TSV' })).text();
  const fails = async (sql: string) => {
    try {
      await session.queryAsync(sql, { format: 'Null' });
      return '';
    } catch (error) {
      return (error as Error).message;
    } finally {
      await session.queryAsync("SELECT ''").catch(() => {});
    }
  };

  it('sync acknowledged rows to the disk, unless a table says otherwise', async () => {
    const synced = async () =>
      (
        await text(
          "SELECT value FROM system.events WHERE event IN ('FileSync', 'DirectorySync') ORDER BY event",
        )
      )
        .trim()
        .split('\n')
        .map(Number);
    await text('CREATE TABLE d.safe (a UInt64) ENGINE = MergeTree ORDER BY a');
    await text(
      'CREATE TABLE d.fast (a UInt64) ENGINE = MergeTree ORDER BY a SETTINGS fsync_after_insert = 0, fsync_part_directory = 0',
    );
    // Once, so that both counters are there.
    await text('INSERT INTO d.safe SELECT 0');
    const before = await synced();
    await text('INSERT INTO d.fast SELECT 1');
    expect(await synced()).toEqual(before);
    await text('INSERT INTO d.safe SELECT 1');
    const [directories = 0, files = 0] = await synced();
    expect(directories).toBeGreaterThan(before[0] ?? 0);
    expect(files).toBeGreaterThan(before[1] ?? 0);
  });

  it('bound the memory of all statements together', async () => {
    expect(
      await text("SELECT value FROM system.server_settings WHERE name = 'max_server_memory_usage'"),
    ).toBe('700000000\n');
    expect(
      await fails('SELECT length(groupArray(number)) FROM numbers(300000000) SETTINGS max_memory_usage = 0'),
    ).toMatch(/MEMORY_LIMIT_EXCEEDED/);
    expect(await text('SELECT 1')).toBe('1\n');
  });

  it('keep backups in the data folder and nowhere else', async () => {
    await text('CREATE TABLE d.kept (a UInt64) ENGINE = MergeTree ORDER BY a');
    await text('INSERT INTO d.kept SELECT 5');
    await text("BACKUP TABLE d.kept TO File('one')");
    expect(existsSync(join(dataDir, 'backups', 'one'))).toBe(true);
    await text('DROP TABLE d.kept');
    await text("RESTORE TABLE d.kept FROM File('one')");
    expect(await text('SELECT a FROM d.kept')).toBe('5\n');
    expect(await fails(`BACKUP TABLE d.kept TO File('${tmpdir()}/vouchtrail-elsewhere')`)).toMatch(
      /BAD_ARGUMENTS|not allowed/,
    );
  });

  it('take a lone expression for no statement', async () => {
    expect(await fails('1 + 1')).toMatch(/SYNTAX_ERROR/);
  });

  it('keep parts that merges have replaced, which are removed on demand and not under a merge', async () => {
    await text('CREATE TABLE d.many (a UInt64) ENGINE = MergeTree ORDER BY a');
    for (let i = 0; i < 5; i++) await text(`INSERT INTO d.many SELECT ${i}`);
    await text('OPTIMIZE TABLE d.many FINAL');
    const inactive = () => text("SELECT count() FROM system.parts WHERE table = 'many' AND NOT active");
    expect(Number(await inactive())).toBeGreaterThan(0);
    await dropInactiveParts(session);
    await expect.poll(inactive).toBe('0\n');
    expect(await text('SELECT sum(a) FROM d.many')).toBe('10\n');
  });
});
