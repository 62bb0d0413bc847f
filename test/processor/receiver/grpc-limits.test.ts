import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
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

const small = encodeLogsRequest(identityLogsRequest(1, seededRandom(51)));
const body = encodeLogsRequest(identityLogsRequest(100, seededRandom(52)));
const RETRY_SOON = { RetryInfo: { retryDelay: { seconds: 1 } } };

describe('limits of the OTLP/gRPC receiver', () => {
  it('answers UNAVAILABLE while calls under way hold the memory there is, and takes calls again afterwards', async () => {
    const store = heldStore();
    const limits = { maxBytesInFlight: body.length };
    const receiver = await startGrpcReceiver({ limits, accept: store.accept });
    const first = call(receiver, body);
    await until(() => receiver.batches.length === 1);
    for (const gzip of [false, true]) {
      const answer = await call(receiver, body, { gzip });
      expect(answer).toMatchObject({ status: 'UNAVAILABLE', trailersOnly: true });
      expect(answer.details?.details).toEqual(RETRY_SOON);
    }
    expect(receiver.batches).toHaveLength(1);
    store.open();
    expect((await first).status).toBe('OK');
    expect((await call(receiver, body)).status).toBe('OK');
  });

  it('reserves each byte as it arrives, not only once a message is whole', async () => {
    const limits = { maxBytesInFlight: 400_000 };
    const receiver = await startGrpcReceiver({ limits });
    const session = openSession(receiver);
    const begun = Array.from({ length: 8 }, () => {
      const stream = beginCall(session);
      // Of 10 MB.
      stream.write(Buffer.concat([Buffer.from([0, 0, 0x98, 0x96, 0x80]), Buffer.alloc(100_000)]));
      return answerOf(stream);
    });
    let refused = 0;
    for (const answer of begun) {
      answer.then(({ status }) => {
        expect(status).toBe('UNAVAILABLE');
        refused++;
      });
    }
    // As many go on as have room, and none of the others waits for its message to be whole.
    await until(() => refused >= 4);
    session.destroy();
    await until(() => receiver.outcomes.length === 8);
    expect((await call(receiver, body)).status).toBe('OK');
  });

  it('refuses a call before anything of its message is read while there is no room', async () => {
    const store = heldStore();
    const receiver = await startGrpcReceiver({ limits: { maxBytesInFlight: 10 }, accept: store.accept });
    const first = call(receiver, small);
    await until(() => receiver.batches.length === 1);
    expect((await answerOf(beginCall(openSession(receiver)))).status).toBe('UNAVAILABLE');
    store.open();
    expect((await first).status).toBe('OK');
  });

  it('answers UNAVAILABLE, not RESOURCE_EXHAUSTED, to gzip that fits its own limit but not what is free now', async () => {
    const store = heldStore();
    const receiver = await startGrpcReceiver({
      limits: { maxBytesInFlight: body.length },
      accept: store.accept,
    });
    const first = call(receiver, small);
    await until(() => receiver.batches.length === 1);
    const answer = await call(receiver, body, { gzip: true });
    expect(answer.status).toBe('UNAVAILABLE');
    expect(answer.details?.details).toEqual(RETRY_SOON);
    store.open();
    expect((await first).status).toBe('OK');
  });

  it('never refuses a call that is alone for want of memory, which would send it round for ever', async () => {
    const receiver = await startGrpcReceiver({ limits: { maxBytesInFlight: 10 } });
    for (const gzip of [false, true]) {
      expect((await call(receiver, body, { gzip })).status).toBe('OK');
      await until(() => receiver.outcomes.length > 0);
    }
  });

  it('gives back the memory of a sender that leaves', async () => {
    const limits = { maxBytesInFlight: 3 * body.length };
    const receiver = await startGrpcReceiver({ limits });
    const session = openSession(receiver);
    beginCall(session).write(frame(Buffer.alloc(3 * body.length)).subarray(0, 3 * body.length - 10_000));
    await untilStatus('UNAVAILABLE', () => call(receiver, body));
    session.destroy();
    await untilStatus('OK', () => call(receiver, body));
  });

  it('holds the memory of a batch for as long as it is being stored, even if its sender leaves', async () => {
    const store = heldStore();
    const receiver = await startGrpcReceiver({ limits: { maxBytesInFlight: 10 }, accept: store.accept });
    const session = openSession(receiver);
    beginCall(session).end(frame(small));
    await until(() => receiver.batches.length === 1);
    session.destroy();
    await until(() => receiver.outcomes.length === 1);
    expect(receiver.outcomes[0]?.status).toBe('CANCELLED');
    expect((await call(receiver, small)).status).toBe('UNAVAILABLE');
    store.open();
    await untilStatus('OK', () => call(receiver, small));
  });

  it('answers UNAVAILABLE to a message that comes too slowly, and ends its stream', async () => {
    const receiver = await startGrpcReceiver({ limits: { requestTimeoutMs: 200 } });
    const session = openSession(receiver);
    const stream = beginCall(session);
    stream.write(frame(body).subarray(0, 10));
    const drip = setInterval(() => stream.writable && stream.write('x'), 50);
    const answer = await answerOf(stream);
    clearInterval(drip);
    expect(answer).toMatchObject({ status: 'UNAVAILABLE', message: expect.stringContaining('0.2 s') });
    expect(answer.details?.details).toEqual(RETRY_SOON);
    expect(stream.destroyed).toBe(true);
    // A sender that never says that its message was the last one is no better.
    const unended = beginCall(session);
    unended.write(frame(small));
    expect((await answerOf(unended)).status).toBe('UNAVAILABLE');
    expect(receiver.batches).toEqual([]);
  });

  it('ends the stream of a call that was refused while its sender still sends', async () => {
    const receiver = await startGrpcReceiver({ limits: { maxBodyBytes: 1000 } });
    const stream = beginCall(openSession(receiver));
    const sending = setInterval(() => stream.writable && stream.write(Buffer.alloc(1000)), 5);
    stream.write(frame(body).subarray(0, 1000));
    expect((await answerOf(stream)).status).toBe('RESOURCE_EXHAUSTED');
    clearInterval(sending);
    await until(() => receiver.outcomes.length === 1);
    expect(receiver.outcomes[0]?.status).toBe('RESOURCE_EXHAUSTED');
  });

  it('is understood by a gRPC client that is refused in the middle of a message of 20 MB', async () => {
    const store = heldStore();
    const limits = { maxBytesInFlight: 1_000_000 };
    const receiver = await startGrpcReceiver({ limits, accept: store.accept });
    const client = newClient(receiver, { 'grpc.max_send_message_length': -1 });
    const first = exportThrough(client, small);
    await until(() => receiver.batches.length === 1);
    for (let i = 0; i < 5; i++) {
      expect(await exportThrough(client, Buffer.alloc(20_000_000))).toBe('UNAVAILABLE');
    }
    store.open();
    expect(await first).toBe('OK');
    expect(await exportThrough(client, small)).toBe('OK');
    expect(receiver.outcomes.filter(({ status }) => status === 'UNAVAILABLE')).toHaveLength(5);
  });

  it('refuses a zip bomb of a gibibyte and goes on with the other calls of its connection', async () => {
    const receiver = await startGrpcReceiver();
    const client = newClient(receiver, { 'grpc.max_send_message_length': -1 });
    const gibibyte = Buffer.concat(Array(1024).fill(gzipSync(Buffer.alloc(1024 * 1024))));
    const session = openSession(receiver);
    const bomb = beginCall(session, { 'grpc-encoding': 'gzip' });
    bomb.end(frame(gibibyte, true));
    const other = beginCall(session);
    other.end(frame(small));
    expect((await answerOf(bomb)).status).toBe('RESOURCE_EXHAUSTED');
    expect(await exportThrough(client, small)).toBe('OK');
    await until(() => receiver.batches.length === 2);
  });
});

async function untilStatus(status: string, attempt: () => Promise<{ status: string }>): Promise<void> {
  while ((await attempt()).status !== status) await new Promise((resolve) => setTimeout(resolve, 5));
}
