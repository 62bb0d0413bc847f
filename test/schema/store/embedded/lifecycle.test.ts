import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../../schema/store/database.js';
import { readEmbeddedEndpoint } from '../../../../schema/store/embedded/endpoint-file.js';
import { DataFolderInUseError, EmbeddedStoreError } from '../../../../schema/store/embedded/errors.js';
import { type EmbeddedStore, startEmbeddedStore } from '../../../../schema/store/embedded/start.js';
import { StoreUnavailableError } from '../../../../schema/store/errors.js';
import {
  column,
  killPrograms,
  processRuns,
  removeTemporaryFolders,
  runProgram,
  temporaryFolder,
} from './programs.js';

const stores: EmbeddedStore[] = [];

async function start(dataDir = temporaryFolder()): Promise<EmbeddedStore & { dataDir: string }> {
  const store = await startEmbeddedStore({ dataDir, memoryLimitBytes: 1024 ** 3 });
  stores.push(store);
  return Object.assign(store, { dataDir });
}

afterEach(async () => {
  killPrograms();
  await Promise.all(stores.splice(0).map((store) => store.stop()));
  removeTemporaryFolders();
});

describe('an embedded store', () => {
  it('serves a database of its own kind, and keeps it over a restart of the program', async () => {
    const first = await start();
    expect(await column(first, "SELECT engine FROM system.databases WHERE name = 'vouchtrail'")).toEqual([
      'Atomic',
    ]);
    const database = openDatabase(first);
    await database.command('CREATE TABLE t (a UInt64) ENGINE = MergeTree ORDER BY a');
    await database.insertRows('t', [{ a: 1 }]);
    await database.close();
    await first.stop();
    const second = await start(first.dataDir);
    expect(await column(second, 'SELECT a FROM t')).toEqual([1]);
    expect(second.password).not.toBe(first.password);
  });

  // Where a process can be looked at from outside.
  it.skipIf(process.platform !== 'linux')(
    'gives its child no secret by command line or environment',
    async () => {
      const { pid, password, reader } = await start();
      const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
      expect(commandLine).toContain('schema/store/embedded/');
      for (const secret of [password, reader.password])
        expect(commandLine + environment).not.toContain(secret);
      expect(environment).toContain('UV_THREADPOOL_SIZE=16');
      expect(environment).not.toContain('HOME=');
    },
  );

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('keeps its child when that gets %s', async (signal) => {
    const store = await start();
    process.kill(store.pid as number, signal);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await column(store, 'SELECT 1')).toEqual([1]);
    expect(store.restarts).toBe(0);
  });

  it('stops at once while statements run, which then count as not done', async () => {
    const store = await start();
    const database = openDatabase(store);
    const endless = database.query('SELECT count() FROM numbers(1000000000000) WHERE cityHash64(number) = 1');
    endless.catch(() => {});
    await expect
      .poll(() => column(store, "SELECT count() FROM system.processes WHERE query LIKE '%cityHash%'"))
      .toEqual([2]);
    const pid = store.pid as number;
    const begin = performance.now();
    await Promise.all([store.stop(), store.stop()]);
    expect(performance.now() - begin).toBeLessThan(5_000);
    await expect(endless).rejects.toThrow(StoreUnavailableError);
    expect(processRuns(pid)).toBe(false);
    expect(store.ready).toBe(false);
    await expect(store.whenReady()).rejects.toThrow(EmbeddedStoreError);
    await expect(database.query('SELECT 1')).rejects.toThrow(StoreUnavailableError);
    await database.close();
  });

  it('removes a temporary folder when it ends', async () => {
    const dataDir = temporaryFolder();
    const store = await startEmbeddedStore({ dataDir, temporary: true });
    await store.stop();
    expect(existsSync(dataDir)).toBe(false);
  });

  it.each(['default', 'a b', '1a', ''])('refuses the database name %j', async (database) => {
    await expect(startEmbeddedStore({ dataDir: temporaryFolder(), database })).rejects.toThrow(TypeError);
  });
});

describe('a second program on a data folder', () => {
  it('is told in plain words who has it, in the same process and in another', async () => {
    const store = await start();
    const error = await startEmbeddedStore({ dataDir: store.dataDir }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(DataFolderInUseError);
    expect(error).toMatchObject({ dataDir: store.dataDir, pid: process.pid });
    const other = await runProgram(store.dataDir);
    expect(other.report.error).toBe('DataFolderInUseError');
    expect(other.report.message).toContain(store.dataDir);
    expect(other.report.message).toContain(`process ${process.pid}`);
    expect(await other.ended).toBe(1);
    expect(await column(store, 'SELECT 1')).toEqual([1]);
  });

  it('is told even when the endpoint file is lost', async () => {
    const store = await start();
    rmSync(join(store.dataDir, 'embedded-endpoint.json'));
    await expect(startEmbeddedStore({ dataDir: store.dataDir })).rejects.toThrow(DataFolderInUseError);
    expect(await column(store, 'SELECT 1')).toEqual([1]);
  });
});

describe('the endpoint file', () => {
  it('tells other commands of the owner where to read, as long as the store runs', async () => {
    const store = await start();
    const path = join(store.dataDir, 'embedded-endpoint.json');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).not.toContain(store.password);
    const endpoint = await readEmbeddedEndpoint(store.dataDir);
    expect(endpoint).toMatchObject({
      url: store.url,
      username: 'reader',
      pid: store.pid,
      database: 'vouchtrail',
    });
    if (endpoint) expect(await column(endpoint, 'SELECT currentDatabase()')).toEqual(['vouchtrail']);
    await store.stop();
    expect(existsSync(path)).toBe(false);
    expect(await readEmbeddedEndpoint(store.dataDir)).toBeUndefined();
  });

  it('is not believed when a killed program left it', async () => {
    const dataDir = temporaryFolder();
    const { process: program, report } = await runProgram(dataDir);
    program.kill('SIGKILL');
    await expect.poll(() => processRuns(report.pid), { timeout: 10_000 }).toBe(false);
    expect(existsSync(join(dataDir, 'embedded-endpoint.json'))).toBe(true);
    expect(await readEmbeddedEndpoint(dataDir)).toBeUndefined();
    const next = await start(dataDir);
    expect((await readEmbeddedEndpoint(dataDir))?.pid).toBe(next.pid);
  });
});

