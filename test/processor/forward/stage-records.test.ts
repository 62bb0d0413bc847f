import { describe, expect, it, onTestFinished } from 'vitest';
import { type Processor, startProcessor } from '../../../processor/processor.js';
import { openDatabase } from '../../../schema/store/database.js';
import { cloudTrailRecord, logsRequest } from '../cloudtrail-record.js';
import { silentLogger } from '../export/silent-logger.js';
import { decodeProtobuf } from '../receiver/decoded-records.js';
import { encodeLogsRequest } from '../receiver/otlp-descriptor.js';
import { type Answer, JSON_TYPE, PROTOBUF, send } from '../receiver/receiver-fixture.js';
import { type NextReceiver, startNextReceiver } from './next-receiver.js';

const text = (id: number, fields = {}) => JSON.stringify(cloudTrailRecord(id, fields));

/** A processor without a store, in front of a receiver; it ends with the test. */
async function startStage(
  { url, protocol }: NextReceiver,
  options: { key?: string } = {},
): Promise<Processor> {
  const processor = await startProcessor({
    host: '127.0.0.1',
    otlpHttpPort: 0,
    logger: silentLogger,
    forward: { url, protocol, version: '0' },
    ...options,
  });
  onTestFinished(() => processor.close());
  return processor;
}

function post(stage: Processor, body: Buffer | string): Promise<Answer> {
  const type = typeof body === 'string' ? JSON_TYPE : PROTOBUF;
  return send({ ...stage.otlpHttp, close: async () => {} }, type, body);
}

/** What a receiver gets of a request of these bodies. */
async function through(bodies: readonly string[]) {
  const next = await startNextReceiver('http/protobuf');
  const stage = await startStage(next);
  const request = encodeLogsRequest(JSON.parse(logsRequest(bodies)));
  const answer = await post(stage, request);
  const forwarded = next.arrived[0]?.body as Buffer;
  return { request, answer, forwarded, records: decodeProtobuf(forwarded).records, stage };
}

describe('a record that passes a stage', () => {
  it('is left untouched if it holds several vendor records: nobody could tell them apart', async () => {
    const file = JSON.stringify({ Records: [cloudTrailRecord(1), cloudTrailRecord(2)] });
    const { request, forwarded, stage } = await through([file]);
    expect(forwarded.equals(request)).toBe(true);
    expect(stage.counters.forward.records).toBe(1);
  });

  it('is enriched if its vendor wraps a single record', async () => {
    const { records } = await through([JSON.stringify({ Records: [cloudTrailRecord(1)] })]);
    expect(records[0]?.attributes).toMatchObject({ 'vouchtrail.source': 'cloudtrail' });
  });

  it('is left untouched if it should have been understood and was not, and is counted', async () => {
    const { request, answer, forwarded, stage } = await through([text(1, { eventName: null })]);
    expect([answer.status, answer.body.length]).toEqual([200, 0]);
    expect(forwarded.equals(request)).toBe(true);
    expect([...stage.counters.unreadable]).toEqual([['cloudtrail', 1]]);
    expect(stage.counters.deadLetters.size).toBe(0);
  });

  it('is enriched each time that it comes', async () => {
    const { records } = await through([text(1), text(1)]);
    expect(records.map(({ attributes }) => attributes['vouchtrail.source'])).toEqual([
      'cloudtrail',
      'cloudtrail',
    ]);
  });

  it('is enriched once by two stages, the one behind the other', async () => {
    const { forwarded } = await through([text(1)]);
    const next = await startNextReceiver('http/protobuf');
    await post(await startStage(next), forwarded);
    expect(next.arrived[0]?.body.equals(forwarded)).toBe(true);
  });

  it('has no keys without a secret', async () => {
    const next = await startNextReceiver('http/protobuf');
    const names = async (options: { key?: string }) => {
      next.arrived.length = 0;
      await post(await startStage(next, options), logsRequest([text(1)]));
      return next.arrived[0]?.body.toString().match(/vouchtrail\.\w+\.key/g) ?? [];
    };
    expect(await names({})).toEqual([]);
    expect(await names({ key: 'a key for tests that is long enough' })).toEqual([
      'vouchtrail.session.key',
      'vouchtrail.token.key',
    ]);
  });

  it('keeps unknown members, the order of members and every digit as JSON', async () => {
    const next = await startNextReceiver('http/protobuf');
    const stage = await startStage(next);
    const record = `{"observedTimeUnixNano":1760000000123456789 ,"z":[1.10,{"a":null}],"body":{"stringValue":${JSON.stringify(text(1))},"w":1}`;
    const around = [
      '{"v":0,"resourceLogs":[{"resource":{"attributes":[],"u":1},"scopeLogs":[{"logRecords":[',
      ']}]}]}',
    ];
    expect((await post(stage, `${around[0]}${record}}${around[1]}`)).status).toBe(200);
    const forwarded = next.arrived[0]?.body.toString() ?? '';
    const start = `${around[0]}${record},"attributes":[{"key":`;
    expect(forwarded.slice(0, start.length)).toBe(start);
    expect(forwarded.slice(-(around[1]?.length ?? 0) - 2)).toBe(`]}${around[1]}`);
  });
});

describe('a stage whose store does not take events', () => {
  it('forwards nothing, so that a request that comes again is not forwarded twice', async () => {
    const next = await startNextReceiver('grpc');
    // Nobody listens there.
    const database = openDatabase({ url: 'http://127.0.0.1:9', username: 'x', password: '', database: 'x' });
    const stage = await startProcessor({
      database,
      key: 'a key for tests that is long enough',
      host: '127.0.0.1',
      otlpHttpPort: 0,
      logger: silentLogger,
      forward: { url: next.url, protocol: 'grpc', version: '0' },
    });
    onTestFinished(async () => {
      await stage.close();
      await database.close();
    });
    for (let i = 0; i < 2; i++) expect((await post(stage, logsRequest([text(1)]))).status).toBe(503);
    expect(next.arrived).toEqual([]);
    expect([stage.canStore, stage.canForward]).toEqual([false, true]);
  });
});
