import { readdirSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { startOtlpGrpcReceiver } from '../../processor/receiver/grpc-server.js';
import { startOtlpHttpReceiver } from '../../processor/receiver/http-server.js';
import type { LogRecord } from '../../processor/receiver/log-record.js';
import { silentLogger } from '../processor/export/silent-logger.js';
import { accessRecord, eventually, send } from '../program.js';
import {
  closeServices,
  configOf,
  metricsOf,
  readiness,
  someKey,
  started,
  toBeClosed,
} from './service-fixture.js';

afterEach(closeServices);

/** The next receiver: another one of ours, which keeps what it gets. */
async function nextReceiver(protocol: 'http/protobuf' | 'grpc') {
  const records: LogRecord[] = [];
  const start = protocol === 'grpc' ? startOtlpGrpcReceiver : startOtlpHttpReceiver;
  const receiver = await start({
    host: '127.0.0.1',
    port: 0,
    logger: silentLogger,
    accept: async (batch) => {
      records.push(...batch.records);
      return { rejected: 0 };
    },
  });
  toBeClosed(() => receiver.close());
  return { url: receiver.url, records, close: () => receiver.close() };
}

const forwardTo = (url: string, more: Record<string, string> = {}) => ({
  VOUCHTRAIL_FORWARD_OTLP: url,
  ...more,
});

describe('a service that forwards', () => {
  it('stores and forwards: the record goes on with what was found out about it', async () => {
    const next = await nextReceiver('http/protobuf');
    const service = await started(configOf(forwardTo(next.url)));
    expect(await send(service.otlpHttpUrl ?? '', [accessRecord('both')])).toBe(200);
    const answer = await service.database?.query('SELECT user_name FROM report_events');
    expect(answer?.rows).toEqual([{ user_name: 'both@example.com' }]);
    const [record] = next.records;
    expect(record?.attributes).toMatchObject({
      'user.name': 'both@example.com',
      'vouchtrail.source': 'otel',
    });
    expect(record?.attributes['vouchtrail.session.key']).toMatch(/^[0-9a-f]{32}$/);
  });

  it.each(['http/protobuf', 'grpc'] as const)(
    'needs no store, no key and no data folder to enrich and forward over %s',
    async (protocol) => {
      const next = await nextReceiver(protocol);
      const off = { VOUCHTRAIL_STORE: 'off', VOUCHTRAIL_FORWARD_OTLP_PROTOCOL: protocol };
      const config = configOf(forwardTo(next.url, off));
      const service = await started(config);
      expect(service).toMatchObject({ apiUrl: undefined, database: undefined });
      expect(await send(service.otlpHttpUrl ?? '', [accessRecord('passing')])).toBe(200);
      const [record] = next.records;
      expect(record?.attributes).toMatchObject({ 'vouchtrail.source': 'otel' });
      expect(Object.keys(record?.attributes ?? {})).not.toContain('vouchtrail.session.key');
      expect(readdirSync(config.dataDir)).toEqual([]);
    },
  );

  it('appends keys without a store where it has a key', async () => {
    const next = await nextReceiver('http/protobuf');
    const off = { VOUCHTRAIL_STORE: 'off', VOUCHTRAIL_KEY: someKey };
    const service = await started(configOf(forwardTo(next.url, off)));
    expect(await send(service.otlpHttpUrl ?? '', [accessRecord('keyed')])).toBe(200);
    expect(next.records[0]?.attributes['vouchtrail.session.key']).toMatch(/^[0-9a-f]{32}$/);
  });

  it('answers for its health without a store, and shows the metrics of what it does', async () => {
    const next = await nextReceiver('http/protobuf');
    const service = await started(configOf(forwardTo(next.url, { VOUCHTRAIL_STORE: 'off' })));
    await send(service.otlpHttpUrl ?? '', [accessRecord('one'), accessRecord('two')]);
    expect(await readiness(service.healthUrl)).toEqual({ code: 200, status: 'ready', reasons: [] });
    expect((await fetch(`${service.healthUrl}/healthz`)).status).toBe(200);
    expect((await fetch(`${service.healthUrl}/graphql`)).status).toBe(404);
    const metrics = await metricsOf(service.healthUrl);
    expect(metrics).toMatch(/^vouchtrail_forward_records_total\{result="taken"\} 2$/m);
    expect(metrics).toMatch(/^vouchtrail_forward_ready 1$/m);
    expect(metrics).not.toMatch(/vouchtrail_(store|insert|queue|disk|cursor|findings|events)/);
  });

  it('has senders come again while the next receiver is gone, and is degraded, not unready', async () => {
    const next = await nextReceiver('http/protobuf');
    const service = await started(configOf(forwardTo(next.url, { VOUCHTRAIL_STORE: 'off' })));
    await next.close();
    expect(await send(service.otlpHttpUrl ?? '', [accessRecord('waiting')])).toBe(503);
    expect(await readiness(service.healthUrl)).toMatchObject({ code: 200, status: 'degraded' });
    expect(await metricsOf(service.healthUrl)).toMatch(/^vouchtrail_forward_ready 0$/m);
  });

  it('sends its headers along, and never logs them', async () => {
    const secret = 'Bearer swordfish';
    const { createServer } = await import('node:http');
    const seen: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(401).end();
      request.resume();
    }).listen(0, '127.0.0.1');
    toBeClosed(() => void server.close());
    await eventually(() => server.listening);
    const { port } = server.address() as { port: number };
    const headers = { VOUCHTRAIL_FORWARD_OTLP_HEADERS: `authorization=${encodeURIComponent(secret)}` };
    const service = await started(
      configOf(forwardTo(`http://127.0.0.1:${port}`, { VOUCHTRAIL_STORE: 'off', ...headers })),
    );
    await send(service.otlpHttpUrl ?? '', [accessRecord('denied')]);
    expect(seen).toContain(secret);
    expect(service.log.length).toBeGreaterThan(0);
    expect(service.log.join('')).not.toContain('swordfish');
  });
});
