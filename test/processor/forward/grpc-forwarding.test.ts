import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { status } from '@grpc/grpc-js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { decodeProtobuf } from '../receiver/decoded-records.js';
import { forwarderTo, protobufBatch, putOff } from './forwarder-fixture.js';
import { startNextReceiver } from './next-receiver.js';

describe('forwarding over gRPC', () => {
  it.each([
    status.CANCELLED,
    status.DEADLINE_EXCEEDED,
    status.ABORTED,
    status.OUT_OF_RANGE,
    status.UNAVAILABLE,
    status.DATA_LOSS,
  ])('puts off what is answered with status %i', async (code) => {
    const next = await startNextReceiver('grpc');
    next.answer = () => ({ http: { status: 500 }, grpc: { code } });
    await putOff(forwarderTo(next).send(protobufBatch(1)));
  });

  it.each([
    status.UNKNOWN,
    status.INVALID_ARGUMENT,
    status.NOT_FOUND,
    status.PERMISSION_DENIED,
    status.UNAUTHENTICATED,
    status.UNIMPLEMENTED,
    status.INTERNAL,
    status.RESOURCE_EXHAUSTED,
  ])('does not send again what is answered with status %i', async (code) => {
    const next = await startNextReceiver('grpc');
    next.answer = () => ({ http: { status: 500 }, grpc: { code } });
    expect(await forwarderTo(next).send(protobufBatch(1))).toMatchObject({ rejected: 1 });
    expect(next.arrived).toHaveLength(1);
  });

  it('puts RESOURCE_EXHAUSTED off if it says when to try again', async () => {
    const next = await startNextReceiver('grpc');
    next.answer = () => ({
      http: { status: 429 },
      grpc: { code: status.RESOURCE_EXHAUSTED, retrySeconds: 1.5 },
    });
    const { retryAfterSeconds } = await putOff(forwarderTo(next).send(protobufBatch(1)));
    expect(retryAfterSeconds).toBeGreaterThan(1.3);
    expect(retryAfterSeconds).toBeLessThanOrEqual(1.5);
  });

  it('zips its messages, and says so', async () => {
    const { port, calls } = await startHttp2Receiver();
    await forwarderTo({ url: `http://127.0.0.1:${port}`, protocol: 'grpc' }).send(protobufBatch(50, 100));
    expect(calls).toHaveLength(1);
    expect(calls[0]?.headers).toMatchObject({
      ':path': '/opentelemetry.proto.collector.logs.v1.LogsService/Export',
      'content-type': 'application/grpc',
      'grpc-encoding': 'gzip',
    });
    const { body } = calls[0] as (typeof calls)[0];
    expect(body[0]).toBe(1);
    expect(decodeProtobuf(gunzipSync(body.subarray(5))).records).toHaveLength(50);
  });

  it('refuses a URL with a path', () => {
    expect(() => forwarderTo({ url: 'http://x/v1/logs', protocol: 'grpc' })).toThrow(/path/);
  });
});

/** A gRPC receiver without any gRPC library, which takes everything and shows what was on the wire. */
async function startHttp2Receiver() {
  const calls: { headers: IncomingHttpHeaders; body: Buffer }[] = [];
  const server = createServer();
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', (session) => sessions.add(session));
  server.on('stream', async (stream, headers) => {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    calls.push({ headers, body: Buffer.concat(chunks) });
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    // An empty message.
    stream.end(Buffer.alloc(5));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const session of sessions) session.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, calls };
}
