import { existsSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import {
  accessRecord,
  endAll,
  eventually,
  send,
  startedService,
  storePid,
  temporaryFolder,
} from '../program.js';
import { overload } from './overload.js';

afterEach(endAll);

const GIB = 1024 ** 3;

it.runIf(existsSync('/proc/self/status'))(
  'at many times the rate that can be stored, memory stays bounded, some is stored all the time, and what comes afterwards',
  { timeout: 120_000 },
  async () => {
    const dataDir = temporaryFolder();
    const service = await startedService(dataDir);
    const pids = () => [service.process.pid ?? 0, storePid(dataDir)];
    const { otlpHttpUrl } = service;
    const result = await overload({ otlpHttpUrl, pids, seconds: 8, senders: 256 });
    expect(result.acknowledgedMeanwhile).toBeGreaterThan(0);
    expect(result.refused).toBeGreaterThan(10 * result.acknowledged);
    expect(result.privatePeak).toBeGreaterThan(0.1 * GIB);
    expect(result.privatePeak).toBeLessThan(GIB);
    expect(result.peak).toBeLessThan(1.25 * GIB);
    expect(service.process.exitCode).toBe(null);
    expect(
      await eventually(async () => (await send(otlpHttpUrl, [accessRecord('afterwards')])) === 200, 30_000),
    ).toBe(true);
  },
);
