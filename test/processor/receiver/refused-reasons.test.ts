import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ProcessorCounts } from '../../../processor/counters.js';
import {
  createGroupCommit,
  type EventWriter,
  type GroupCommitOptions,
} from '../../../processor/export/group-commit.js';
import { normalize } from '../../../processor/normalize/normalize.js';
import { createPipeline } from '../../../processor/pipeline.js';
import type { EmbeddedStore } from '../../../schema/store/embedded/start.js';
import { migrate } from '../../../schema/store/migrate.js';
import { type TestStore, testStore } from '../../schema/store-fixture.js';
import { silentLogger } from '../export/silent-logger.js';
import { heldStore, type TestReceiver, until } from './receiver-fixture.js';
import { identityLogsRequest, seededRandom } from './sample-requests.js';
import { TRANSPORTS } from './transports.js';

const request = identityLogsRequest(10, seededRandom(71));
/** Who decoded it would refuse it for good. */
const garbage = Buffer.from('this is no request');

let store: TestStore;
let counters: ProcessorCounts;
let writer: EventWriter;
let tenants = 0;

beforeAll(async () => {
  store = await testStore();
  await migrate(store.database);
});
afterAll(() => store?.close());
afterEach(() => writer.close());

/** What receivers hand batches to: the real pipeline and writer in front of the real store. */
function startWriter(options: Pick<GroupCommitOptions, 'limits' | 'hindrance'> = {}) {
  counters = new ProcessorCounts();
  writer = createGroupCommit({ database: store.database, logger: silentLogger, counters, ...options });
  const tenant = `tenant ${++tenants}`;
  return createPipeline({ normalize, enrich: ({ event }) => event, writer, counters, tenant });
}

/** Why the latest request was refused, for metrics. */
async function refusedFor(receiver: TestReceiver<unknown>, requests = 1) {
  // Over gRPC a call ends when its stream is closed, which may be after the sender has its answer.
  await until(() => receiver.outcomes.length === requests);
  return receiver.outcomes.at(-1)?.refused;
}

/** Of the latest writer. */
async function eventsInStore(): Promise<number> {
  const sql = 'SELECT count() AS events FROM events WHERE tenant = {tenant:String}';
  const { rows } = await store.database.query<{ events: number }>(sql, { tenant: `tenant ${tenants}` });
  return rows[0]?.events ?? 0;
}

const acceptedEvents = () => [...counters.accepted.values()].reduce((sum, events) => sum + events, 0);

describe.each(TRANSPORTS)('$name, when it cannot store, says why', ({ start, encode, send }) => {
  const body = encode(request);
  afterEach(() => {
    expect(counters.queue).toEqual({ rows: 0, bytes: 0 });
  });

  it('that the disk is nearly full', async () => {
    const reason = 'The disk of /data is nearly full: 1 MiB are free, and 512 MiB must stay free.';
    const receiver = await start({ accept: startWriter({ hindrance: { reason } }) });
    expect(await send(receiver, body)).toMatchObject({
      status: 'UNAVAILABLE',
      retryAfterSeconds: 2,
      message: expect.stringContaining(reason),
    });
    expect(await refusedFor(receiver)).toBe('disk_full');
    expect((await send(receiver, garbage)).message).toContain(reason);
    expect(acceptedEvents()).toBe(0);
  });

  it('that it is shutting down', async () => {
    const receiver = await start({ accept: startWriter() });
    await writer.close();
    expect(await send(receiver, body)).toMatchObject({
      status: 'UNAVAILABLE',
      retryAfterSeconds: 1,
      message: expect.stringContaining('shutting down'),
    });
    expect(await refusedFor(receiver)).toBe('draining');
  });

  it('that the queue is full', async () => {
    const receiver = await start({ accept: startWriter({ limits: { queueRows: 10, gatherMs: 60_000 } }) });
    const held = writer.begin(10, 1000);
    expect(await send(receiver, body)).toMatchObject({
      status: 'UNAVAILABLE',
      retryAfterSeconds: 1,
      message: expect.stringContaining('queue is full: 10 records'),
    });
    expect(await refusedFor(receiver)).toBe('queue_full');
    expect((await send(receiver, garbage)).message).toContain('queue is full');
    expect(acceptedEvents()).toBe(0);
    held.abandon();
  });

  describe.skipIf(process.env['VOUCHTRAIL_TEST_CLICKHOUSE_URL'] !== undefined)('and the store', () => {
    it('that it is too slow or does not answer, to those who wait and to those who come later', async () => {
      const receiver = await start({ accept: startWriter({ limits: { insertTimeoutMs: 300 } }) });
      const { pid } = store.embedded as EmbeddedStore & { pid: number };
      process.kill(pid, 'SIGSTOP');
      try {
        for (const [requests, sent] of [body, garbage].entries()) {
          expect(await send(receiver, sent)).toMatchObject({
            status: 'UNAVAILABLE',
            retryAfterSeconds: 1,
            message: expect.stringMatching(/store cannot take events now.* took over 300 ms\. Send/),
          });
          expect(await refusedFor(receiver, requests + 1)).toBe('store_down');
        }
        expect(acceptedEvents()).toBe(0);
      } finally {
        process.kill(pid, 'SIGCONT');
      }
      await until(() => writer.canStore);
    });
  });
});

describe.each(TRANSPORTS)('$name', ({ start, encode, send }) => {
  const body = encode(request);

  it('counts as accepted what is in the store, once it is there, and nothing that was refused', async () => {
    const receiver = await start({ accept: startWriter({ limits: { queueRows: 25 } }) });
    const held = writer.begin(20, 1000);
    expect((await send(receiver, body)).status).toBe('UNAVAILABLE');
    expect(acceptedEvents()).toBe(0);
    held.abandon();
    const others = [1, 2, 3, 4, 5, 6].map((seed) => encode(identityLogsRequest(10, seededRandom(seed))));
    const replies = await Promise.all(others.map((other) => send(receiver, other)));
    const taken = replies.filter(({ status }) => status === 'OK').length;
    expect(taken).toBeGreaterThan(0);
    expect(acceptedEvents()).toBe(await eventsInStore());
    expect(acceptedEvents()).toBeGreaterThan(0);
    await until(() => receiver.outcomes.length === 7);
    const reasons = receiver.outcomes.map(({ refused }) => refused);
    expect(reasons.filter((reason) => reason === undefined)).toHaveLength(taken);
    expect(new Set(reasons)).toEqual(new Set([undefined, 'queue_full']));
  });

  it('tells metrics why it refused, and of what it took, nothing', async () => {
    const { accept, open } = heldStore();
    const limits = { maxBodyBytes: 4 * body.length, maxBytesInFlight: 2 * body.length };
    const receiver = await start({ accept, limits });
    startWriter();
    await send(receiver, body.subarray(0, body.length - 5));
    expect(await refusedFor(receiver)).toBe('malformed');
    await send(receiver, Buffer.alloc(5 * body.length));
    expect(await refusedFor(receiver, 2)).toBe('too_large');
    const first = send(receiver, body);
    await until(() => receiver.batches.length === 1);
    await send(receiver, body);
    expect(await refusedFor(receiver, 3)).toBe('memory');
    open();
    await first;
    expect(await refusedFor(receiver, 4)).toBeUndefined();
  });

  it('tells metrics of a fault of its own as such', async () => {
    const receiver = await start({ accept: () => Promise.reject(new TypeError('a fault of ours')) });
    startWriter();
    expect((await send(receiver, body)).message).not.toContain('fault of ours');
    expect(await refusedFor(receiver)).toBe('fault');
  });
});
