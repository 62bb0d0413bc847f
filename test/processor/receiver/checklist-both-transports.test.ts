import { describe, expect, it } from 'vitest';
import { RetryLaterError } from '../../../processor/receiver/retry-later-error.js';
import { comparable } from './oracle-records.js';
import { heldStore, until } from './receiver-fixture.js';
import { identityLogsRequest, seededRandom } from './sample-requests.js';
import { TRANSPORTS } from './transports.js';

const request = identityLogsRequest(10, seededRandom(21));
const MIB = 1024 * 1024;

describe.each(TRANSPORTS)('$name', ({ start, encode, send }) => {
  it('MUST take requests without compression and in gzip', async () => {
    const receiver = await start();
    for (const gzip of [false, true]) {
      expect((await send(receiver, encode(request), { gzip })).status).toBe('OK');
    }
    const [plain, zipped] = receiver.batches;
    expect(plain?.records.map(({ traceId }) => traceId)).toEqual(
      request.resourceLogs[0]?.scopeLogs[0]?.logRecords.map(({ traceId }) => traceId.toString('hex')),
    );
    expect(zipped?.records).toEqual(plain?.records);
  });

  it('MUST refuse for good what is larger than the limit, as it comes or decompressed', async () => {
    const body = encode(request);
    const exact = await start({ limits: { maxBodyBytes: body.length } });
    const less = await start({ limits: { maxBodyBytes: body.length - 1 } });
    for (const gzip of [false, true]) {
      expect((await send(exact, body, { gzip })).status).toBe('OK');
      const reply = await send(less, body, { gzip });
      expect(reply).toMatchObject({ status: 'RESOURCE_EXHAUSTED', retryAfterSeconds: undefined });
      expect(reply.message).toContain(String(body.length - 1));
    }
    expect(less.batches).toEqual([]);
  });

  it('has a default limit of 64 MiB (RECOMMENDED), which a small gzip of zeros reaches, too', async () => {
    const receiver = await start();
    const zeros = Buffer.alloc(64 * MIB + 1);
    expect(await send(receiver, zeros, { gzip: true })).toMatchObject({
      status: 'RESOURCE_EXHAUSTED',
      retryAfterSeconds: undefined,
    });
    expect((await send(receiver, zeros.subarray(1), { gzip: true })).status).toBe('INVALID_ARGUMENT');
    expect((await send(receiver, encode(request))).status).toBe('OK');
  });

  it('MUST limit the size of its answers, and shortens their message first', async () => {
    const receiver = await start({ accept: async () => ({ rejected: 1, reason: 'no'.repeat(4 * MIB) }) });
    const reply = await send(receiver, encode(request));
    expect(reply.partialSuccess?.rejected).toBe(1);
    expect(reply.partialSuccess?.message).toMatch(/^(no)+\.\.\.$/);
    expect(reply.size).toBeLessThan(10_000);
  });

  it('MUST leave partial_success unset when everything is stored', async () => {
    const receiver = await start();
    expect(await send(receiver, encode(request))).toMatchObject({
      status: 'OK',
      partialSuccess: undefined,
    });
  });

  it('MUST set rejected_log_records to what is rejected for good, and says why (SHOULD)', async () => {
    const receiver = await start({ accept: async () => ({ rejected: 2, reason: 'too old' }) });
    expect(await send(receiver, encode(request))).toMatchObject({
      status: 'OK',
      partialSuccess: { rejected: 2, message: 'too old' },
    });
  });

  it('does not warn in partial_success where nothing is rejected', async () => {
    const receiver = await start({ accept: async () => ({ rejected: 0, reason: 'a remark' }) });
    expect((await send(receiver, encode(request))).partialSuccess).toBeUndefined();
  });

  it('answers a request without records as a success (SHOULD), and hands nothing on', async () => {
    const receiver = await start();
    for (const empty of [{ resourceLogs: [] }, { resourceLogs: [{ scopeLogs: [{ logRecords: [] }] }] }]) {
      const reply = await send(receiver, encode(empty));
      expect(reply).toMatchObject({ status: 'OK', partialSuccess: undefined });
    }
    expect(receiver.batches).toEqual([]);
  });

  it('answers only once the batch is stored', async () => {
    const store = heldStore();
    const receiver = await start({ accept: store.accept });
    let answered = false;
    const reply = send(receiver, encode(request)).finally(() => {
      answered = true;
    });
    await until(() => receiver.batches.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(answered).toBe(false);
    store.open();
    expect((await reply).status).toBe('OK');
  });

  it('asks for a batch again that could not be stored now, and never in partial_success', async () => {
    const receiver = await start({ accept: () => Promise.reject(new RetryLaterError('full', 2)) });
    expect(await send(receiver, encode(request))).toMatchObject({
      status: 'UNAVAILABLE',
      retryAfterSeconds: 2,
      partialSuccess: undefined,
    });
  });

  it('refuses for good what it cannot decode, and stores nothing of it', async () => {
    const receiver = await start();
    const body = encode(request);
    const reply = await send(receiver, body.subarray(0, body.length - 5));
    expect(reply).toMatchObject({ status: 'INVALID_ARGUMENT', retryAfterSeconds: undefined });
    expect(reply.message).toMatch(/at byte \d+/);
    expect(receiver.batches).toEqual([]);
  });

  it('refuses for good a request of more records than one may have', async () => {
    const receiver = await start({ limits: { decode: { maxDepth: 8, maxRecords: 9, maxValues: 1000 } } });
    const reply = await send(receiver, encode(request));
    expect(reply).toMatchObject({ status: 'RESOURCE_EXHAUSTED', retryAfterSeconds: undefined });
    expect(reply.message).toContain('9 records');
  });

  it('MUST accept attributes that are empty, bytes, maps, and arrays of different kinds', async () => {
    const receiver = await start();
    const attributes = [
      { key: 'empty', value: {} },
      { key: 'bytes', value: { bytesValue: Buffer.from([1, 255]) } },
      { key: 'map', value: { kvlistValue: { values: [{ key: 'k', value: { boolValue: true } }] } } },
      {
        key: 'array',
        value: {
          arrayValue: { values: [{ stringValue: 'a' }, { intValue: '1' }, {}, { doubleValue: 0.5 }] },
        },
      },
    ];
    const logRecords = [{ attributes }];
    const body = encode({ resourceLogs: [{ resource: { attributes }, scopeLogs: [{ logRecords }] }] });
    expect((await send(receiver, body)).status).toBe('OK');
    const [record] = receiver.batches[0]?.records ?? [];
    for (const map of [record?.attributes, record?.resource.attributes]) {
      expect(comparable(map)).toEqual(
        comparable({
          empty: undefined,
          bytes: new Uint8Array([1, 255]),
          map: { k: true },
          array: ['a', 1, undefined, 0.5],
        }),
      );
    }
  });
});
