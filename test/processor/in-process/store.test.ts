import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  type DropReason,
  EventsNotStoredError,
  type SessionLogRecordProcessorOptions,
  type StoreQueueLimits,
} from '../../../processor/index.js';
import { startProcessor } from '../../../processor/processor.js';
import { assertSameKey, KeyMismatchError } from '../../../schema/store/key-fingerprint.js';
import { migrate } from '../../../schema/store/migrate.js';
import { type TestStore, testStore } from '../../schema/store-fixture.js';
import { cloudTrailRecord, logsRequest } from '../cloudtrail-record.js';
import { silentLogger } from '../export/silent-logger.js';
import { until } from '../receiver/receiver-fixture.js';
import { type Application, access, KEY, startApplication } from './application.js';
import { storeProxy } from './store-proxy.js';

let store: TestStore;
let tenant = 'tenant 0';
let tenants = 0;

beforeAll(async () => {
  store = await testStore();
  await migrate(store.database);
  await assertSameKey(store.database, KEY);
});
afterAll(() => store?.close());
beforeEach(() => {
  tenant = `tenant ${++tenants}`;
});

/** An application that stores what it emits, at `url` if the store is behind something. */
function startStoring(
  limits: Partial<StoreQueueLimits> = {},
  { url = store.url, ...options }: SessionLogRecordProcessorOptions & { url?: string } = {},
): Application {
  const { username, password, databaseName: database } = store;
  return startApplication({
    key: KEY,
    tenant,
    store: { url, username, password, database, limits: { delayMillis: 50, ...limits } },
    ...options,
  });
}

async function stored<T>(what: string, table = 'events'): Promise<T[]> {
  const sql = `SELECT ${what} FROM ${table} WHERE tenant = {tenant:String}`;
  return (await store.database.query<T>(sql, { tenant })).rows;
}

async function storedIds(): Promise<number> {
  const [row] = await stored<{ ids: number }>('uniqExact(event_id) AS ids');
  return row?.ids ?? -1;
}