describe('a program with an embedded store', () => {
  it('takes its child with it when it is killed, also from the midst of a statement', async () => {
    const dataDir = temporaryFolder();
    const { process: program, report } = await runProgram(dataDir);
    const database = openDatabase(report);
    const endless = database.query('SELECT count() FROM numbers(1000000000000) WHERE cityHash64(number) = 1');
    await new Promise((resolve) => setTimeout(resolve, 200));
    program.kill('SIGKILL');
    await expect(endless).rejects.toThrow(StoreUnavailableError);
    await database.close();
    await expect.poll(() => processRuns(report.pid), { timeout: 10_000 }).toBe(false);
    expect(await column(await start(dataDir), 'SELECT count() FROM t')).toEqual([0]);
  });

  it('can start while the child of a killed one still ends', async () => {
    const dataDir = temporaryFolder();
    const { process: program } = await runProgram(dataDir);
    program.kill('SIGKILL');
    expect(await column(await start(dataDir), 'SELECT count() FROM t')).toEqual([0]);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('can still store when its whole group gets %s', async (signal) => {
    const dataDir = temporaryFolder();
    const { process: program, report, ended } = await runProgram(dataDir);
    process.kill(-(program.pid as number), signal);
    expect(await ended).toBe(0);
    expect(processRuns(report.pid)).toBe(false);
    expect(await column(await start(dataDir), 'SELECT a FROM t')).toEqual([7]);
  });
});

describe('an embedded store whose child dies', () => {
  it('comes back under the same URL and password, and says so meanwhile', async () => {
    const store = await start();
    const { url, password, pid } = store;
    const exits: unknown[] = [];
    const forget = store.onExit((exit) => exits.push(exit));
    const database = openDatabase(store);
    for (let round = 1; round <= 2; round++) {
      process.kill(store.pid as number, 'SIGKILL');
      await expect.poll(() => store.ready).toBe(false);
      const begin = performance.now();
      await expect(database.query('SELECT 1')).rejects.toThrow(StoreUnavailableError);
      expect(performance.now() - begin).toBeLessThan(200);
      await store.whenReady();
      expect((await database.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
      expect(store.restarts).toBe(round);
    }
    expect([store.url, store.password]).toEqual([url, password]);
    expect(store.pid).not.toBe(pid);
    expect((await readEmbeddedEndpoint(store.dataDir))?.pid).toBe(store.pid);
    expect(exits).toEqual([
      { code: null, signal: 'SIGKILL' },
      { code: null, signal: 'SIGKILL' },
    ]);
    forget();
    await database.close();
  });

  it('tries until its port is free again', async () => {
    const store = await start();
    const squatter = createServer();
    process.kill(store.pid as number, 'SIGKILL');
    await expect.poll(() => store.ready).toBe(false);
    await new Promise<void>((resolve) =>
      squatter.listen(Number(new URL(store.url).port), '127.0.0.1', () => resolve()),
    );
    await expect(store.whenReady(1_500)).rejects.toThrow('did not come back');
    await new Promise((resolve) => squatter.close(resolve));
    await store.whenReady(15_000);
    expect(await column(store, 'SELECT 1')).toEqual([1]);
  });

  it('stops for good when it is stopped before it has come back', async () => {
    const store = await start();
    process.kill(store.pid as number, 'SIGKILL');
    await expect.poll(() => store.ready).toBe(false);
    await store.stop();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(store.pid === undefined || !processRuns(store.pid)).toBe(true);
  });

  it('has every row that it acknowledged before', async () => {
    const store = await start();
    const database = openDatabase(store);
    await database.command(
      'CREATE TABLE rows (writer UInt32, n UInt64) ENGINE = MergeTree ORDER BY (writer, n)',
    );
    const acknowledged: string[] = [];
    let refusals = 0;
    let writing = true;
    const write = async (writer: number) => {
      for (let n = 0; writing; n++) {
        try {
          await database.insertRows('rows', [{ writer, n }]);
          acknowledged.push(`${writer}:${n}`);
        } catch (error) {
          expect(error).toBeInstanceOf(StoreUnavailableError);
          refusals++;
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      }
    };
    const writers = [1, 2, 3, 4].map(write);
    for (let round = 0; round < 3; round++) {
      await new Promise((resolve) => setTimeout(resolve, 400));
      process.kill(store.pid as number, 'SIGKILL');
      await expect.poll(() => store.ready).toBe(false);
      await store.whenReady();
    }
    writing = false;
    await Promise.all(writers);
    const stored = new Set(
      await column(store, "SELECT concat(toString(writer), ':', toString(n)) AS key FROM rows"),
    );
    expect(acknowledged.filter((key) => !stored.has(key))).toEqual([]);
    expect(acknowledged.length).toBeGreaterThan(30);
    expect(refusals).toBeGreaterThan(0);
    await database.close();
  });
});
