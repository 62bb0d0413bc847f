import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ProcessorCounts } from '../../processor/counters.js';
import { createGroupCommit, type EventWriter } from '../../processor/export/group-commit.js';
import { normalize } from '../../processor/normalize/normalize.js';
import type { Normalized } from '../../processor/normalize/normalized.js';
import { createPipeline } from '../../processor/pipeline.js';
import { startOtlpHttpReceiver } from '../../processor/receiver/http-server.js';
import { RetryLaterError } from '../../processor/receiver/retry-later-error.js';
import { createDiskGuard, type DiskGuard } from '../../schema/store/disk-space.js';
import { migrate } from '../../schema/store/migrate.js';
import { silentLogger } from '../processor/export/silent-logger.js';
import { accessRecord, eventually, send } from '../program.js';
import { type TestStore, testStore } from '../schema/store-fixture.js';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

const guards: DiskGuard[] = [];
afterEach(() => {
  for (const guard of guards.splice(0)) guard.close();
});

/** A disk whose room the test sets. */
class Disk {
  free: number;
  readonly size: number;
  broken = false;
  looks = 0;

  constructor(size: number, free: number) {
    this.size = size;
    this.free = free;
  }

  async guard(minimumFreeBytes?: number): Promise<DiskGuard> {
    const guard = await createDiskGuard({
      folder: '/data',
      everyMs: 5,
      statfs: async () => {
        this.looks += 1;
        if (this.broken) throw new Error('no such file system');
        return { bavail: this.free / 4096, blocks: this.size / 4096, bsize: 4096 };
      },
      ...(minimumFreeBytes === undefined ? {} : { minimumFreeBytes }),
    });
    guards.push(guard);
    return guard;
  }
}

describe('a disk', () => {
  it.each([
    ['512 MiB of a small one', 10 * GIB, 512 * MIB],
    ['2 % of a middling one', 100 * GIB, 2 * GIB],
    ['8 GiB of a large one', 10_000 * GIB, 8 * GIB],
  ])('must keep %s free', async (_what, size, minimum) => {
    expect((await new Disk(size, minimum + MIB).guard()).nearlyFull).toBe(false);
    const full = await new Disk(size, minimum - MIB).guard();
    expect(full.nearlyFull).toBe(true);
    expect(full.reason).toContain('/data');
    expect(full.reason).toContain(`${(minimum - MIB) / MIB} MiB are free`);
    expect(full.reason).toContain(`${minimum / MIB} MiB must stay free`);
  });

  it('is seen to fill up and to get room again, without going to and fro at the limit', async () => {
    const disk = new Disk(10 * GIB, GIB);
    const guard = await disk.guard(100 * MIB);
    expect(guard).toMatchObject({ nearlyFull: false, reason: undefined, freeBytes: GIB });
    disk.free = 99 * MIB;
    expect(await eventually(() => guard.nearlyFull)).toBe(true);
    disk.free = 101 * MIB;
    const { looks } = disk;
    expect(await eventually(() => disk.looks > looks + 3)).toBe(true);
    expect(guard.nearlyFull).toBe(true);
    disk.free = 106 * MIB;
    expect(await eventually(() => !guard.nearlyFull)).toBe(true);
    expect(guard.reason).toBe(undefined);
  });

  it('that cannot be looked at keeps nothing out', async () => {
    const disk = new Disk(10 * GIB, 0);
    const guard = await disk.guard();
    expect(guard.nearlyFull).toBe(true);
    disk.broken = true;
    expect(await eventually(() => !guard.nearlyFull)).toBe(true);
    expect(guard.freeBytes).toBe(undefined);
    disk.broken = false;
    expect(await eventually(() => guard.nearlyFull)).toBe(true);
  });

  it('is not looked at any more once the guard is closed', async () => {
    const disk = new Disk(10 * GIB, GIB);
    const guard = await disk.guard();
    expect(await eventually(() => disk.looks > 3)).toBe(true);
    guard.close();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const { looks } = disk;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(disk.looks).toBe(looks);
  });

  it('is a real one: a large file fills it, and its removal makes room', async () => {
    const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'vouchtrail-disk-'));
    try {
      const { bavail, bsize } = await statfs(folder);
      const guard = await createDiskGuard({
        folder,
        minimumFreeBytes: bavail * bsize - 160 * MIB,
        everyMs: 20,
      });
      guards.push(guard);
      expect(guard.nearlyFull).toBe(false);
      const large = join(folder, 'large');
      writeFileSync(large, Buffer.alloc(224 * MIB, 1));
      expect(await eventually(() => guard.nearlyFull)).toBe(true);
      rmSync(large);
      expect(await eventually(() => !guard.nearlyFull)).toBe(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('a receiver on a disk that is nearly full', () => {
  let store: TestStore;
  let writer: EventWriter | undefined;
  beforeAll(async () => {
    store = await testStore();
    await migrate(store.database);
  });
  afterAll(async () => {
    await writer?.close();
    await store?.close();
  });

  it('answers 503 before the store is asked, says why, and takes events again by itself', async () => {
    const { database } = store;
    const disk = new Disk(10 * GIB, 2 * GIB);
    const hindrance = await disk.guard();
    const counters = new ProcessorCounts();
    writer = createGroupCommit({ database, logger: silentLogger, counters, hindrance });
    const enrich = ({ event }: Normalized) => event;
    const accept = createPipeline({ normalize, enrich, writer, counters });
    const receiver = await startOtlpHttpReceiver({
      host: '127.0.0.1',
      port: 0,
      accept,
      logger: silentLogger,
    });
    try {
      expect(await send(receiver.url, [accessRecord('before')])).toBe(200);
      disk.free = 100 * MIB;
      expect(await eventually(() => hindrance.nearlyFull)).toBe(true);
      const { count, failed } = counters.inserts;
      expect(await send(receiver.url, [accessRecord('meanwhile')])).toBe(503);
      expect(counters.inserts).toMatchObject({ count, failed });
      expect(writer.canStore).toBe(false);
      expect(writer.cannotStoreBecause).toContain('nearly full');
      expect(() => writer?.begin(1, 1)).toThrow(RetryLaterError);
      expect(() => writer?.begin(1, 1)).toThrow(/100 MiB are free/);
      expect(counters.queue).toEqual({ rows: 0, bytes: 0 });

      disk.free = 2 * GIB;
      expect(await eventually(() => writer?.canStore === true)).toBe(true);
      expect(await send(receiver.url, [accessRecord('meanwhile')])).toBe(200);
      const { rows } = await database.query('SELECT user_name FROM events ORDER BY user_name');
      expect(rows).toEqual([{ user_name: 'before@example.com' }, { user_name: 'meanwhile@example.com' }]);
    } finally {
      await receiver.close();
    }
  });
});
