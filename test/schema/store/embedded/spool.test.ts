import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Spool } from '../../../../schema/store/embedded/spool.js';

describe('the spool', () => {
  let dataDir: string;
  const spools: Spool[] = [];

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'vouchtrail-spool-'));
  });
  afterEach(async () => {
    await Promise.all(spools.splice(0).map((spool) => spool.close()));
    rmSync(dataDir, { recursive: true });
  });

  const create = async () => {
    const spool = await Spool.create(dataDir);
    spools.push(spool);
    return spool;
  };

  it('forgets what an earlier process left in its folders', async () => {
    const first = await create();
    const left = [first.newPath(true), first.newPath(false)];
    for (const path of left) writeFileSync(path, 'rows');
    await create();
    expect(left.filter((path) => existsSync(path))).toEqual([]);
  });

  it('takes what comes as it is, for its owner alone', async () => {
    const spool = await create();
    const { path, bytes } = await spool.receive(Readable.from([Buffer.from('a\n\n'), Buffer.from([0, 255])]));
    expect(readFileSync(path)).toEqual(Buffer.from([97, 10, 10, 0, 255]));
    expect(bytes).toBe(5);
    expect([statSync(path).mode & 0o777, statSync(dirname(path)).mode & 0o777]).toEqual([0o600, 0o700]);
  });

  it('moves to the data folder what is too large for memory, whole', async () => {
    const spool = await create();
    const hash = createHash('sha256');
    async function* large() {
      for (let i = 0; i < 70; i++) {
        const chunk = Buffer.alloc(1024 ** 2, i);
        hash.update(chunk);
        yield chunk;
      }
    }
    const { path, bytes } = await spool.receive(Readable.from(large(), { objectMode: false }));
    expect(bytes).toBe(70 * 1024 ** 2);
    expect(dirname(path)).toBe(join(dataDir, 'spool'));
    expect(createHash('sha256').update(readFileSync(path)).digest('hex')).toBe(hash.digest('hex'));
    const small = dirname(spool.newPath(true));
    if (small !== dirname(path)) expect(readdirSync(small)).toEqual([]);
    rmSync(path);
  });

  it('keeps nothing of rows that break off', async () => {
    const spool = await create();
    async function* broken() {
      yield Buffer.from('rows');
      throw new Error('gone');
    }
    await expect(spool.receive(Readable.from(broken(), { objectMode: false }))).rejects.toThrow('gone');
    for (const small of [true, false]) expect(readdirSync(dirname(spool.newPath(small)))).toEqual([]);
  });

  it('does not trust a folder in memory that others can look into', async () => {
    const spool = await create();
    const inMemory = dirname(spool.newPath(true));
    await spool.close();
    mkdirSync(inMemory, { recursive: true });
    chmodSync(inMemory, 0o777);
    const second = await create();
    expect(dirname(second.newPath(true))).toBe(join(dataDir, 'spool'));
    rmSync(inMemory, { recursive: true, force: true });
    mkdirSync(join(dataDir, 'spool'), { recursive: true });
  });
});
