import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { RetryLaterError } from '../../../processor/receiver/retry-later-error.js';
import { decodeStatus, encodeLogsRequest } from './otlp-descriptor.js';
import {
  type Answer,
  JSON_TYPE,
  openSocket,
  PROTOBUF,
  send,
  startReceiver,
  statusOf,
} from './receiver-fixture.js';
import { identityLogsRequest, seededRandom } from './sample-requests.js';

const GZIP = { 'Content-Encoding': 'gzip' };
const protobufBody = encodeLogsRequest(identityLogsRequest(3, seededRandom(5)));
const jsonBody =
  '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"eventName":"one"},{"eventName":"two"}]}]}]}';
const BOTH = [
  ['protobuf', PROTOBUF, protobufBody],
  ['JSON', JSON_TYPE, jsonBody],
] as const;

describe('OTLP/HTTP', () => {
  it('takes protobuf and JSON on one port, told apart by Content-Type, whose parameters are ignored', async () => {
    const receiver = await startReceiver();
    await send(receiver, { ...PROTOBUF, ...GZIP }, gzipSync(protobufBody));
    await send(receiver, { 'Content-Type': 'Application/JSON; charset=utf-8' }, jsonBody);
    expect(receiver.batches).toMatchObject([
      { encoding: 'protobuf', body: protobufBody },
      { encoding: 'json', records: [{ eventName: 'one' }, { eventName: 'two' }] },
    ]);
    expect(receiver.batches[0]?.records).toHaveLength(3);
    expect(Math.abs(Date.now() - (receiver.batches[0]?.receivedAt ?? 0))).toBeLessThan(60_000);
  });

  it('MUST answer success with 200 and the serialised response: an empty protobuf message, an empty JSON object', async () => {
    const receiver = await startReceiver();
    const protobuf = await send(receiver, PROTOBUF, protobufBody);
    expect([protobuf.status, protobuf.body.toString()]).toEqual([200, '']);
    const json = await send(receiver, JSON_TYPE, jsonBody);
    expect([json.status, json.body.toString()]).toEqual([200, '{}']);
  });

  it.each(BOTH)(
    'MUST answer %s with the Content-Type of the request, whether it is stored or refused',
    async (_, headers, body) => {
      let refusing = false;
      const receiver = await startReceiver({
        accept: async () => {
          if (refusing) throw new RetryLaterError('the store is down');
          return { rejected: 0 };
        },
      });
      const types = [await send(receiver, headers, body)];
      refusing = true;
      types.push(await send(receiver, headers, body), await send(receiver, headers, 'x'));
      expect(types.map((answer) => [answer.status, answer.headers['content-type']])).toEqual(
        [200, 503, 400].map((status) => [status, headers['Content-Type']]),
      );
    },
  );

  it.each(BOTH)(
    'MUST make the body of every 4xx and 5xx answer to %s a google.rpc.Status',
    async (...row) => {
      const [, headers, body] = row;
      const receiver = await startReceiver({
        limits: { maxBodyBytes: protobufBody.length },
        accept: () => Promise.reject(new RetryLaterError('busy')),
      });
      const answers: [number, number, Answer][] = [
        [400, 3, await send(receiver, headers, '{')],
        [404, 5, await send(receiver, headers, body, { path: '/' })],
        [404, 12, await send(receiver, headers, body, { path: '/v1/traces' })],
        [405, 12, await send(receiver, headers, '', { method: 'PUT' })],
        [413, 8, await send(receiver, headers, Buffer.concat([protobufBody, protobufBody]))],
        [415, 3, await send(receiver, { ...headers, 'Content-Encoding': 'br' }, body)],
        [417, 3, await send(receiver, { ...headers, Expect: 'a-reply-in-verse' }, body)],
        [503, 14, await send(receiver, headers, body)],
      ];
      for (const [status, code, answer] of answers) {
        expect(answer.status).toBe(status);
        expect(answer.headers['content-type']).toBe(headers['Content-Type']);
        expect(statusOf(answer)).toMatchObject({ code, message: expect.stringMatching(/^.{10,}\.$/) });
      }
    },
  );

  it.each([
    ['a request that is no HTTP', 'hello\r\n\r\n', 400, 3],
    ['headers without a Host', 'POST /v1/logs HTTP/1.1\r\nContent-Length: 0\r\n\r\n', 400, 3],
    ['headers of 20 kB', `POST / HTTP/1.1\r\nHost: a\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`, 431, 3],
    ['headers that do not end', 'POST /v1/logs HTTP/1.1\r\nHost: a\r\n', 408, 4],
  ])('MUST answer even %s with a google.rpc.Status', async (_, text, status, code) => {
    const receiver = await startReceiver({ limits: { headersTimeoutMs: 200 } });
    const { socket, closed } = await openSocket(receiver);
    socket.write(text);
    const [head, body] = (await firstAnswer(socket, closed)).split('\r\n\r\n') as [string, string];
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head).toMatch(/^content-type: application\/json$/im);
    expect(JSON.parse(body)).toMatchObject({ code, message: expect.stringMatching(/\.$/) });
  });

  it('MUST answer a body in broken chunks with a google.rpc.Status in the encoding of the request', async () => {
    const receiver = await startReceiver();
    const { socket, closed } = await openSocket(receiver);
    socket.write(
      'POST /v1/logs HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-protobuf\r\nTransfer-Encoding: chunked\r\n\r\n',
    );
    socket.write('not a length\r\n');
    const text = await closed;
    expect(text).toMatch(/^HTTP\/1.1 400 /);
    expect(text).toMatch(/^content-type: application\/x-protobuf$/im);
    const body = Buffer.from(text.split('\r\n\r\n')[1] as string, 'latin1');
    expect(decodeStatus(body)).toMatchObject({ code: 3, message: 'This is not an HTTP/1.1 request.' });
  });

  it('MUST answer a body beyond the limit, as it comes or decompressed, with 413, which no sender tries again', async () => {
    const receiver = await startReceiver({ limits: { maxBodyBytes: protobufBody.length - 1 } });
    const inChunks = [protobufBody.subarray(0, 500), protobufBody.subarray(500)];
    for (const answer of [
      await send(receiver, PROTOBUF, protobufBody),
      await send(receiver, PROTOBUF, inChunks),
      await send(receiver, { ...PROTOBUF, ...GZIP }, gzipSync(protobufBody)),
    ]) {
      expect(answer.status).toBe(413);
      expect(answer.headers['retry-after']).toBeUndefined();
      expect(statusOf(answer)).toMatchObject({
        code: 8,
        message: expect.stringContaining(`${protobufBody.length - 1} bytes`),
      });
    }
    expect(receiver.batches).toEqual([]);
  });

  it.each(['/v1/traces', '/v1/metrics', '/v1development/profiles', '/v1/log', '/'])(
    'answers %s with 404, which no sender tries again, and says where logs go',
    async (path) => {
      const receiver = await startReceiver();
      const answer = await send(receiver, PROTOBUF, protobufBody, { path });
      expect(answer.status).toBe(404);
      expect(answer.headers['retry-after']).toBeUndefined();
      expect(statusOf(answer).message).toContain('/v1/logs');
      expect(receiver.batches).toEqual([]);
    },
  );

  it('finds its path before a query', async () => {
    const receiver = await startReceiver();
    expect((await send(receiver, JSON_TYPE, jsonBody, { path: '/v1/logs?source=a' })).status).toBe(200);
  });

  it('answers any method but POST with 405 and names it', async () => {
    const receiver = await startReceiver();
    const answer = await send(receiver, JSON_TYPE, '', { method: 'PUT' });
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe('POST');
  });

  it.each(['text/plain', 'application/jsonl', ''])(
    'answers Content-Type "%s" with 415 and names those it takes',
    async (type) => {
      const receiver = await startReceiver();
      const answer = await send(receiver, type === '' ? {} : { 'Content-Type': type }, jsonBody);
      expect(answer.status).toBe(415);
      expect(statusOf(answer).message).toContain('application/x-protobuf or application/json');
    },
  );

  it.each(['zstd', 'deflate', 'gzip, gzip'])(
    'answers Content-Encoding "%s" with 415 and names those it takes',
    async (coding) => {
      const receiver = await startReceiver();
      const answer = await send(receiver, { ...PROTOBUF, 'Content-Encoding': coding }, protobufBody);
      expect(answer.status).toBe(415);
      expect(answer.headers['accept-encoding']).toBe('gzip, identity');
      expect(statusOf(answer).message).toContain('gzip');
    },
  );

  it('takes a Content-Encoding of identity as none', async () => {
    const receiver = await startReceiver();
    const headers = { ...PROTOBUF, 'Content-Encoding': 'identity' };
    expect((await send(receiver, headers, protobufBody)).status).toBe(200);
  });

  it('answers what it cannot decode with 400, a BadRequest (SHOULD) and the place', async () => {
    const receiver = await startReceiver();
    const protobuf = await send(receiver, PROTOBUF, protobufBody.subarray(0, 100));
    expect(protobuf.status).toBe(400);
    expect(statusOf(protobuf)).toMatchObject({
      code: 3,
      message: expect.stringMatching(/at byte \d+/),
      details: { BadRequest: { fieldViolations: [{ field: 'body' }] } },
    });
    const json = await send(receiver, JSON_TYPE, '{"resourceLogs":[{]}');
    expect(json.status).toBe(400);
    expect(statusOf(json)).toMatchObject({
      code: 3,
      message: expect.stringContaining('at byte 18'),
      details: [
        { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field: 'body' }] },
      ],
    });
    expect(receiver.batches).toEqual([]);
  });

  it.each([
    ['no gzip at all', protobufBody],
    ['gzip that is cut off', gzipSync(protobufBody).subarray(0, 50)],
    ['nothing', Buffer.alloc(0)],
  ])('answers a gzip body that is %s with 400', async (_, body) => {
    const receiver = await startReceiver();
    const answer = await send(receiver, { ...PROTOBUF, ...GZIP }, body);
    expect(answer.status).toBe(400);
    expect(statusOf(answer).message).toContain('gzip');
  });

  it('answers what could not be stored now with 503 and the wait that the store asks for', async () => {
    const receiver = await startReceiver({
      accept: () => Promise.reject(new RetryLaterError('the store is down', 2)),
    });
    const protobuf = await send(receiver, PROTOBUF, protobufBody);
    expect(protobuf.status).toBe(503);
    expect(protobuf.headers['retry-after']).toBe('2');
    expect(statusOf(protobuf).details).toEqual({ RetryInfo: { retryDelay: { seconds: 2 } } });
    const json = await send(receiver, JSON_TYPE, jsonBody);
    expect(statusOf(json).details).toEqual([
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '2s' },
    ]);
    expect(receiver.errors).toEqual([]);
  });

  it('answers 503 to any rejection that calls itself retryable, and whole seconds', async () => {
    const rejection = { retryable: true, retryAfterSeconds: 0.2 };
    const receiver = await startReceiver({ accept: () => Promise.reject(rejection) });
    const answer = await send(receiver, JSON_TYPE, jsonBody);
    expect(answer.status).toBe(503);
    expect(answer.headers['retry-after']).toBe('1');
  });

  it('answers an unexpected failure with 503 and not 500, for which senders drop the batch, and logs it', async () => {
    const failure = new TypeError('a fault of ours');
    const receiver = await startReceiver({
      accept: () => {
        throw failure;
      },
    });
    const answer = await send(receiver, PROTOBUF, protobufBody);
    expect(answer.status).toBe(503);
    expect(answer.headers['retry-after']).toBe('2');
    expect(statusOf(answer).message).not.toContain('fault of ours');
    expect(receiver.errors).toEqual([{ err: failure }]);
  });

  it('tells how each request ended', async () => {
    const receiver = await startReceiver();
    const body = gzipSync(protobufBody);
    await send(receiver, { ...PROTOBUF, ...GZIP }, body);
    await send(receiver, JSON_TYPE, '{');
    expect(receiver.outcomes).toMatchObject([
      { status: 200, records: 3, bytes: body.length, notes: { records: 3, invalidUtf8: 0 } },
      { status: 400, records: 0, bytes: 1, notes: undefined },
    ]);
    for (const { seconds } of receiver.outcomes) expect(seconds).toBeGreaterThan(0);
  });
});

/** What comes on a connection until its sender has enough: an answer to a bad request may leave it open. */
async function firstAnswer(socket: Socket, closed: Promise<string>): Promise<string> {
  socket.once('data', () => socket.end());
  return closed;
}
