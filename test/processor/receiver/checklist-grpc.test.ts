import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { RetryLaterError } from '../../../processor/receiver/retry-later-error.js';
import {
  answerOf,
  beginCall,
  call,
  exportThrough,
  frame,
  newClient,
  openSession,
  startGrpcReceiver,
} from './grpc-fixture.js';
import { encodeLogsRequest } from './otlp-descriptor.js';
import { heldStore, until } from './receiver-fixture.js';
import { identityLogsRequest, seededRandom } from './sample-requests.js';

const body = encodeLogsRequest(identityLogsRequest(3, seededRandom(31)));

describe('OTLP/gRPC', () => {
  it('serves LogsService/Export: one message in, one response and the status OK in trailers', async () => {
    const receiver = await startGrpcReceiver();
    const answer = await call(receiver, body);
    expect(answer).toMatchObject({ status: 'OK', trailersOnly: false, details: undefined });
    expect(answer.headers).toMatchObject({ ':status': 200, 'content-type': 'application/grpc+proto' });
    expect(answer.body).toHaveLength(0);
    expect(receiver.batches).toMatchObject([{ encoding: 'protobuf', body }]);
    expect(receiver.batches[0]?.records).toHaveLength(3);
  });

  it('says which encodings of messages it takes', async () => {
    const receiver = await startGrpcReceiver();
    expect((await call(receiver, body)).headers['grpc-accept-encoding']).toBe('identity,gzip');
  });

  it('takes a message that is not compressed from a sender that compresses others', async () => {
    const receiver = await startGrpcReceiver();
    const stream = beginCall(openSession(receiver), { 'grpc-encoding': 'gzip' });
    stream.end(frame(body, false));
    expect((await answerOf(stream)).status).toBe('OK');
    expect(receiver.batches[0]?.body).toEqual(body);
  });

  it.each([
    ['deflate', deflateSync(body)],
    ['snappy', body],
  ])('MUST answer a message in an encoding that it does not know with UNIMPLEMENTED: %s', async (...row) => {
    const [encoding, message] = row;
    const receiver = await startGrpcReceiver();
    const stream = beginCall(openSession(receiver), { 'grpc-encoding': encoding });
    stream.end(frame(message, true));
    const answer = await answerOf(stream);
    expect(answer).toMatchObject({ status: 'UNIMPLEMENTED', trailersOnly: true });
    expect(answer.message).toContain(`"${encoding}"`);
    expect(answer.headers['grpc-accept-encoding']).toBe('identity,gzip');
    expect(receiver.batches).toEqual([]);
  });

  it.each([
    ['as it comes', false, body],
    ['decompressed', true, gzipSync(body)],
  ])(
    'MUST answer a message beyond the limit, %s, with RESOURCE_EXHAUSTED and no RetryInfo, so that it is dropped',
    async (_, compressed, message) => {
      const receiver = await startGrpcReceiver({ limits: { maxBodyBytes: body.length - 1 } });
      const stream = beginCall(openSession(receiver), { 'grpc-encoding': 'gzip' });
      stream.end(frame(message, compressed));
      const answer = await answerOf(stream);
      expect(answer).toMatchObject({ status: 'RESOURCE_EXHAUSTED', details: undefined, trailersOnly: true });
      expect(answer.message).toContain(String(body.length - 1));
    },
  );

  it('answers a message beyond the limit as soon as its length is known', async () => {
    const receiver = await startGrpcReceiver();
    const stream = beginCall(openSession(receiver));
    stream.write(Buffer.from([0, 0xff, 0xff, 0xff, 0xff]));
    expect((await answerOf(stream)).status).toBe('RESOURCE_EXHAUSTED');
  });

  it.each([
    [2, { seconds: 2 }],
    [0.25, { nanos: 250_000_000 }],
  ])(
    'answers what could not be stored now with UNAVAILABLE and RetryInfo: %s s',
    async (seconds, retryDelay) => {
      const receiver = await startGrpcReceiver({
        accept: () => Promise.reject(new RetryLaterError('the store is down', seconds)),
      });
      const answer = await call(receiver, body);
      expect(answer).toMatchObject({ status: 'UNAVAILABLE', trailersOnly: true });
      expect(answer.details).toEqual({
        code: 14,
        message: answer.message,
        details: { RetryInfo: { retryDelay } },
      });
      expect(receiver.errors).toEqual([]);
    },
  );

  it('answers an unexpected failure with UNAVAILABLE, as senders drop a batch after INTERNAL, and logs it', async () => {
    const failure = new TypeError('a fault of ours');
    const receiver = await startGrpcReceiver({
      accept: () => {
        throw failure;
      },
    });
    const answer = await call(receiver, body);
    expect(answer.status).toBe('UNAVAILABLE');
    expect(answer.details?.details).toEqual({ RetryInfo: { retryDelay: { seconds: 2 } } });
    expect(answer.message).not.toContain('fault of ours');
    expect(receiver.errors).toEqual([{ err: failure }]);
  });

  it.each([
    ['protobuf that is cut off', body.subarray(0, 100), false],
    ['gzip that is none', body, true],
    ['gzip that is cut off', gzipSync(body).subarray(0, 50), true],
    ['gzip of nothing', Buffer.alloc(0), true],
  ])('answers bad data with INVALID_ARGUMENT and a BadRequest: %s', async (_, message, compressed) => {
    const receiver = await startGrpcReceiver();
    const stream = beginCall(openSession(receiver), { 'grpc-encoding': 'gzip' });
    stream.end(frame(message, compressed));
    const answer = await answerOf(stream);
    expect(answer).toMatchObject({ status: 'INVALID_ARGUMENT', trailersOnly: true });
    expect(answer.details).toMatchObject({
      code: 3,
      message: answer.message,
      details: { BadRequest: { fieldViolations: [{ field: 'body', description: expect.any(String) }] } },
    });
    expect(receiver.batches).toEqual([]);
  });

  it.each([
    ['trace.v1.TraceService', true],
    ['metrics.v1.MetricsService', true],
    ['profiles.v1development.ProfilesService', true],
    ['logs.v2.LogsService', false],
  ])(
    'answers %s with UNIMPLEMENTED in trailers only, for which nobody tries again',
    async (service, counted) => {
      const receiver = await startGrpcReceiver();
      const headers = { ':path': `/opentelemetry.proto.collector.${service}/Export` };
      const answer = await call(receiver, body, { headers });
      expect(answer).toMatchObject({ status: 'UNIMPLEMENTED', trailersOnly: true, details: undefined });
      await until(() => receiver.outcomes.length === (counted ? 1 : 0));
      expect(receiver.batches).toEqual([]);
    },
  );

  it('goes on to serve logs on a connection that is full of large traces', async () => {
    const receiver = await startGrpcReceiver();
    const session = openSession(receiver);
    const path = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
    const traces = Array.from({ length: 20 }, () => {
      const stream = beginCall(session, { ':path': path });
      stream.end(frame(Buffer.alloc(1_000_000)));
      return answerOf(stream);
    });
    const logs = beginCall(session);
    logs.end(frame(body));
    expect((await answerOf(logs)).status).toBe('OK');
    for (const { status } of await Promise.all(traces)) expect(status).toBe('UNIMPLEMENTED');
  });

  it('honours grpc-timeout: answers DEADLINE_EXCEEDED while a batch is still being stored', async () => {
    const store = heldStore();
    const receiver = await startGrpcReceiver({ accept: store.accept });
    const answer = await call(receiver, body, { headers: { 'grpc-timeout': '100m' } });
    expect(answer.status).toBe('DEADLINE_EXCEEDED');
    await until(() => receiver.outcomes.length === 1);
    expect(receiver.outcomes[0]).toMatchObject({ status: 'DEADLINE_EXCEEDED', records: 3 });
    store.open();
  });

  it('stores nothing of a message that became whole after its deadline', async () => {
    const receiver = await startGrpcReceiver();
    const stream = beginCall(openSession(receiver), { 'grpc-timeout': '100m' });
    stream.write(frame(body));
    expect((await answerOf(stream)).status).toBe('DEADLINE_EXCEEDED');
    stream.end();
    expect((await call(receiver, body)).status).toBe('OK');
    expect(receiver.batches).toHaveLength(1);
  });

  it('serves many calls at once on one connection, each answered when its own batch is stored', async () => {
    const waiting = new Map<string, () => void>();
    const receiver = await startGrpcReceiver({
      accept: ({ records }) =>
        new Promise((resolve) => {
          waiting.set(records[0]?.eventName ?? '', () => resolve({ rejected: 0 }));
        }),
    });
    const client = newClient(receiver, { 'grpc.default_compression_algorithm': 2 });
    const names = Array.from({ length: 50 }, (_, i) => `call-${i}`);
    const answered: string[] = [];
    for (const eventName of names) {
      const message = encodeLogsRequest({ resourceLogs: [{ scopeLogs: [{ logRecords: [{ eventName }] }] }] });
      exportThrough(client, message).then((status) => answered.push(`${eventName} ${status}`));
    }
    await until(() => waiting.size === 50);
    for (const [i, name] of names.reverse().entries()) {
      waiting.get(name)?.();
      await until(() => answered.length > i);
    }
    expect(answered).toEqual(names.map((name) => `${name} OK`));
  });

  it('lets a connection carry no more calls at once than its limit; the others wait at the sender', async () => {
    const store = heldStore();
    const receiver = await startGrpcReceiver({
      limits: { maxStreamsPerConnection: 4 },
      accept: store.accept,
    });
    const client = newClient(receiver);
    // The first call brings the settings.
    const first = exportThrough(client, body);
    await until(() => receiver.batches.length === 1);
    const others = Array.from({ length: 9 }, () => exportThrough(client, body));
    await until(() => receiver.batches.length === 4);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(receiver.batches).toHaveLength(4);
    store.open();
    expect(new Set(await Promise.all([first, ...others]))).toEqual(new Set(['OK']));
    expect(receiver.batches).toHaveLength(10);
  });

  it('tells how each call ended, by the name of its status', async () => {
    const receiver = await startGrpcReceiver();
    await call(receiver, body, { gzip: true });
    await call(receiver, Buffer.from([1]));
    const left = beginCall(openSession(receiver));
    left.write(Buffer.from([0, 0, 0]), () => left.close(8));
    await until(() => receiver.outcomes.length === 3);
    expect(receiver.outcomes).toMatchObject([
      { status: 'OK', records: 3, bytes: gzipSync(body).length + 5, notes: { records: 3, invalidUtf8: 0 } },
      { status: 'INVALID_ARGUMENT', records: 0, bytes: 6, notes: undefined },
      { status: 'CANCELLED', records: 0, notes: undefined },
    ]);
    for (const { seconds } of receiver.outcomes) expect(seconds).toBeGreaterThan(0);
  });
});
