import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { ForwardProtocol } from '../../../processor/forward/forward-options.js';
import { type Processor, type ProcessorOptions, startProcessor } from '../../../processor/processor.js';
import { migrate } from '../../../schema/store/migrate.js';
import { type TestStore, testStore } from '../../schema/store-fixture.js';
import { cloudTrailRecord, logsRequest } from '../cloudtrail-record.js';
import { silentLogger } from '../export/silent-logger.js';
import { decodeProtobuf, plain } from '../receiver/decoded-records.js';
import { call } from '../receiver/grpc-fixture.js';
import { decodePartialSuccess, encodeLogsRequest, LogsRequestType } from '../receiver/otlp-descriptor.js';
import { type Answer, JSON_TYPE, PROTOBUF, send, until } from '../receiver/receiver-fixture.js';
import { seededRandom } from '../receiver/sample-requests.js';
import { disturb } from '../receiver/wire-disturbance.js';
import { type NextReceiver, type Refusal, startNextReceiver } from './next-receiver.js';
import { wireFields } from './wire-fields.js';

const KEY = 'a key for tests that is long enough';
const QUICK = { firstBackoffMs: 40, mostBackoffMs: 80, timeoutMs: 2_000 };
const PROTOCOLS: ForwardProtocol[] = ['http/protobuf', 'grpc'];
const busy: Refusal = {
  http: { status: 503, retryAfter: '1', message: 'busy' },
  grpc: { code: status.UNAVAILABLE, retrySeconds: 1, message: 'busy' },
};
const refusal: Refusal = {
  http: { status: 400, message: 'no such colour' },
  grpc: { code: status.INVALID_ARGUMENT, message: 'no such colour' },
};

let store: TestStore;
beforeAll(async () => {
  store = await testStore();
  await migrate(store.database);
});
afterAll(() => store?.close());

/** Starts a processor in front of a receiver, with the store or without; it ends with the test. */
async function startStage(next: NextReceiver, where: 'stored' | 'forwarded only'): Promise<Processor> {
  const options: ProcessorOptions = {
    ...(where === 'stored' ? { database: store.database } : {}),
    key: KEY,
    host: '127.0.0.1',
    otlpHttpPort: 0,
    otlpGrpcPort: 0,
    logger: silentLogger,
    forward: { url: next.url, protocol: next.protocol, version: '0', limits: QUICK },
  };
  const processor = await startProcessor(options);
  onTestFinished(() => processor.close());
  return processor;
}

const texts = (...ids: number[]) => ids.map((id) => JSON.stringify(cloudTrailRecord(id)));

/** A protobuf request of these bodies from a resource of this tenant, with fields of which nothing knows at every level. */
function strangeRequest(bodies: readonly string[], tenant: string): Buffer {
  const request = JSON.parse(logsRequest(bodies, tenant));
  const [group] = request.resourceLogs;
  group.schemaUrl = 'https://example.com/resource';
  group.resource.droppedAttributesCount = 7;
  group.scopeLogs[0].schemaUrl = 'https://example.com/scope';
  group.scopeLogs[0].scope = { name: 'receiver', version: '2', droppedAttributesCount: 8 };
  for (const record of group.scopeLogs[0].logRecords)
    Object.assign(record, { droppedAttributesCount: 9, flags: 0x1ff });
  return disturb(encodeLogsRequest(request), LogsRequestType, seededRandom(bodies.length));
}

/** The fields of each record in a request, in hex. */
function recordFields(request: Buffer): string[][] {
  return decodeProtobuf(request).records.map(({ byteRange: { start, end } }) =>
    wireFields(request.subarray(start, end)).map(({ bytes }) => bytes.toString('hex')),
  );
}

/** What a request holds around its records: every field that is none and holds none. */
function around(request: Buffer, depth = 0): string[] {
  return wireFields(request).flatMap(({ number, wire, bytes, content }) => {
    if (wire !== 2 || number !== (depth === 0 ? 1 : 2)) return [bytes.toString('hex')];
    return depth === 2 ? [] : around(content, depth + 1);
  });
}

function post(stage: Processor, body: Buffer | string): Promise<Answer> {
  return send(
    { ...stage.otlpHttp, close: async () => {} },
    typeof body === 'string' ? JSON_TYPE : PROTOBUF,
    body,
  );
}

async function storedEvents(tenant: string): Promise<number> {
  const sql = 'SELECT toUInt32(uniqExact(event_id)) AS events FROM events WHERE tenant = {tenant:String}';
  return (await store.database.query<{ events: number }>(sql, { tenant })).rows[0]?.events ?? 0;
}

