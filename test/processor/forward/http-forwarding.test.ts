import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as listenPlainly } from 'node:net';
import { promisify } from 'node:util';
import { status } from '@grpc/grpc-js';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ForwardProtocol } from '../../../processor/forward/forward-options.js';
import { decodeProtobuf } from '../receiver/decoded-records.js';
import { encodeLogsRequest } from '../receiver/otlp-descriptor.js';
import { batchOf } from './enriched-batch.js';
import { forwarderTo, jsonBatch, protobufBatch, putOff } from './forwarder-fixture.js';
import { startNextReceiver } from './next-receiver.js';

describe('forwarding over HTTP', () => {
  it.each([429, 502, 503, 504])('puts off what is answered %i', async (code) => {
    const next = await startNextReceiver('http/protobuf');
    next.answer = () => ({ http: { status: code }, grpc: { code: status.UNKNOWN } });
    await putOff(forwarderTo(next).send(protobufBatch(1)));
  });

  it.each([301, 400, 401, 403, 404, 408, 500, 501])(
    'does not send again what is answered %i',
    async (code) => {
      const next = await startNextReceiver('http/protobuf');
      next.answer = () => ({ http: { status: code }, grpc: { code: status.UNKNOWN } });
      const { rejected, reason } = await forwarderTo(next).send(protobufBatch(1));
      expect(rejected).toBe(1);
      expect(reason).toContain(String(code));
    },
  );

  it('understands a Retry-After that is a date', async () => {
    const next = await startNextReceiver('http/protobuf');
    const date = new Date(Date.now() + 4000).toUTCString();
    next.answer = () => ({ http: { status: 429, retryAfter: date }, grpc: { code: status.UNKNOWN } });
    const { retryAfterSeconds } = await putOff(forwarderTo(next).send(protobufBatch(1)));
    expect(retryAfterSeconds).toBeGreaterThan(2);
    expect(retryAfterSeconds).toBeLessThanOrEqual(4);
  });

  it.each([
    ['', '/v1/logs'],
    ['/', '/v1/logs'],
    ['/otlp', '/otlp/v1/logs'],
    ['/otlp/v1/logs', '/otlp/v1/logs'],
  ])('to a URL with the path "%s" goes to %s', async (path, expected) => {
    const next = await startNextReceiver('http/protobuf');
    await forwarderTo({ url: next.url + path, protocol: 'http/protobuf' }).send(protobufBatch(1));
    expect(next.arrived[0]?.headers).toMatchObject({ ':path': expected, ':method': 'POST' });
  });

  it('zips what is worth it', async () => {
    const next = await startNextReceiver('http/protobuf');
    const { send } = forwarderTo(next);
    await send(protobufBatch(50, 100));
    expect(next.arrived[0]?.headers).toMatchObject({ 'content-encoding': 'gzip' });
    expect(Number(next.arrived[0]?.headers['content-length'])).toBeLessThan(2000);
  });

  it('hears a receiver that answers 413 without having read the body, and does not go on sending it', async () => {
    const server = createServer((_, response) => {
      response.writeHead(413);
      response.end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const batch = batchOf(encodeLogsRequest(requestOfNoise(8 * 1024 * 1024)));
    const { send } = forwarderTo({ url: `http://127.0.0.1:${port}`, protocol: 'http/protobuf' });
    expect(await send(batch)).toMatchObject({ rejected: 1, reason: expect.stringContaining('413') });
    const connections = promisify(server.getConnections.bind(server));
    while ((await connections()) > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  });

  it('keeps its connections, and does without one that the receiver has closed meanwhile', async () => {
    const next = await startNextReceiver('http/protobuf');
    const { send } = forwarderTo(next);
    for (let i = 0; i < 5; i++) await send(protobufBatch(1));
    expect(next.connections).toBe(1);
    // The receiver resets the connection when it hears of a request on it, as one does whose idle time is just over.
    next.resetNext = true;
    expect(await send(protobufBatch(1))).toEqual({ rejected: 0 });
    expect(next.arrived).toHaveLength(6);
  });
});

/** A record that cannot be zipped. */
function requestOfNoise(bytes: number): object {
  const logRecords = [{ body: { bytesValue: randomBytes(bytes) } }];
  return { resourceLogs: [{ scopeLogs: [{ logRecords }] }] };
}

describe.each<ForwardProtocol>(['http/protobuf', 'grpc'])(
  'forwarding over %s to an https:// URL',
  (protocol) => {
    it('speaks TLS, and is put off while there is no trust', async () => {
      let firstByte: number | undefined;
      const server = listenPlainly((socket) =>
        socket.once('data', (data) => {
          firstByte ??= data[0];
          socket.destroy();
        }),
      ).listen(0, '127.0.0.1');
      await once(server, 'listening');
      onTestFinished(() => void server.close());
      const url = `https://localhost:${(server.address() as AddressInfo).port}`;
      await putOff(forwarderTo({ url, protocol }).send(protobufBatch(1)));
      // A TLS record that begins a handshake.
      expect(firstByte).toBe(22);
    });
  },
);

describe('a JSON request', () => {
  it('leaves over HTTP as JSON, its unknown members with it', async () => {
    const next = await startNextReceiver('http/protobuf');
    const { send } = forwarderTo(next);
    const batch = jsonBatch(2);
    expect(await send(batch)).toEqual({ rejected: 0 });
    expect(next.arrived[0]?.headers).toMatchObject({
      'content-type': 'application/json',
      ':path': '/v1/logs',
    });
    expect(
      JSON.parse(next.arrived[0]?.body.toString() ?? '').resourceLogs[0].scopeLogs[0].logRecords[1],
    ).toMatchObject({
      body: { stringValue: 'record 1' },
      attributes: expect.arrayContaining([
        { key: 'vouchtrail.source', value: { stringValue: 'cloudtrail' } },
      ]),
    });
  });

  it('leaves over gRPC as protobuf', async () => {
    const next = await startNextReceiver('grpc');
    const { send } = forwarderTo(next);
    expect(await send(jsonBatch(2))).toEqual({ rejected: 0 });
    expect(decodeProtobuf(next.arrived[0]?.body as Buffer).records).toMatchObject([
      { body: 'record 0', attributes: { 'vouchtrail.source': 'cloudtrail' } },
      { body: 'record 1', attributes: { 'vouchtrail.source': 'cloudtrail' } },
    ]);
  });

  it('leaves as protobuf to a receiver that takes no JSON, from the second on at once', async () => {
    const next = await startNextReceiver('http/protobuf');
    const isJson = (headers: object) =>
      'content-type' in headers && headers['content-type'] === 'application/json';
    next.answer = ({ headers }) =>
      isJson(headers) ? { http: { status: 415 }, grpc: { code: status.UNKNOWN } } : 'taken';
    const { send, counters } = forwarderTo(next);
    for (let i = 0; i < 2; i++) expect(await send(jsonBatch(2))).toEqual({ rejected: 0 });
    expect(next.arrived.map(({ headers }) => isJson(headers))).toEqual([true, false, false]);
    expect(counters).toMatchObject({ records: 4, refused: 0 });
  });

  it('has a partial success in JSON handed on', async () => {
    const next = await startNextReceiver('http/protobuf');
    next.answer = () => ({ rejected: 1, message: 'too old' });
    const { send } = forwarderTo(next);
    expect(await send(jsonBatch(2))).toMatchObject({
      rejected: 1,
      reason: expect.stringContaining('too old'),
    });
  });
});
