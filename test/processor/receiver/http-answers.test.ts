import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { RetryLaterError } from '../../../processor/receiver/retry-later-error.js';
import { encodeLogsRequest, LogsResponseType } from './otlp-descriptor.js';
import { JSON_TYPE, PROTOBUF, send, startReceiver, statusOf } from './receiver-fixture.js';
import { identityLogsRequest, seededRandom } from './sample-requests.js';

const GZIP = { 'Content-Encoding': 'gzip' };
const protobufBody = encodeLogsRequest(identityLogsRequest(3, seededRandom(5)));
const jsonBody =
  '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"eventName":"one"},{"eventName":"two"}]}]}]}';

describe('answers to OTLP/HTTP requests', () => {
  it('answers stored protobuf with 200 and an empty protobuf message', async () => {
    const receiver = await startReceiver();
    const answer = await send(receiver, { ...PROTOBUF, ...GZIP }, gzipSync(protobufBody));
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('application/x-protobuf');
    expect(answer.body).toHaveLength(0);
    expect(receiver.batches).toMatchObject([{ encoding: 'protobuf', body: protobufBody }]);
    expect(receiver.batches[0]?.records).toHaveLength(3);
    expect(Math.abs(Date.now() - (receiver.batches[0]?.receivedAt ?? 0))).toBeLessThan(60_000);
  });

  it('answers stored JSON with 200 and an empty JSON object', async () => {
    const receiver = await startReceiver();
    const answer = await send(receiver, { 'Content-Type': 'Application/JSON; charset=utf-8' }, jsonBody);
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('application/json');
    expect(answer.body.toString()).toBe('{}');
    expect(receiver.batches[0]?.records.map((record) => record.eventName)).toEqual(['one', 'two']);
  });

  it('answers only once the batch is stored', async () => {
    let store = () => {};
    const stored = new Promise<void>((resolve) => {
      store = resolve;
    });
    const receiver = await startReceiver({ accept: () => stored.then(() => ({ rejected: 0 })) });
    let answered = false;
    const answer = send(receiver, PROTOBUF, protobufBody).then((it) => {
      answered = true;
      return it;
    });
    while (receiver.batches.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(answered).toBe(false);
    store();
    expect((await answer).status).toBe(200);
  });

  it('answers a request without records with 200, and hands nothing on', async () => {
    const receiver = await startReceiver();
    expect((await send(receiver, PROTOBUF, '')).status).toBe(200);
    expect((await send(receiver, JSON_TYPE, '{"resourceLogs":[{"scopeLogs":[]}]}')).status).toBe(200);
    expect(receiver.batches).toEqual([]);
  });

  it('names the number of records rejected for good, and why, in a partial success', async () => {
    const receiver = await startReceiver({ accept: async () => ({ rejected: 2, reason: 'too old' }) });
    const json = await send(receiver, JSON_TYPE, jsonBody);
    expect(json.status).toBe(200);
    expect(JSON.parse(json.body.toString())).toEqual({
      partialSuccess: { rejectedLogRecords: '2', errorMessage: 'too old' },
    });
    const protobuf = await send(receiver, PROTOBUF, protobufBody);
    expect(protobuf.status).toBe(200);
    expect(LogsResponseType.toObject(LogsResponseType.decode(protobuf.body), { longs: Number })).toEqual({
      partialSuccess: { rejectedLogRecords: 2, errorMessage: 'too old' },
    });
  });

  it.each([
    ['/v1/traces', 12],
    ['/v1/metrics', 12],
    ['/v1/log', 5],
    ['/', 5],
  ])('answers %s with 404 and says where logs go', async (path, code) => {
    const receiver = await startReceiver();
    for (const headers of [PROTOBUF, JSON_TYPE]) {
      const answer = await send(receiver, headers, protobufBody, { path });
      expect(answer.status).toBe(404);
      expect(answer.headers['content-type']).toBe(headers['Content-Type']);
      expect(statusOf(answer)).toMatchObject({ code, message: expect.stringContaining('/v1/logs') });
    }
    expect(receiver.batches).toEqual([]);
  });

  it('finds its path before a query', async () => {
    const receiver = await startReceiver();
    expect((await send(receiver, JSON_TYPE, jsonBody, { path: '/v1/logs?source=a' })).status).toBe(200);
  });

  it('answers any other method with 405', async () => {
    const receiver = await startReceiver();
    const answer = await send(receiver, JSON_TYPE, '', { method: 'PUT' });
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe('POST');
    expect(statusOf(answer).message).toContain('POST');
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
      expect(answer.headers['content-type']).toBe('application/x-protobuf');
      expect(answer.headers['accept-encoding']).toBe('gzip, identity');
      expect(statusOf(answer).message).toContain('gzip');
    },
  );

  it('takes a Content-Encoding of identity as none', async () => {
    const receiver = await startReceiver();
    expect((await send(receiver, { ...PROTOBUF, 'Content-Encoding': 'identity' }, protobufBody)).status).toBe(
      200,
    );
  });

  it('answers what it cannot decode with 400, a BadRequest and the place', async () => {
    const receiver = await startReceiver();
    const protobuf = await send(receiver, PROTOBUF, protobufBody.subarray(0, 100));
    expect(protobuf.status).toBe(400);
    expect(protobuf.headers['content-type']).toBe('application/x-protobuf');
    expect(statusOf(protobuf)).toMatchObject({
      code: 3,
      message: expect.stringMatching(/at byte \d+/),
      details: [{ typeUrl: 'type.googleapis.com/google.rpc.BadRequest' }],
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

  it('stores nothing of a request whose last record is malformed', async () => {
    const receiver = await startReceiver();
    const group = Buffer.from([0x0a, 0x02, 0x12, 0x05]);
    expect((await send(receiver, PROTOBUF, Buffer.concat([protobufBody, group]))).status).toBe(400);
    expect(receiver.batches).toEqual([]);
  });

  it('answers 503 with the wait that the store asks for', async () => {
    const receiver = await startReceiver({
      accept: () => Promise.reject(new RetryLaterError('the store is down', 2)),
    });
    const answer = await send(receiver, PROTOBUF, protobufBody);
    expect(answer.status).toBe(503);
    expect(answer.headers['retry-after']).toBe('2');
    expect(statusOf(answer).code).toBe(14);
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
