import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { loadCorrelations } from '../../schema/detection/correlation-file.js';
import { runOnce } from '../../schema/detection/run.js';
import { asksForTraces, openTraces } from '../../service/traces/open-traces.js';
import { migratedStore } from '../api/api-fixture.js';
import {
  accessRecord,
  endAll,
  eventually,
  type RunningService,
  send,
  startedService,
  temporaryFolder,
} from '../program.js';
import { closeServices, listening, toBeClosed } from './service-fixture.js';
import { type TraceReceiver, traceReceiver } from './trace-receiver.js';

afterEach(async () => {
  vi.unstubAllEnvs();
  await closeServices();
  await endAll();
});

async function receiver(options?: { answers: boolean }): Promise<TraceReceiver> {
  const receiving = await traceReceiver(options);
  toBeClosed(() => receiving.close());
  return receiving;
}

/** Ends the service as an operator would; how it ended, and after how many milliseconds. */
async function ended(service: RunningService) {
  const began = Date.now();
  service.process.kill('SIGTERM');
  const { code } = await service.ended;
  return { code, afterMs: Date.now() - began };
}

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };

describe('traces of the service', () => {
  it.each([
    ['nothing', {}, false],
    ['an exporter', { OTEL_TRACES_EXPORTER: 'otlp' }, true],
    ['an exporter to the console', { OTEL_TRACES_EXPORTER: 'console' }, true],
    ['no exporter', { OTEL_TRACES_EXPORTER: 'none' }, false],
    ['no exporter, and an endpoint', { OTEL_TRACES_EXPORTER: 'none', ...endpoint }, false],
    ['an endpoint', endpoint, true],
    [
      'an endpoint of traces',
      { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:4318/v1/traces' },
      true,
    ],
    [
      'an endpoint of other signals',
      { OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://127.0.0.1:4318/v1/logs' },
      false,
    ],
    ['an endpoint that is empty', { OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }, false],
    ['an endpoint, and to be off', { ...endpoint, OTEL_SDK_DISABLED: 'TRUE' }, false],
    ['an endpoint, and not to be off', { ...endpoint, OTEL_SDK_DISABLED: 'false' }, true],
  ])('are asked for by what names them: %s', (_what, environment, asked) => {
    expect(asksForTraces(environment)).toBe(asked);
  });

  /** Writes, when a process ends, which packages of the SDK it has loaded. */
  const spy = `data:text/javascript,${encodeURIComponent(`
    import { writeFileSync } from 'node:fs';
    import { createRequire } from 'node:module';
    const { cache } = createRequire(process.cwd() + '/');
    process.on('exit', () => writeFileSync(process.env.LOADED + '/' + process.pid, Object.keys(cache).join('\\n')));`)}`;

  it.each([
    ['nothing of it without', {}, false],
    [
      'all of it with',
      { OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' },
      true,
    ],
  ])('load %s a variable that asks for them', async (_what, environment, loaded) => {
    const folder = temporaryFolder();
    const LOADED = join(folder, 'loaded');
    mkdirSync(LOADED);
    const spied = { NODE_OPTIONS: `--import=${spy}`, LOADED };
    const service = await startedService(join(folder, 'data'), { ...spied, ...environment });
    expect((await ended(service)).code).toBe(0);
    expect(readdirSync(LOADED)).toContain(String(service.process.pid));
    const modules = readFileSync(join(LOADED, String(service.process.pid)), 'utf8');
    expect(modules).toContain('/@opentelemetry/sdk-metrics/');
    for (const name of ['sdk-node', 'sdk-trace', 'exporter-trace-otlp-proto']) {
      expect(modules.includes(`/@opentelemetry/${name}/`), name).toBe(loaded);
    }
  });

  it('tell of inserts, of detection runs and of correlations, to a receiver of OTLP, and nothing secret', async () => {
    const receiving = await receiver();
    const before = Date.now();
    const service = await startedService(temporaryFolder(), {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiving.url,
      OTEL_BSP_SCHEDULE_DELAY: '100',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    });
    expect(await send(service.otlpHttpUrl, [accessRecord('grace')])).toBe(200);
    expect(await eventually(() => receiving.named('INSERT events').length > 0)).toBe(true);
    const [insert] = receiving.named('INSERT events');
    expect(insert).toMatchObject({
      kind: 3,
      parentSpanId: '',
      failed: false,
      attributes: {
        'db.system.name': 'clickhouse',
        'db.operation.name': 'INSERT',
        'db.collection.name': 'events',
        'vouchtrail.insert.bytes': expect.any(Number),
      },
      resource: {
        'service.name': 'vouchtrail',
        'service.version': expect.stringMatching(/^\d+\.\d+\.\d+/),
        'deployment.environment.name': 'test',
      },
    });
    expect(insert?.began).toBeGreaterThanOrEqual(before);
    expect(insert?.ended).toBeGreaterThanOrEqual(insert?.began ?? Number.POSITIVE_INFINITY);

    const isCorrelation = ({ name }: { name: string }) => name === 'correlation unvouched-access';
    expect(await eventually(() => receiving.spans.some(isCorrelation), 20_000)).toBe(true);
    const child = receiving.spans.find(isCorrelation);
    const run = receiving.spans.find(({ spanId }) => spanId === child?.parentSpanId);
    expect(run).toMatchObject({
      name: 'detection run',
      kind: 1,
      parentSpanId: '',
      traceId: child?.traceId,
      failed: false,
      attributes: { 'vouchtrail.sessions': 1, 'vouchtrail.findings.raised': expect.any(Number) },
    });
    expect(child?.attributes).toMatchObject({
      'vouchtrail.correlation.id': 'unvouched-access',
      'vouchtrail.rows_read': expect.any(Number),
    });
    expect(child?.began).toBeGreaterThanOrEqual(run?.began ?? Number.POSITIVE_INFINITY);
    expect(child?.ended).toBeLessThanOrEqual(run?.ended ?? 0);

    expect((await ended(service)).code).toBe(0);
    // Metrics and logs have ways of their own.
    expect(receiving.paths).toEqual(new Set(['/v1/traces']));
    expect(receiving.bodies()).not.toContain('grace');
    expect(receiving.bodies()).not.toContain('process.');
  });

  it('are sent to the last one before the service ends', async () => {
    const receiving = await receiver();
    const service = await startedService(temporaryFolder(), {
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${receiving.url}/v1/traces`,
      OTEL_BSP_SCHEDULE_DELAY: '600000',
    });
    expect(await send(service.otlpHttpUrl, [accessRecord('last')])).toBe(200);
    expect(receiving.spans).toEqual([]);
    expect((await ended(service)).code).toBe(0);
    expect(receiving.named('INSERT events')).toHaveLength(1);
  });

  it('do not keep the service from ending where nobody takes them', async () => {
    const receiving = await receiver({ answers: false });
    const service = await startedService(temporaryFolder(), {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiving.url,
      OTEL_BSP_SCHEDULE_DELAY: '600000',
    });
    expect(await send(service.otlpHttpUrl, [accessRecord('lost')])).toBe(200);
    const { code, afterMs } = await ended(service);
    expect(code).toBe(0);
    expect(afterMs).toBeLessThan(12_000);
    expect(service.stderr()).toContain('the last traces could not be sent within 3 s and are lost');
  });

  it('show a detection run that broke off, by the kind of its error and not by its text', async () => {
    const receiving = await receiver();
    vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', receiving.url);
    const { log, surroundings } = listening();
    const traces = await openTraces(surroundings.logger);
    const store = await migratedStore();
    toBeClosed(() => store.close());
    const database = traces?.forDetection(store.database) ?? store.database;
    await store.database.command('DROP TABLE pending');
    const now = Date.now();
    const window = { from: now - 60_000, to: now, now, lookAtClocks: true };
    await expect(runOnce(database, await loadCorrelations(), window)).rejects.toThrow('pending');
    await traces?.close();
    expect(receiving.spans).toMatchObject([
      {
        name: 'detection run',
        failed: true,
        attributes: { 'error.type': 'StoreRejectedError', 'db.response.status_code': '60' },
      },
    ]);
    expect(receiving.bodies()).not.toContain('pending');
    expect(log).toEqual([]);
  });
});

describe('an installation without development packages', () => {
  it('has what traces and metrics need of OpenTelemetry', () => {
    const { packages } = createRequire(import.meta.url)('../../package-lock.json') as {
      packages: Record<string, { dev?: boolean; peerDependencies?: Record<string, string> }>;
    };
    // Ours is a peer dependency, which npm installs; the lock file says whether it would without the tests.
    expect(packages['node_modules/@opentelemetry/api']).not.toHaveProperty('dev');
    const missing = ['sdk-node', 'sdk-metrics', 'resources', 'exporter-prometheus'].filter(
      (name) => packages[`node_modules/@opentelemetry/${name}`]?.dev !== undefined,
    );
    expect(missing).toEqual([]);
  });
});
