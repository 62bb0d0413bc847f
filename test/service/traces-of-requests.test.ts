import { gzipSync } from 'node:zlib';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  accessRecord,
  endAll,
  eventually,
  type RunningService,
  startedService,
  temporaryFolder,
} from '../program.js';
import { type ReceivedSpan, type TraceReceiver, traceReceiver } from './trace-receiver.js';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const parentSpanId = '00f067aa0ba902b7';
const traceparent = `00-${traceId}-${parentSpanId}-01`;

let receiving: TraceReceiver;
let service: RunningService;

beforeAll(async () => {
  receiving = await traceReceiver();
  service = await startedService(temporaryFolder(), {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiving.url,
    OTEL_BSP_SCHEDULE_DELAY: '50',
  });
});
afterAll(async () => {
  await endAll();
  receiving.close();
});

/** The span of a name that comes because of what is done. */
async function spanOf(name: string, act: () => Promise<unknown>): Promise<ReceivedSpan | undefined> {
  const before = receiving.named(name).length;
  await act();
  await eventually(() => receiving.named(name).length > before);
  const [span, ...more] = receiving.named(name).slice(before);
  expect(more).toEqual([]);
  return span;
}

describe('traces of OTLP requests', () => {
  const post = (body: string | Buffer, headers: Record<string, string> = {}) =>
    fetch(`${service.otlpHttpUrl}/v1/logs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : new Uint8Array(body),
    });
  const requestOf = (...logRecords: object[]) =>
    JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] });

  it('count what came over HTTP, in the trace of its sender', async () => {
    const body = gzipSync(requestOf(accessRecord('ada'), accessRecord('grace')));
    const span = await spanOf('receive logs', () =>
      post(body, { traceparent, tracestate: 'vendor=1', 'content-encoding': 'gzip' }),
    );
    expect(span).toMatchObject({
      kind: 2,
      traceId,
      parentSpanId,
      failed: false,
      attributes: {
        'vouchtrail.transport': 'http',
        'http.response.status_code': 200,
        'vouchtrail.records.received': 2,
        'vouchtrail.records.rejected': 0,
        'vouchtrail.request.bytes': body.length,
      },
    });
    expect(span?.ended).toBeGreaterThan(span?.began ?? Number.POSITIVE_INFINITY);
  });

  it('count what came over gRPC, in the trace of its sender', async () => {
    const client = new Client(new URL(service.otlpGrpcUrl).host, credentials.createInsecure());
    const metadata = new Metadata();
    metadata.set('traceparent', traceparent);
    const asItIs = (bytes: Buffer): Buffer => bytes;
    const path = '/opentelemetry.proto.collector.logs.v1.LogsService/Export';
    // One resource, one scope, one empty record.
    const message = Buffer.from([0x0a, 4, 0x12, 2, 0x12, 0]);
    const span = await spanOf(
      'receive logs',
      () =>
        new Promise((resolve, reject) => {
          client.makeUnaryRequest(path, asItIs, asItIs, message, metadata, (error, answer) =>
            error ? reject(error) : resolve(answer),
          );
        }),
    );
    client.close();
    expect(span).toMatchObject({
      kind: 2,
      traceId,
      parentSpanId,
      attributes: {
        'vouchtrail.transport': 'grpc',
        'rpc.response.status_code': 'OK',
        'vouchtrail.records.received': 1,
      },
    });
  });

  it('say what was kept as a dead letter and what was refused, and of nobody who sent nonsense as a trace', async () => {
    const broken = {
      body: { stringValue: '{"eventVersion": "1.08", "eventSource":' },
      attributes: [source('cloudtrail')],
    };
    const kept = await spanOf('receive logs', () => post(requestOf(broken), { traceparent: 'nonsense' }));
    expect(kept).toMatchObject({
      parentSpanId: '',
      attributes: { 'vouchtrail.records.received': 1, 'vouchtrail.records.rejected': 1 },
    });
    const refused = await spanOf('receive logs', () => post('{"resourceLogs": 7}'));
    expect(refused).toMatchObject({
      failed: false,
      attributes: {
        'http.response.status_code': 400,
        'error.type': 'malformed',
        'vouchtrail.records.received': 0,
      },
    });
  });

  const source = (name: string) => ({ key: 'vouchtrail.source', value: { stringValue: name } });
});

describe('traces of GraphQL operations', () => {
  const ask = (body: object, headers: Record<string, string> = {}) =>
    fetch(`${service.apiUrl}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });

  it('have the type and the name of the operation, in the trace of who asks, and no variables', async () => {
    const query = 'query OneUser($id: String!) { user(id: $id) { name } }';
    const body = { query, variables: { id: 'secret-of-a-variable' }, operationName: 'OneUser' };
    const span = await spanOf('query OneUser', () => ask(body, { traceparent }));
    expect(span).toMatchObject({ kind: 2, traceId, parentSpanId, failed: false });
    expect(span?.attributes).toEqual({
      'graphql.operation.type': 'query',
      'graphql.operation.name': 'OneUser',
    });
    expect(receiving.bodies()).not.toContain('secret-of-a-variable');
  });

  it('name what is anonymous by its type, and cut a name without end', async () => {
    const name = 'x'.repeat(500);
    expect(await spanOf('query', () => ask({ query: '{ viewer { name } }' }))).toMatchObject({
      parentSpanId: '',
      attributes: { 'graphql.operation.type': 'query' },
    });
    const cut = `query ${'x'.repeat(64)}`;
    expect(await spanOf(cut, () => ask({ query: `query ${name} { viewer { name } }` }))).toBeDefined();
  });

  it('say that an operation failed by the code of its error', async () => {
    const span = await spanOf('query Wrong', () =>
      ask({ query: 'query Wrong { sessions(first: 1000) { totalCount } }' }),
    );
    expect(span).toMatchObject({
      failed: true,
      attributes: { 'error.type': 'BAD_USER_INPUT', 'vouchtrail.errors': 1 },
    });
  });
});
