import { once } from 'node:events';
import { beforeEach, describe, expect, it } from 'vitest';
import { RetryLaterError } from '../../../processor/receiver/retry-later-error.js';
import { answerOf, beginCall, frame, openSession, startGrpcReceiver } from './grpc-fixture.js';
import { JSON_TYPE, newAgent, openSocket, send, startReceiver, statusOf, until } from './receiver-fixture.js';
import { identityLogsRequest, seededRandom } from './sample-requests.js';
import { TRANSPORTS } from './transports.js';

const MIB = 1024 * 1024;
const request = identityLogsRequest(10, seededRandom(81));
const JSON_BODY = '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{}]}]}]}';
const HEAD = 'POST /v1/logs HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';

/** A store that is full until the test makes room, and how often it was asked to take something. */
let full: boolean;
let asked: number;
beforeEach(() => {
  full = true;
  asked = 0;
});
const refusal = (): RetryLaterError | undefined =>
  full
    ? new RetryLaterError('The queue is full.', 1, { reason: 'queue_full', standing: refusal })
    : undefined;
const accept = async () => {
  asked += 1;
  const error = refusal();
  if (error !== undefined) throw error;
  return { rejected: 0 };
};

describe.each(TRANSPORTS)('$name, while what was refused last would be refused again', (transport) => {
  it('neither unzips nor decodes what comes, and says what keeps it out', async () => {
    const receiver = await transport.start({ accept });
    const body = transport.encode(request);
    const garbage = Buffer.from('this is no request');
    const unavailable = {
      status: 'UNAVAILABLE',
      message: 'The queue is full. Send the records again.',
      retryAfterSeconds: 1,
    };
    expect(await transport.send(receiver, body)).toMatchObject(unavailable);
    // Whoever looked into them would find them at fault.
    expect(await transport.send(receiver, garbage)).toMatchObject(unavailable);
    expect(await transport.send(receiver, garbage, { gzip: true })).toMatchObject(unavailable);
    expect(await transport.send(receiver, body, { gzip: true })).toMatchObject(unavailable);
    expect(asked).toBe(1);
    full = false;
    expect((await transport.send(receiver, garbage)).status).toBe('INVALID_ARGUMENT');
    expect((await transport.send(receiver, body, { gzip: true })).status).toBe('OK');
    expect(asked).toBe(2);
  });

  it('takes what comes after a refusal that holds for the one batch only', async () => {
    const refusedOnce = async () => {
      asked += 1;
      if (asked === 1) throw new RetryLaterError('It waited too long.');
      return { rejected: 0 };
    };
    const receiver = await transport.start({ accept: refusedOnce });
    const body = transport.encode(request);
    expect((await transport.send(receiver, body)).status).toBe('UNAVAILABLE');
    expect((await transport.send(receiver, body)).status).toBe('OK');
  });
});

describe('OTLP/HTTP, while what was refused last would be refused again', () => {
  it('answers before the body comes, throws the body away, and goes on with the connection', async () => {
    const receiver = await startReceiver({ accept });
    await send(receiver, JSON_TYPE, JSON_BODY);
    const { socket, closed } = await openSocket(receiver);
    socket.write(`${HEAD}Content-Length: ${JSON_BODY.length}\r\n\r\n`);
    await once(socket, 'data');
    expect(receiver.outcomes).toHaveLength(2);
    full = false;
    socket.write(JSON_BODY);
    socket.write(`${HEAD}Content-Length: ${JSON_BODY.length}\r\nConnection: close\r\n\r\n${JSON_BODY}`);
    expect((await closed).match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 503', 'HTTP/1.1 200']);
  });

  it('does not ask a sender for the body that waits to be asked', async () => {
    const receiver = await startReceiver({ accept });
    await send(receiver, JSON_TYPE, JSON_BODY);
    const { socket, closed } = await openSocket(receiver);
    socket.write(`${HEAD}Content-Length: ${JSON_BODY.length}\r\nExpect: 100-continue\r\n\r\n`);
    expect((await closed).match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 503']);
  });

  it('does not unzip a body that began to come when there was room', async () => {
    const receiver = await startReceiver({ accept });
    const { socket, closed } = await openSocket(receiver);
    const noGzip = 'no gzip at all';
    const head = `${HEAD}Content-Encoding: gzip\r\nConnection: close\r\nContent-Length: ${noGzip.length}\r\n\r\n`;
    socket.write(head + noGzip.slice(0, 5));
    await send(receiver, JSON_TYPE, JSON_BODY);
    socket.write(noGzip.slice(5));
    const text = await closed;
    expect(text).toMatch(/^HTTP\/1.1 503 /);
    expect(text).toContain('The queue is full.');
  });

  it('throws a body of many MiB away that a sender had begun to send, and the sender reads its answer', async () => {
    const receiver = await startReceiver({ accept });
    await send(receiver, JSON_TYPE, JSON_BODY);
    const agent = newAgent();
    const answer = await send(receiver, JSON_TYPE, Buffer.alloc(32 * MIB, ' '), { agent });
    expect(answer.status).toBe(503);
    expect(statusOf(answer)).toMatchObject({
      code: 14,
      message: 'The queue is full. Send the records again.',
    });
    full = false;
    expect((await send(receiver, JSON_TYPE, JSON_BODY, { agent })).status).toBe(200);
  });

  it('cuts a sender that goes on sending for longer than any body may be', async () => {
    const receiver = await startReceiver({ accept, limits: { maxBodyBytes: 2 * MIB } });
    await send(receiver, JSON_TYPE, JSON_BODY);
    const { socket, closed } = await openSocket(receiver);
    socket.write(`${HEAD}Transfer-Encoding: chunked\r\n\r\n`);
    const chunk = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(0x10000, ' '), Buffer.from('\r\n')]);
    let sent = 0;
    const sendOn = (): void => {
      do sent += chunk.length;
      while (socket.writable && sent < 200 * MIB && socket.write(chunk));
    };
    socket.on('drain', sendOn);
    sendOn();
    expect((await closed).match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 503']);
    // What the sockets of both sides hold is beyond what was read.
    expect(sent).toBeLessThan(50 * MIB);
  });
});

describe('OTLP/gRPC, while what was refused last would be refused again', () => {
  it('answers before a message comes, and ends the stream of one that is under way', async () => {
    const receiver = await startGrpcReceiver({ accept });
    const session = openSession(receiver);
    const first = beginCall(session);
    first.end(frame(TRANSPORTS[2]?.encode(request) as Buffer));
    const underWay = beginCall(session, { 'grpc-encoding': 'gzip' });
    const message = frame(Buffer.from('no gzip at all'), true);
    underWay.write(message.subarray(0, 8));
    expect((await answerOf(first)).status).toBe('UNAVAILABLE');
    expect(await answerOf(beginCall(session))).toMatchObject({
      status: 'UNAVAILABLE',
      message: 'The queue is full. Send the records again.',
      trailersOnly: true,
    });
    underWay.end(message.subarray(8));
    expect((await answerOf(underWay)).status).toBe('UNAVAILABLE');
    await until(() => receiver.outcomes.length === 3);
    expect(receiver.outcomes.map(({ notes, refused }) => [notes?.records, refused])).toEqual([
      [10, 'queue_full'],
      [undefined, 'queue_full'],
      [undefined, 'queue_full'],
    ]);
  });
});
