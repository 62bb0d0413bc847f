import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  HostNotLoopbackError,
  isExplained,
  PortBusyError,
  StartAbortedError,
  startService,
} from '../service/service.js';
import { accessRecord, anyPorts, eventually, freePort, send, temporaryFolder } from './program.js';
import {
  closeServices,
  configOf,
  externalStore,
  failure,
  listening,
  someKey,
  started,
  toBeClosed,
} from './service/service-fixture.js';

afterEach(closeServices);

async function busyPort(): Promise<number> {
  const server: Server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  toBeClosed(() => server.close());
  return (server.address() as { port: number }).port;
}

describe('startService', () => {
  it('takes free ports in place of busy ones where it may, and says which', async () => {
    const busy = await Promise.all(
      Object.keys(anyPorts).map(async (name): Promise<[string, string]> => [name, `${await busyPort()}`]),
    );
    const service = await started(configOf(Object.fromEntries(busy)), { anyPortIfBusy: true });
    const urls = [service.otlpHttpUrl, service.otlpGrpcUrl, service.apiUrl];
    const taken = urls.map((url) => new URL(url ?? '').port);
    expect(new Set([...taken, ...busy.map(([, port]) => port)]).size).toBe(6);
    expect(await send(service.otlpHttpUrl ?? '', [accessRecord('someone')])).toBe(200);
    expect((await fetch(`${service.apiUrl}/readyz`)).status).toBe(200);
  });

  it('names the setting of a busy port where it may not', async () => {
    const port = await busyPort();
    const error = await failure(started(configOf({ VOUCHTRAIL_API_PORT: String(port) })));
    expect(error).toBeInstanceOf(PortBusyError);
    expect(error).toMatchObject({ setting: 'VOUCHTRAIL_API_PORT', port });
    expect(isExplained(error)).toBe(true);
  });

  it('refuses an address that others may reach before it touches the data folder', async () => {
    const error = await failure(started(configOf({ VOUCHTRAIL_HOST: '0.0.0.0' })));
    expect(error).toBeInstanceOf(HostNotLoopbackError);
    expect(isExplained(error)).toBe(true);
  });

  it('says which data folder cannot be used', async () => {
    const path = join(temporaryFolder(), 'file');
    writeFileSync(path, '');
    const error = await failure(started(configOf({ VOUCHTRAIL_DATA_DIR: join(path, 'below') })));
    expect(String(error)).toContain(join(path, 'below'));
    expect(isExplained(error)).toBe(true);
  });

  it('closes twice as it closes once, and its ports are free afterwards', async () => {
    const config = configOf({ VOUCHTRAIL_API_PORT: String(await freePort()) });
    const first = await started(config);
    await Promise.all([first.close(), first.close()]);
    const second = await started(config);
    expect(second.apiUrl).toBe(first.apiUrl);
  });

  it('runs on a ClickHouse by URL as on its own, and makes the database there', async () => {
    const { environment } = await externalStore('elsewhere');
    const service = await started(configOf(environment));
    expect(await send(service.otlpHttpUrl ?? '', [accessRecord('guest')])).toBe(200);
    const answer = await service.database?.query('SELECT user_name FROM elsewhere.report_events');
    expect(answer?.rows).toEqual([{ user_name: 'guest@example.com' }]);
  });

  it('waits for a server that does not answer yet, says so, and can be told to stop waiting', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const apiPort = await freePort();
    const { log, surroundings } = listening();
    const patience = new AbortController();
    const config = configOf({
      VOUCHTRAIL_CLICKHOUSE_URL: url,
      VOUCHTRAIL_KEY: someKey,
      VOUCHTRAIL_API_PORT: String(apiPort),
    });
    const end = failure(startService(config, { ...surroundings, signal: patience.signal }));
    expect(
      await eventually(() =>
        log.some((line) => line.includes('the store does not answer') && line.includes(url)),
      ),
    ).toBe(true);
    const readiness = await fetch(`http://127.0.0.1:${apiPort}/readyz`);
    expect(readiness.status).toBe(503);
    expect(await readiness.json()).toMatchObject({ status: 'starting' });
    patience.abort();
    expect(await end).toBeInstanceOf(StartAbortedError);
    await expect(fetch(`http://127.0.0.1:${apiPort}/readyz`)).rejects.toThrow();
  });

  it('receives nothing and judges nothing where its roles are those of an API', async () => {
    const service = await started(configOf({ VOUCHTRAIL_ROLES: 'api' }));
    expect(service.otlpHttpUrl).toBe(undefined);
    expect((await fetch(`${service.apiUrl}/readyz`)).status).toBe(200);
    const answer = await service.database?.query('SELECT count() AS runs FROM correlation_runs');
    expect(answer?.rows).toEqual([{ runs: 0 }]);
  });

  it('answers for its health, and nothing else, on the API’s port where it has no API', async () => {
    const service = await started(configOf({ VOUCHTRAIL_ROLES: 'processor' }));
    expect(service.apiUrl).toBe(undefined);
    const [ready, graphql, metrics] = await Promise.all(
      ['readyz', 'graphql?query={viewer{name}}', 'metrics'].map((path) =>
        fetch(`${service.healthUrl}/${path}`),
      ),
    );
    expect([ready?.status, graphql?.status, metrics?.status]).toEqual([200, 404, 200]);
    expect(await metrics?.text()).toContain('vouchtrail_queue_rows 0');
  });
});
