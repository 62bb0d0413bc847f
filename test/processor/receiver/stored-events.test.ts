import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Processor, startProcessor } from '../../../processor/processor.js';
import { PortInUseError } from '../../../processor/receiver/port-in-use-error.js';
import { migrate } from '../../../schema/store/migrate.js';
import { type TestStore, testStore } from '../../schema/store-fixture.js';
import { silentLogger } from '../export/silent-logger.js';
import { call } from './grpc-fixture.js';
import { emitWith, OFFICIAL_EXPORTERS } from './official-exporters.js';
import { until } from './receiver-fixture.js';

let store: TestStore;
let processor: Processor;

const options = () => ({
  database: store.database,
  key: 'a key for tests that is long enough',
  host: '127.0.0.1',
  otlpHttpPort: 0,
  otlpGrpcPort: 0,
  logger: silentLogger,
});

beforeAll(async () => {
  store = await testStore();
  await migrate(store.database);
  processor = await startProcessor(options());
});
afterAll(async () => {
  await processor?.close();
  await store?.close();
});

describe('the processor in front of a store', () => {
  it.each(OFFICIAL_EXPORTERS)(
    'has the events of @opentelemetry/$name in the store once they are exported',
    async ({ name, transport, create }) => {
      const url = transport === 'grpc' ? processor.otlpGrpc?.url : processor.otlpHttp.url;
      await emitWith(create(url as string, 'gzip'), ['one', 'two'], name);
      const sql = `
        SELECT toString(ts) AS time, activity, source, session_key, attributes['count'] AS count
        FROM events WHERE user_id = {name:String} ORDER BY count`;
      const { rows } = await store.database.query<{ session_key: string }>(sql, { name });
      const event = { time: '2025-10-09 08:53:20.123456789', activity: 'session_start', source: 'otel' };
      expect(rows).toMatchObject([
        { ...event, count: '0' },
        { ...event, count: '1' },
      ]);
      expect(new Set(rows.map(({ session_key: key }) => key)).size).toBe(2);
    },
  );

  it('counts calls over gRPC by the name of their status', async () => {
    const { otlpGrpc, counters } = processor;
    const receiver = { ...(otlpGrpc as { port: number; url: string }), close: async () => undefined };
    const before = counters.grpcRequests.get('INVALID_ARGUMENT') ?? 0;
    expect((await call(receiver, Buffer.from([1]))).status).toBe('INVALID_ARGUMENT');
    await until(() => counters.grpcRequests.get('INVALID_ARGUMENT') === before + 1);
    expect(counters.requests.get(400)).toBeUndefined();
  });

  it('listens for no gRPC without a port for it', async () => {
    const { otlpGrpcPort: _, ...withoutGrpc } = options();
    const other = await startProcessor(withoutGrpc);
    expect(other.otlpGrpc).toBeUndefined();
    await other.close();
  });

  it('says which setting chooses a port that is taken, and leaves nothing listening', async () => {
    const taken = processor.otlpGrpc?.port as number;
    const portSettings = { otlpHttp: 'HTTP_PORT', otlpGrpc: 'GRPC_PORT' };
    const failed = startProcessor({ ...options(), otlpGrpcPort: taken, portSettings });
    await expect(failed).rejects.toBeInstanceOf(PortInUseError);
    await expect(failed).rejects.toThrow('set GRPC_PORT to a free port');
    const other = startProcessor({ ...options(), otlpHttpPort: taken, portSettings });
    await expect(other).rejects.toThrow('set HTTP_PORT to a free port');
  });
});