describe.each(PROTOCOLS)('a stage before a receiver over %s', (protocol) => {
  describe.each(['stored', 'forwarded only'] as const)('whose events are %s', (where) => {
    it('hands every record on, enriched if it is about identity, with every byte that came', async () => {
      const next = await startNextReceiver(protocol);
      const stage = await startStage(next, where);
      const tenant = `survival ${protocol} ${where}`;
      const request = strangeRequest(['GET /index.html 200', ...texts(1, 2), 'not for us'], tenant);
      const answer = await post(stage, request);
      expect([answer.status, answer.body.length]).toEqual([200, 0]);

      const forwarded = next.arrived[0]?.body as Buffer;
      expect(around(forwarded)).toEqual(around(request));
      const [came, left] = [recordFields(request), recordFields(forwarded)];
      expect(left.map((fields, i) => fields.slice(0, came[i]?.length))).toEqual(came);
      expect(left.map((fields, i) => fields.length > (came[i]?.length ?? 0))).toEqual([
        false,
        true,
        true,
        false,
      ]);
      const { records } = decodeProtobuf(forwarded);
      expect(records[1]?.attributes).toMatchObject({
        'vouchtrail.source': 'cloudtrail',
        'vouchtrail.activity': 'access',
        'user_agent.name': 'Firefox',
        'log.record.uid': 'aaaaaaaa-bbbb-4ccc-8ddd-000000000001',
        'vouchtrail.session.key': expect.stringMatching(/^[0-9a-f]{32}$/),
      });
      expect(plain(records.slice(0, 1))).toEqual(plain(decodeProtobuf(request).records.slice(0, 1)));

      expect(await storedEvents(tenant)).toBe(where === 'stored' ? 2 : 0);
      expect(stage.counters.forward).toMatchObject({ records: 4, refused: 0, retried: 0 });
      expect(stage.counters.unrecognised).toBe(2);
    });

    it('takes records over gRPC, too', async () => {
      const next = await startNextReceiver(protocol);
      const stage = await startStage(next, where);
      const request = strangeRequest(texts(1), `grpc ${protocol} ${where}`);
      const answer = await call(
        { ...(stage.otlpGrpc as Processor['otlpHttp']), close: async () => {} },
        request,
      );
      expect(answer.status).toBe('OK');
      expect(decodeProtobuf(next.arrived[0]?.body as Buffer).records).toHaveLength(1);
    });

    it('acknowledges no earlier than the receiver does', async () => {
      const next = await startNextReceiver(protocol);
      let release = () => {};
      const held = new Promise<'taken'>((resolve) => {
        release = () => resolve('taken');
      });
      next.answer = () => held;
      const stage = await startStage(next, where);
      const tenant = `waiting ${protocol} ${where}`;
      let acknowledged = false;
      const answer = post(stage, logsRequest(texts(1), tenant)).then(({ status }) => {
        acknowledged = true;
        return status;
      });
      await until(() => next.busy === 1);
      // The store comes first: what it does not take is not forwarded.
      expect(await storedEvents(tenant)).toBe(where === 'stored' ? 1 : 0);
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(acknowledged).toBe(false);
      release();
      expect(await answer).toBe(200);
    });

    it('answers 503 while the receiver is busy, at once and without another try, and each event counts once', async () => {
      const next = await startNextReceiver(protocol);
      next.answer = () => busy;
      const stage = await startStage(next, where);
      const tenant = `busy ${protocol} ${where}`;
      const request = logsRequest(texts(1, 2), tenant);
      for (let i = 0; i < 3; i++) {
        const { status, headers } = await post(stage, request);
        expect(status).toBe(503);
        expect(headers['retry-after']).toBe('1');
      }
      expect(next.arrived).toHaveLength(1);
      expect(stage.canForward).toBe(false);
      expect(stage.counters.forward).toMatchObject({ records: 0, retried: 6 });
      expect(stage.counters.refused).toEqual(new Map([['next_receiver', 3]]));
      // What would not be forwarded is not stored again and again meanwhile.
      expect(stage.counters.inserts.count).toBe(where === 'stored' ? 1 : 0);
      next.answer = () => 'taken';
      await until(() => stage.canForward);
      expect((await post(stage, request)).status).toBe(200);
      expect(await storedEvents(tenant)).toBe(where === 'stored' ? 2 : 0);
      expect(stage.counters.forward).toMatchObject({ records: 2, refused: 0 });
      expect(stage.counters.queue).toEqual({ rows: 0, bytes: 0 });
    });

    it('loses nothing while the receiver is gone: who sends until it is acknowledged finds it there', async () => {
      const next = await startNextReceiver(protocol);
      const stage = await startStage(next, where);
      const tenant = `gone ${protocol} ${where}`;
      await next.stop();
      let answered = 0;
      const sender = async (id: number) => {
        for (;;) {
          const { status } = await post(stage, logsRequest(texts(id), tenant));
          answered += 1;
          if (status === 200) return;
          expect(status).toBe(503);
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      };
      const senders = Promise.all([1, 2, 3, 4, 5].map(sender));
      await until(() => answered >= 10);
      await next.start();
      await senders;
      const bodies = next.arrived.map(({ body }) => body.toString('latin1')).join();
      for (const id of [1, 2, 3, 4, 5]) expect(bodies).toContain(`4ccc-8ddd-00000000000${id}`);
      expect(await storedEvents(tenant)).toBe(where === 'stored' ? 5 : 0);
    });

    it('says what the receiver refuses for good, in its words', async () => {
      const next = await startNextReceiver(protocol);
      next.answer = () => refusal;
      const stage = await startStage(next, where);
      const tenant = `refused ${protocol} ${where}`;
      const answer = await post(stage, strangeRequest(texts(1, 2), tenant));
      expect(answer.status).toBe(200);
      expect(decodePartialSuccess(answer.body)).toEqual({
        rejected: 2,
        message: expect.stringContaining('no such colour'),
      });
      expect(await storedEvents(tenant)).toBe(where === 'stored' ? 2 : 0);
    });

    it('answers what is under way when it closes', async () => {
      const next = await startNextReceiver(protocol);
      next.answer = () => new Promise((resolve) => setTimeout(() => resolve('taken'), 200));
      const stage = await startStage(next, where);
      const answer = post(stage, logsRequest(texts(1), `closing ${protocol} ${where}`));
      await until(() => next.busy === 1);
      await stage.close();
      expect((await answer).status).toBe(200);
    });
  });
});
