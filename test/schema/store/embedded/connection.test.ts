import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  connectionOpener,
  type EngineConnection,
  type StatementContext,
} from '../../../../schema/store/embedded/connection.js';
import { type Engine, openEngine } from '../../../../schema/store/embedded/engine.js';

/** The traps themselves, on the bare engine: without what the connection does against them, each is seen. */
describe('a connection that requests use one after the other', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'vouchtrail-connection-'));
  let engine: Engine;
  let open: () => EngineConnection;
  let connection: EngineConnection;

  beforeAll(async () => {
    engine = await openEngine(dataDir, 1_000_000_000);
    open = await connectionOpener(engine);
  });
  beforeEach(() => {
    connection = open();
    return () => connection.close();
  });
  afterAll(async () => {
    await engine.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const context = (changes: Partial<StatementContext> = {}): StatementContext => ({
    database: 'system',
    defaultDatabase: 'system',
    readOnly: false,
    tag: 'tag',
    settings: new Map(),
    parameters: new Map(),
    ...changes,
  });
  const text = async (sql: string) => (await connection.run(sql, 'TSV')).text();
  const failing =
    'SELECT number, throwIf(number = 500000) FROM numbers(1000000) SETTINGS max_block_size = 1000';

  it('would hand out the rows of a failed statement, and does not after its restoring', async () => {
    await connection.prepare(context());
    await expect(connection.run(failing, 'TSV')).rejects.toThrow('throwIf');
    expect(await text("SELECT 'mine'")).not.toBe('mine\n');
    await expect(connection.run(failing, 'TSV')).rejects.toThrow('throwIf');
    await connection.restore(true);
    expect(connection.usable).toBe(true);
    expect(await text("SELECT 'mine'")).toBe('mine\n');
  });

  it('would keep the value of a parameter, and makes it unreadable', async () => {
    await connection.prepare(context({ parameters: new Map([['who', 'alice']]) }));
    expect(await text('SELECT {who:String}')).toBe('alice\n');
    await connection.restore(false);
    for (const type of [
      'String',
      'Nullable(String)',
      'UInt64',
      'Array(String)',
      "DateTime64(3, 'UTC')",
      'UUID',
      'Bool',
    ]) {
      await expect(text(`SELECT {who:${type}}`)).rejects.toThrow(/annot|expected/);
    }
  });

  it('would keep settings, and puts them back', async () => {
    const settings = new Map([
      ['max_threads', '3'],
      ['implicit_select', '1'],
    ]);
    const look = "SELECT getSetting('max_threads'), getSetting('implicit_select')";
    const before = await text(look);
    await connection.prepare(context({ settings }));
    expect(await text(look)).toBe('3\ttrue\n');
    await connection.restore(false);
    expect(await text(look)).toBe(before);
  });

  it('reads and nothing else when told so, and changes again afterwards', async () => {
    await connection.prepare(context({ readOnly: true, settings: new Map([['max_threads', '3']]) }));
    expect(await text("SELECT getSetting('max_threads')")).toBe('3\n');
    await expect(text('CREATE DATABASE no_way')).rejects.toThrow('READONLY');
    await expect(text("SELECT * FROM file('/etc/passwd', 'LineAsString')")).rejects.toThrow('READONLY');
    await connection.restore(true);
    expect(connection.usable).toBe(true);
    await text('CREATE DATABASE a_way ENGINE = Atomic');
  });

  it('serves once only when a setting has changed many others', async () => {
    await connection.prepare(context({ settings: new Map([['compatibility', '22.3']]) }));
    await connection.restore(false);
    expect(connection.usable).toBe(false);
  });

  it('is given up when the engine does not let it be restored', async () => {
    await connection.prepare(context());
    connection.close();
    await connection.restore(true);
    expect(connection.usable).toBe(false);
  });
});
