import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { encodeLogsRequest } from './otlp-descriptor.js';
import {
  heldStore,
  JSON_TYPE,
  newAgent,
  openSocket,
  PROTOBUF,
  send,
  startReceiver,
  statusOf,
  until,
} from './receiver-fixture.js';
import { identityLogsRequest, seededRandom } from './sample-requests.js';

const GZIP = { ...PROTOBUF, 'Content-Encoding': 'gzip' };
const body = encodeLogsRequest(identityLogsRequest(10, seededRandom(6)));
const chunks = Array.from({ length: Math.ceil(body.length / 1000) }, (_, i) =>
  body.subarray(i * 1000, i * 1000 + 1000),
);

describe('limits of the OTLP/HTTP receiver', () => {
  it('answers 413 to a Content-Length beyond the limit before any of the body comes', async () => {
    const receiver = await startReceiver();
    const { socket, closed } = await openSocket(receiver);
    socket.write(
      `POST /v1/logs HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${2 ** 40}\r\n\r\n`,
    );
    await until(() => receiver.outcomes.length === 1);
    socket.end();
    expect(await closed).toMatch(/^HTTP\/1.1 413 /);
  });

  it('answers a zip bomb with 413 after the default 64 MiB, and goes on', async () => {
    const receiver = await startReceiver();
    const gibibyte = Buffer.concat(Array(1024).fill(gzipSync(Buffer.alloc(1024 * 1024))));
    const answer = await send(receiver, { ...JSON_TYPE, 'Content-Encoding': 'gzip' }, gibibyte);
    expect(answer.status).toBe(413);
    expect(statusOf(answer)).toMatchObject({ code: 8, message: expect.stringContaining('67108864 bytes') });
    expect((await send(receiver, GZIP, gzipSync(body))).status).toBe(200);
  });

  it('reads a gzip body of several members', async () => {
    const receiver = await startReceiver();
    const members = Buffer.concat(chunks.map((chunk) => gzipSync(chunk)));
    expect((await send(receiver, GZIP, members)).status).toBe(200);
    expect(receiver.batches[0]?.records).toHaveLength(10);
    expect(receiver.batches[0]?.body).toEqual(body);
  });

  it('reads a body sent in chunks', async () => {
    const receiver = await startReceiver();
    expect((await send(receiver, PROTOBUF, chunks)).status).toBe(200);
    expect(receiver.batches[0]?.records).toHaveLength(10);
  });

  it('answers 503 while requests under way hold the memory there is, and takes requests again afterwards', async () => {
    const store = heldStore();
    const limits = { maxBytesInFlight: 2 * body.length };
    const receiver = await startReceiver({ limits, accept: store.accept });
    const first = send(receiver, GZIP, gzipSync(body));
    await until(() => receiver.batches.length === 1);
    for (const sent of [
      await send(receiver, PROTOBUF, body),
      await send(receiver, PROTOBUF, chunks),
      await send(receiver, GZIP, gzipSync(body)),
    ]) {
      expect(sent.status).toBe(503);
      expect(sent.headers['retry-after']).toBe('1');
      expect(statusOf(sent).code).toBe(14);
    }
    expect(receiver.batches).toHaveLength(1);
    store.open();
    expect((await first).status).toBe(200);
    expect((await send(receiver, PROTOBUF, chunks)).status).toBe(200);
  });

  it('answers 503, not 413, to a gzip body that fits its own limit but not what is free now', async () => {
    const store = heldStore();
    const limits = { maxBytesInFlight: body.length };
    const receiver = await startReceiver({ limits, accept: store.accept });
    const small = encodeLogsRequest(identityLogsRequest(1, seededRandom(9)));
    const first = send(receiver, PROTOBUF, small);
    await until(() => receiver.batches.length === 1);
    const answer = await send(receiver, GZIP, gzipSync(body));
    expect(answer.status).toBe(503);
    expect(answer.headers['retry-after']).toBe('1');
    expect(receiver.outcomes[0]?.bytes).toBe(gzipSync(body).length);
    store.open();
    expect((await first).status).toBe(200);
  });

  it('never refuses a request that is alone for want of memory, which would send it round for ever', async () => {
    const receiver = await startReceiver({ limits: { maxBytesInFlight: 10 } });
    expect((await send(receiver, GZIP, gzipSync(body))).status).toBe(200);
  });

  it('gives back the memory of a sender that leaves', async () => {
    const receiver = await startReceiver({
      limits: { maxBytesInFlight: 2 * body.length },
    });
    const { socket } = await openSocket(receiver);
    socket.write(
      `POST /v1/logs HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-protobuf\r\nContent-Length: 99999\r\n\r\n`,
    );
    socket.write(Buffer.alloc(2 * body.length - 10));
    // The bytes of the one arrive beside the other's: until they are all here, there is room.
    let busy = await send(receiver, PROTOBUF, body);
    while (busy.status === 200) busy = await send(receiver, PROTOBUF, body);
    expect(busy.status).toBe(503);
    socket.destroy();
    await until(() => receiver.outcomes.some(({ status }) => status === 499));
    expect((await send(receiver, PROTOBUF, body)).status).toBe(200);
  });

  it('cuts a connection whose headers come too slowly', async () => {
    const receiver = await startReceiver({ limits: { headersTimeoutMs: 200 } });
    const { socket, closed } = await openSocket(receiver);
    socket.write('POST /v1/logs HTTP/1.1\r\nHost: a\r\n');
    const drip = setInterval(() => socket.write('X: y\r\n'), 50);
    expect(await closed).toMatch(/^HTTP\/1.1 408 /);
    clearInterval(drip);
  });

  it('answers 503, not 408, for which senders drop the batch, to a body that comes too slowly', async () => {
    const receiver = await startReceiver({ limits: { requestTimeoutMs: 300 } });
    const { socket, closed } = await openSocket(receiver);
    socket.write(
      'POST /v1/logs HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n',
    );
    const drip = setInterval(() => socket.write(' '), 50);
    const text = await closed;
    clearInterval(drip);
    expect(text).toMatch(/^HTTP\/1.1 503 /);
    expect(text).toMatch(/^retry-after: 1$/im);
    expect(text).toMatch(/^connection: close$/im);
    expect(JSON.parse(text.split('\r\n\r\n')[1] as string)).toMatchObject({ code: 14 });
    expect(receiver.outcomes.map(({ status }) => status)).toEqual([503]);
  });

  it('cuts a sender that goes on with a refused body for longer than a request may take', async () => {
    const limits = { maxBodyBytes: 100, headersTimeoutMs: 100, requestTimeoutMs: 100 };
    const receiver = await startReceiver({ limits });
    const { socket, closed } = await openSocket(receiver);
    socket.write(
      'POST /v1/logs HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n',
    );
    const drip = setInterval(() => socket.write(' '), 50);
    const text = await closed;
    clearInterval(drip);
    expect(text.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 413']);
  });

  it('weighs the pieces that a body comes in, of which each may be a single byte', async () => {
    const store = heldStore();
    const limits = { maxBytesInFlight: 50_000 };
    const receiver = await startReceiver({ limits, accept: store.accept });
    const first = send(receiver, PROTOBUF, encodeLogsRequest(identityLogsRequest(1, seededRandom(8))));
    await until(() => receiver.batches.length === 1);
    const { socket, closed } = await openSocket(receiver);
    socket.setNoDelay(true);
    socket.write(
      'POST /v1/logs HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
    );
    const pieces = '1\r\n \r\n'.repeat(400);
    socket.write(pieces, () => socket.end());
    expect(await closed).toMatch(/^HTTP\/1.1 503 /);
    store.open();
    expect((await first).status).toBe(200);
  });

  it('throws away what follows a refusal, so that the connection can go on', async () => {
    const receiver = await startReceiver({ limits: { maxBodyBytes: 5000 } });
    const agent = newAgent();
    expect((await send(receiver, PROTOBUF, body.subarray(0, 9000), { agent })).status).toBe(413);
    expect(
      (await send(receiver, PROTOBUF, body.subarray(0, 9000), { agent, path: '/v1/traces' })).status,
    ).toBe(404);
    const small = encodeLogsRequest(identityLogsRequest(1, seededRandom(7)));
    expect((await send(receiver, PROTOBUF, small, { agent })).status).toBe(200);
  });
});
