import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ProcessorCounts } from '../../processor/counters.js';
import { createGroupCommit } from '../../processor/export/group-commit.js';
import { normalize } from '../../processor/normalize/normalize.js';
import { createPipeline } from '../../processor/pipeline.js';
import { type Processor, startProcessor } from '../../processor/processor.js';
import type { LogBatch } from '../../processor/receiver/log-batch.js';
import { newLogRecord } from '../../processor/receiver/log-record.js';
import { migrate } from '../../schema/store/migrate.js';
import { type TestStore, testStore } from '../schema/store-fixture.js';
import { cloudTrailRecord, logsRequest } from './cloudtrail-record.js';
import { silentLogger } from './export/silent-logger.js';

const KEY = 'a key for tests that is long enough';

let store: TestStore;
let processor: Processor;
let tenant = 'tenant 0';
let tenants = 0;

beforeAll(async () => {
  store = await testStore();
  await migrate(store.database);
  processor = await startProcessor({
    database: store.database,
    key: KEY,
    host: '127.0.0.1',
    otlpHttpPort: 0,
    logger: silentLogger,
  });
});
afterAll(async () => {
  await processor?.close();
  await store?.close();
});
beforeEach(() => {
  tenant = `tenant ${++tenants}`;
});

async function post(body: string, { url } = processor.otlpHttp): Promise<Response> {
  return fetch(`${url}/v1/logs`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body,
  });
}

function records(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, i) => JSON.stringify(cloudTrailRecord(from + i)));
}

async function stored<T = { rows: number; events: number }>(
  what = 'count() AS rows, uniqExact(event_id) AS events',
): Promise<T[]> {
  const sql = `SELECT ${what} FROM events WHERE tenant = {tenant:String}`;
  return (await store.database.query<T>(sql, { tenant })).rows;
}

interface Letter {
  source: string;
  path: string;
  reason: string;
  raw: string;
}

interface PartialSuccess {
  rejectedLogRecords: string;
  errorMessage: string;
}

async function letters(): Promise<Letter[]> {
  const sql = 'SELECT source, path, reason, raw FROM dead_letters FINAL WHERE tenant = {tenant:String}';
  return (await store.database.query<Letter>(sql, { tenant })).rows;
}

describe('the processor', () => {
  it('acknowledges a request when its events can be read', async () => {
    const response = await post(logsRequest(records(0, 50), tenant));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({});
    expect(await stored('count() AS rows, any(user_name) AS user, any(country) AS country')).toEqual([
      { rows: 50, user: 'mina', country: '' },
    ]);
    const keys = await stored<{ session_key: string }>('DISTINCT session_key');
    expect(keys).toHaveLength(1);
    expect(keys[0]?.session_key).toMatch(/^[0-9a-f]{32}$/);
    expect(processor.counters.accepted.get('cloudtrail')).toBeGreaterThanOrEqual(50);
    expect(processor.counters.requests.get(200)).toBeGreaterThanOrEqual(1);
    expect(processor.counters.queue).toEqual({ rows: 0, bytes: 0 });
    expect(processor.canStore).toBe(true);
  });

  it('stores an event that comes twice in a request once', async () => {
    const before = processor.counters.duplicates;
    await post(logsRequest([...records(0, 10), ...records(5, 15)], tenant));
    expect(await stored()).toEqual([{ rows: 15, events: 15 }]);
    expect(processor.counters.duplicates - before).toBe(5);
  });

  it('gives a request that comes again the same event ids', async () => {
    for (let i = 0; i < 3; i++) await post(logsRequest(records(0, 10), tenant));
    expect(await stored()).toMatchObject([{ events: 10 }]);
  });

  it('takes the same id of two tenants in one request for two events', async () => {
    const other = JSON.parse(logsRequest(records(0, 1), 'another tenant'));
    const mine = JSON.parse(logsRequest(records(0, 1), tenant));
    await post(JSON.stringify({ resourceLogs: [...other.resourceLogs, ...mine.resourceLogs] }));
    expect(await stored()).toEqual([{ rows: 1, events: 1 }]);
  });

  it('counts a record that is not about identity and does not store it', async () => {
    const before = processor.counters.unrecognised;
    const response = await post(logsRequest(['GET /index.html 200', ...records(0, 2)], tenant));
    expect(await response.json()).toEqual({});
    expect(processor.counters.unrecognised - before).toBe(1);
    expect(await stored()).toEqual([{ rows: 2, events: 2 }]);
    expect(await letters()).toEqual([]);
  });

  it('keeps a record that it should have understood as a dead letter and says so', async () => {
    const text = JSON.stringify(cloudTrailRecord(1, { eventName: null }));
    const response = await post(logsRequest([text, ...records(2, 4)], tenant));
    expect(response.status).toBe(200);
    const { partialSuccess } = (await response.json()) as { partialSuccess: PartialSuccess };
    expect(Number(partialSuccess.rejectedLogRecords)).toBe(1);
    expect(partialSuccess.errorMessage).toMatch(/dead_letters.*cloudtrail/);
    expect(await stored()).toEqual([{ rows: 2, events: 2 }]);
    const [letter, ...more] = await letters();
    expect(more).toEqual([]);
    expect(letter).toMatchObject({ source: 'cloudtrail' });
    expect(letter?.raw).toContain('"eventName":null');
    expect(letter?.reason).not.toBe('');
    expect(processor.counters.deadLetters.get('cloudtrail')).toBeGreaterThanOrEqual(1);
  });

  it('answers requests that are in flight when it closes, and stores what it acknowledges', async () => {
    const closing = await startProcessor({
      database: store.database,
      key: KEY,
      host: '127.0.0.1',
      otlpHttpPort: 0,
      logger: silentLogger,
    });
    const answers = Array.from({ length: 8 }, (_, i) =>
      post(logsRequest(records(i * 20, i * 20 + 20), tenant), closing.otlpHttp),
    );
    await Promise.race(answers);
    await Promise.all([closing.close(), closing.close()]);
    const statuses = (await Promise.allSettled(answers)).map((answer) =>
      answer.status === 'fulfilled' ? answer.value.status : 'refused',
    );
    const acknowledged = statuses.filter((status) => status === 200).length;
    expect(acknowledged).toBeGreaterThan(0);
    expect(await stored()).toEqual([{ rows: acknowledged * 20, events: acknowledged * 20 }]);
    await expect(post(logsRequest(records(0, 1)), closing.otlpHttp)).rejects.toThrow();
  });
});

