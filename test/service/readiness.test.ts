import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { Readiness, type ReadinessSources } from '../../service/readiness.js';
import { accessRecord, send } from '../program.js';
import { closeServices, configOf, metricsOf, readiness, started } from './service-fixture.js';

afterEach(closeServices);

const MIB = 1024 ** 2;

async function freeMib(): Promise<number> {
  const { bavail, bsize } = await statfs(tmpdir());
  return Math.floor((bavail * bsize) / MIB);
}

/** Readiness of a service without a store, with some of its parts as said. */
async function reportOf(parts: Partial<ReadinessSources>) {
  const readiness = new Readiness({
    database: undefined,
    storeRuns: () => true,
    disk: () => undefined,
    processor: () => undefined,
    scheduler: () => undefined,
    ...parts,
  });
  readiness.phase = 'ready';
  return await readiness.report();
}

describe('readiness', () => {
  it('ends, and senders come again, where the disk has less room than must stay free', async () => {
    const service = await started(configOf({ VOUCHTRAIL_MINIMUM_FREE_DISK: '999999TiB' }));
    const report = await readiness(service.healthUrl);
    expect(report).toMatchObject({ code: 503, status: 'disk-full' });
    expect(report.reasons.join()).toMatch(/nearly full.*must stay free/);
    expect(await send(service.otlpHttpUrl ?? '', [accessRecord('late')])).toBe(503);
    const answer = await service.database?.query('SELECT count() AS events FROM events');
    expect(answer?.rows).toEqual([{ events: 0 }]);
  });

  it('stays, degraded, where the disk has less than twice of it', async () => {
    const free = await freeMib();
    const service = await started(configOf({ VOUCHTRAIL_MINIMUM_FREE_DISK: `${Math.floor(free * 0.7)}MiB` }));
    const report = await readiness(service.healthUrl);
    expect(report).toMatchObject({ code: 200, status: 'degraded' });
    expect(report.reasons.join()).toContain('the disk is low');
    expect(await send(service.otlpHttpUrl ?? '', [accessRecord('in time')])).toBe(200);
    const shown = /^vouchtrail_disk_free_bytes (\S+)$/m.exec(await metricsOf(service.healthUrl))?.[1];
    expect(Number(shown) / MIB / free).toBeCloseTo(1, 1);
  });

  it('is degraded where judging is more than a minute behind, and says by how much', async () => {
    const scheduler = (cursorLagMs: number | undefined) => ({
      scheduler: () => ({ cursorLagMs, lastError: undefined }),
    });
    expect(await reportOf(scheduler(61_000))).toEqual({
      status: 'degraded',
      reasons: ['judging is 61 s behind'],
    });
    expect((await reportOf(scheduler(59_000))).status).toBe('ready');
    expect((await reportOf(scheduler(undefined))).status).toBe('ready');
  });

  it('is degraded where the last run of judging failed', async () => {
    const report = await reportOf({
      scheduler: () => ({ cursorLagMs: undefined, lastError: 'no such table' }),
    });
    expect(report).toEqual({
      status: 'degraded',
      reasons: ['the last run of judging failed: no such table'],
    });
  });

  it('ends where events cannot be stored, and says why', async () => {
    const report = await reportOf({
      processor: () => ({ cannotStoreBecause: 'The store refuses.', canForward: true }),
    });
    expect(report).toEqual({
      status: 'store-down',
      reasons: ['events cannot be stored: The store refuses.'],
    });
  });
});
