import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Processor, startProcessor } from '../../../processor/processor.js';
import { RetryLaterError } from '../../../processor/receiver/retry-later-error.js';
import { migrate } from '../../../schema/store/migrate.js';
import { type TestStore, testStore } from '../../schema/store-fixture.js';
import { silentLogger } from '../export/silent-logger.js';
import { call, startGrpcReceiver } from './grpc-fixture.js';
import { encodeLogsRequest } from './otlp-descriptor.js';
import { PROTOBUF, send, startReceiver, until } from './receiver-fixture.js';
import { identityLogsRequest, seededRandom } from './sample-requests.js';

const body = encodeLogsRequest(identityLogsRequest(6, seededRandom(91)));
const broken = Buffer.from('no records');

describe('what is counted', () => {
  let store: TestStore;
  let processor: Processor;
  beforeAll(async () => {
    store = await testStore();
    await migrate(store.database);
  });
  afterAll(() => store?.close());
  afterEach(() => processor.close());

  async function start(hindrance: { reason: string | undefined } = { reason: undefined }): Promise<void> {
    processor = await startProcessor({
      host: '127.0.0.1',
      otlpHttpPort: 0,
      otlpGrpcPort: 0,
      database: store.database,
      key: 'a key of thirty-two characters or more',
      logger: silentLogger,
      hindrance,
    });
  }

  const overHttp = async (message: Buffer) =>
    (await send({ ...processor.otlpHttp, close: async () => undefined }, PROTOBUF, message)).status;
  const overGrpc = async (message: Buffer) => {
    const receiver = { port: 0, url: '', ...processor.otlpGrpc, close: async () => undefined };
    return (await call(receiver, message)).status;
  };
  const sum = (counts: ReadonlyMap<string, number>) =>
    [...counts.values()].reduce((all, one) => all + one, 0);
  const stored = async () => {
    const { rows } = await store.database.query<{ n: number }>('SELECT toUInt32(count()) AS n FROM events');
    return rows[0]?.n ?? 0;
  };

  it('is accepted only once it is in the store, and refused by the reason, over both transports', async () => {
    const hindrance: { reason: string | undefined } = { reason: 'The disk is nearly full.' };
    await start(hindrance);
    expect([await overHttp(body), await overGrpc(body), await overHttp(broken)]).toEqual([
      503,
      'UNAVAILABLE',
      503,
    ]);
    await until(() => sum(processor.counters.refused) === 3);
    expect(sum(processor.counters.accepted)).toBe(0);
    expect(await stored()).toBe(0);

    hindrance.reason = undefined;
    expect([await overHttp(broken), await overGrpc(broken)]).toEqual([400, 'INVALID_ARGUMENT']);
    await until(() => sum(processor.counters.refused) === 5);
    expect(sum(processor.counters.accepted)).toBe(0);

    expect([await overHttp(body), await overGrpc(body)]).toEqual([200, 'OK']);
    expect(sum(processor.counters.accepted)).toBe(await stored());
    expect(await stored()).toBeGreaterThan(0);
    expect(Object.fromEntries(processor.counters.refused)).toEqual({ disk_full: 3, malformed: 2 });
  });
});

/** Each reason that a request may be refused for, and what brings it about. */
const reasons = {
  fault: () => Promise.reject(new TypeError('a fault of ours')),
  next_receiver: () => Promise.reject(new RetryLaterError('It is slow.', 1, { reason: 'next_receiver' })),
  other: () => Promise.reject(new RetryLaterError('Nobody said why.')),
  queue_full: () => Promise.reject(new RetryLaterError('It is full.', 1, { reason: 'queue_full' })),
  store_down: () => Promise.reject(new RetryLaterError('It is down.', 1, { reason: 'store_down' })),
};

describe('the reason of a refusal', () => {
  it.each(Object.entries(reasons))('is %s over either transport', async (reason, accept) => {
    const [http, grpc] = [await startReceiver({ accept }), await startGrpcReceiver({ accept })];
    expect((await send(http, PROTOBUF, body)).status).toBe(503);
    expect((await call(grpc, body)).status).toBe('UNAVAILABLE');
    await until(() => http.outcomes.length + grpc.outcomes.length === 2);
    expect([http.outcomes[0]?.refused, grpc.outcomes[0]?.refused]).toEqual([reason, reason]);
  });

  it('is that of the request where the request is at fault', async () => {
    const limits = { maxBodyBytes: body.length };
    const [http, grpc] = [await startReceiver({ limits }), await startGrpcReceiver({ limits })];
    const large = Buffer.alloc(body.length + 1);
    await send(http, PROTOBUF, large);
    await call(grpc, large);
    await send(http, { 'Content-Type': 'text/plain' }, body);
    await call(grpc, body, {
      headers: { ':path': '/opentelemetry.proto.collector.trace.v1.TraceService/Export' },
    });
    await until(() => http.outcomes.length + grpc.outcomes.length === 4);
    for (const { outcomes } of [http, grpc]) {
      expect(outcomes.map(({ refused }) => refused)).toEqual(['too_large', 'unsupported']);
    }
  });

  it('is none for what is taken', async () => {
    const [http, grpc] = [await startReceiver(), await startGrpcReceiver()];
    await send(http, PROTOBUF, body);
    await call(grpc, body);
    await until(() => http.outcomes.length + grpc.outcomes.length === 2);
    expect([http.outcomes[0]?.refused, grpc.outcomes[0]?.refused]).toEqual([undefined, undefined]);
  });
});