describe('with a store, what is emitted', () => {
  it('is stored in the background, without anybody asking', async () => {
    const { emit, processor } = startStoring();
    for (let i = 0; i < 20; i++) emit(access(i));
    expect(processor.counters).toMatchObject({ queued: 20, stored: 0 });
    await until(() => processor.counters.queued === 0);
    expect(processor.counters).toMatchObject({ stored: 20, dropped: 0, deadLetters: 0 });
    expect(await storedIds()).toBe(20);
  });

  it('is the same event in every column as if it had been sent to the service', async () => {
    const body = JSON.stringify(cloudTrailRecord(3));
    const service = await startProcessor({
      database: store.database,
      key: KEY,
      host: '127.0.0.1',
      otlpHttpPort: 0,
      logger: silentLogger,
    });
    onTestFinished(() => service.close());
    const headers = { 'Content-Type': 'application/json' };
    const url = `${service.otlpHttp.url}/v1/logs`;
    const answer = await fetch(url, { method: 'POST', headers, body: logsRequest([body], tenant) });
    expect(answer.status).toBe(200);

    const { emit, processor, provider } = startStoring({}, { addresses: {} });
    await processor.ready;
    emit({ body });
    await provider.forceFlush();
    const except = 'ingested_at, observed_at, service_name, resource_attributes, severity_number';
    const rows = await stored<object>(`* EXCEPT (${except})`);
    expect(rows).toHaveLength(2);
    expect(rows[0]).toEqual(rows[1]);
    expect(rows[0]).toMatchObject({ source: 'cloudtrail', user_name: 'mina', evidence: 'none' });
  });

  it('has its session id stored as a key only', async () => {
    const { emit, provider } = startStoring();
    const { attributes } = emit(access('s3cret'));
    await provider.forceFlush();
    const [row] = await stored<Record<string, string>>('session_key, toString(tuple(*)) AS everything');
    expect(row?.['session_key']).toBe(attributes['vouchtrail.session.key']);
    expect(row?.['everything']).toContain('ada@example.com');
    expect(row?.['everything']).not.toContain('session-of-the-portal-s3cret');
  });

  it('is kept as a dead letter if it should have been understood', async () => {
    const { emit, processor, provider } = startStoring();
    emit({ body: JSON.stringify(cloudTrailRecord(1, { eventName: null })) });
    emit(access());
    await provider.forceFlush();
    expect(processor.counters).toMatchObject({ stored: 1, deadLetters: 1, unreadable: 1 });
    expect(await stored('source', 'dead_letters')).toEqual([{ source: 'cloudtrail' }]);
  });

  it('is stored event by event where a record holds several', async () => {
    const { emit, provider } = startStoring();
    const body = JSON.stringify({ Records: [1, 2, 3].map((id) => cloudTrailRecord(id)) });
    emit({ body });
    await provider.forceFlush();
    expect(await storedIds()).toBe(3);
  });

  it('while an insert is under way is stored by the next', async () => {
    const { emit, processor } = startStoring();
    let emitted = 0;
    for (let flush = 0; flush < 5; flush++) {
      emit(access(emitted++));
      let isFlushing = true;
      const flushing = processor.forceFlush().finally(() => {
        isFlushing = false;
      });
      while (isFlushing) {
        emit(access(emitted++));
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      await flushing;
    }
    await processor.forceFlush();
    expect(emitted).toBeGreaterThan(20);
    expect(processor.counters).toMatchObject({ stored: emitted, queued: 0, dropped: 0 });
    expect(await storedIds()).toBe(emitted);
  });

  it('leaves in batches of the size that is asked for', async () => {
    const { emit, processor, provider } = startStoring({ batchEvents: 10, delayMillis: 60_000 });
    for (let i = 0; i < 25; i++) emit(access(i));
    await until(() => processor.counters.stored === 20);
    // The last five are no batch and wait for others, or for the flush.
    expect(processor.counters.queued).toBe(5);
    await provider.forceFlush();
    expect(await storedIds()).toBe(25);
    const [row] = await stored<{ inserts: number }>('uniqExact(ingested_at) AS inserts');
    expect(row?.inserts).toBe(3);
  });
});

describe('a store that does not answer', () => {
  it('keeps nobody waiting, and what is too much is dropped and counted', async () => {
    const proxy = await storeProxy(store.url, 'silent');
    const drops: [DropReason, number][] = [];
    const { emit, processor } = startStoring(
      { queueEvents: 100, batchEvents: 20, flushTimeoutMillis: 200 },
      { url: proxy.url, onDrop: (...drop) => drops.push(drop) },
    );
    for (let i = 0; i < 100; i++) emit(access(i));
    await until(() => proxy.connections > 0);
    const times: number[] = [];
    for (let i = 100; i < 1_100; i++) {
      const begun = performance.now();
      const { attributes } = emit(access(i));
      times.push(performance.now() - begun);
      // Enriched all the same, in the same turn of the event loop.
      expect(attributes['vouchtrail.activity']).toBe('access');
    }
    times.sort((a, b) => a - b);
    expect(times[500]).toBeLessThan(1);
    expect(processor.counters).toMatchObject({ enriched: 1_100, queued: 100, dropped: 1_000, stored: 0 });
    expect(drops).toEqual([]);
    await until(() => drops.length > 0);
    expect(drops).toEqual([['queue_full', 1_000]]);
  });

  it('bounds what waits in bytes as well', async () => {
    const proxy = await storeProxy(store.url, 'silent');
    const limits = { queueBytes: 100_000, flushTimeoutMillis: 200 };
    const { emit, processor } = startStoring(limits, { url: proxy.url });
    for (let i = 0; i < 100; i++) emit({ ...access(i), body: 'x'.repeat(10_000) });
    const { queued, dropped } = processor.counters;
    expect(queued).toBeGreaterThanOrEqual(4);
    expect(queued).toBeLessThanOrEqual(10);
    expect(dropped).toBe(100 - queued);
  });

  it('makes a flush say how many events are not stored, and keeps them', async () => {
    const proxy = await storeProxy(store.url, 'silent');
    const { emit, processor } = startStoring({}, { url: proxy.url });
    for (let i = 0; i < 3; i++) emit(access(i));
    const flush = processor.forceFlush({ timeoutMillis: 100 });
    await expect(flush).rejects.toThrow(EventsNotStoredError);
    await expect(flush).rejects.toMatchObject({ events: 3 });
    expect(processor.counters).toMatchObject({ queued: 3, dropped: 0 });
    proxy.road = 'open';
    await processor.forceFlush();
    expect(await storedIds()).toBe(3);
  });

  it('cannot keep a shutdown: what it does not take in time is dropped, counted and said', async () => {
    const proxy = await storeProxy(store.url, 'silent');
    const drops: [DropReason, number][] = [];
    const { emit, processor } = startStoring(
      { flushTimeoutMillis: 150 },
      { url: proxy.url, onDrop: (...drop) => drops.push(drop) },
    );
    for (let i = 0; i < 4; i++) emit(access(i));
    const shutdown = processor.shutdown();
    processor.onEmit(emit(access(9)) as never);
    await expect(shutdown).rejects.toThrow(EventsNotStoredError);
    expect(processor.counters).toMatchObject({ queued: 0, dropped: 4, stored: 0 });
    expect(drops).toEqual([['shutdown', 4]]);
  });
});

describe('a store that is down', () => {
  it('gets everything once it is up again, each event once', async () => {
    const proxy = await storeProxy(store.url, 'closed');
    const { emit, processor } = startStoring({ batchEvents: 10 }, { url: proxy.url });
    for (let i = 0; i < 35; i++) emit(access(i));
    await until(() => proxy.connections >= 2);
    for (let i = 35; i < 50; i++) emit(access(i));
    expect(processor.counters).toMatchObject({ queued: 50, stored: 0, dropped: 0 });
    proxy.road = 'open';
    await until(() => processor.counters.queued === 0);
    expect(processor.counters).toMatchObject({ stored: 50, dropped: 0 });
    expect(await storedIds()).toBe(50);
  });

  it('and goes down again in the middle of it loses nothing', async () => {
    const proxy = await storeProxy(store.url);
    const { emit, processor } = startStoring({ batchEvents: 5 }, { url: proxy.url });
    for (let i = 0; i < 40; i++) {
      emit(access(i));
      if (i % 10 === 9) proxy.road = proxy.road === 'open' ? 'closed' : 'open';
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    proxy.road = 'open';
    await processor.forceFlush();
    expect(processor.counters).toMatchObject({ stored: 40, queued: 0, dropped: 0 });
    expect(await storedIds()).toBe(40);
  });
});

describe('shutdown', () => {
  it('stores what waits, once, and ignores what is emitted afterwards', async () => {
    const { emit, processor, provider } = startStoring({ delayMillis: 60_000 });
    for (let i = 0; i < 7; i++) emit(access(i));
    const [first, second] = [processor.shutdown(), processor.shutdown()];
    expect(first).toBe(second);
    emit(access(8));
    await Promise.all([first, provider.shutdown()]);
    expect(processor.counters).toMatchObject({ stored: 7, queued: 0, dropped: 0, enriched: 7 });
    expect(await storedIds()).toBe(7);
    const [row] = await stored<{ rows: number }>('count() AS rows');
    expect(row?.rows).toBe(7);
  });
});

describe('another key than the store’s', () => {
  it('stores nothing, and says so to whoever flushes and in the counters', async () => {
    const drops: [DropReason, number][] = [];
    const key = 'another key that is long enough as well';
    const { emit, processor } = startStoring({}, { key, onDrop: (...drop) => drops.push(drop) });
    for (let i = 0; i < 5; i++) emit(access(i));
    const flush = processor.forceFlush();
    await expect(flush).rejects.toThrow(EventsNotStoredError);
    await expect(flush).rejects.toMatchObject({ events: 5, cause: expect.any(KeyMismatchError) });
    emit(access(6));
    expect(processor.counters).toMatchObject({ queued: 0, dropped: 6, stored: 0, enriched: 6 });
    await processor.shutdown();
    expect(drops.reduce((sum, [reason, count]) => (reason === 'key_mismatch' ? sum + count : sum), 0)).toBe(
      6,
    );
    expect(await storedIds()).toBe(0);
  });
});