describe('the pipeline', () => {
  const counters = new ProcessorCounts();
  const open = () => createGroupCommit({ database: store.database, logger: silentLogger, counters });
  let writer: ReturnType<typeof open>;
  beforeEach(() => {
    writer = open();
  });
  afterEach(() => writer.close());

  function batchOf(texts: readonly string[]): LogBatch {
    const decoded = texts.map((body) => Object.assign(newLogRecord(), { body }));
    return { records: decoded, encoding: 'json', receivedAt: Date.now(), body: Buffer.alloc(0) };
  }

  it('keeps a record that cannot be enriched as a dead letter and stores the others', async () => {
    const enrich = (({ event }) => {
      if (event.vendor_event_id.endsWith('3')) throw new Error('no such place');
      return event;
    }) satisfies Parameters<typeof createPipeline>[0]['enrich'];
    const accept = createPipeline({ normalize, enrich, writer, counters, tenant });
    const { rejected, reason } = await accept(batchOf(records(0, 10)));
    expect(rejected).toBe(1);
    expect(reason).toContain('no such place');
    expect(await stored()).toEqual([{ rows: 9, events: 9 }]);
    expect(await letters()).toMatchObject([
      { source: 'cloudtrail', reason: expect.stringContaining('no such place') },
    ]);
  });

  it('lets others have their turn while it works on a request of 10,000 records', async () => {
    const accept = createPipeline({ normalize, enrich: ({ event }) => event, writer, counters, tenant });
    const batch = batchOf(records(0, 10_000));
    const before = counters.inserts.count;
    let turns = 0;
    let working = true;
    const turn = (): void => {
      if (counters.inserts.count > before || writer.canStore === false) working = false;
      if (working) turns += 1;
      if (working) setImmediate(turn);
    };
    const answer = accept(batch);
    setImmediate(turn);
    expect(await answer).toEqual({ rejected: 0 });
    working = false;
    expect(turns).toBeGreaterThan(5);
    expect(await stored()).toEqual([{ rows: 10_000, events: 10_000 }]);
  });
});

describe.skipIf(process.env['VOUCHTRAIL_TEST_CLICKHOUSE_URL'] !== undefined)(
  'the processor, when the store is killed',
  () => {
    it('answers 503 with Retry-After, and stores what is sent again once', async () => {
      const request = logsRequest(records(0, 40), tenant);
      process.kill(store.embedded?.pid as number, 'SIGKILL');
      const refusal = await post(request);
      expect(refusal.status).toBe(503);
      expect(Number(refusal.headers.get('Retry-After'))).toBeGreaterThanOrEqual(1);
      expect(Number(refusal.headers.get('Retry-After'))).toBeLessThanOrEqual(2);
      expect(processor.canStore).toBe(false);
      let status = 503;
      for (let tries = 0; status === 503 && tries < 300; tries++) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        status = (await post(request)).status;
      }
      expect(status).toBe(200);
      expect(processor.canStore).toBe(true);
      expect(await stored()).toMatchObject([{ events: 40 }]);
      expect(processor.counters.requests.get(503)).toBeGreaterThanOrEqual(1);
    });
  },
);
