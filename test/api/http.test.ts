import { request as httpRequest } from 'node:http';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostRefusal } from '../../api/http/host-check.js';
import { PortInUseError, type ReadinessReport, startApi } from '../../api/server.js';
import type { Database } from '../../schema/store/database.js';
import type { TestStore } from '../schema/store-fixture.js';
import { migratedStore, startTestApi, type TestApi } from './api-fixture.js';

let store: TestStore;
let api: TestApi;
let readiness: ReadinessReport = { status: 'ready', reasons: [] };
let metrics = async () => '# TYPE vouchtrail_up gauge\nvouchtrail_up 1\n';

beforeAll(async () => {
  store = await migratedStore();
  api = await startTestApi(store.database, { readiness: () => readiness, metrics: () => metrics() });
});
afterAll(async () => {
  await api.close();
  await store.close();
});

interface Raw {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** A request with exactly these headers; fetch would not let the Host be chosen. */
function raw(
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Raw> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      `${api.url}${path}`,
      { method: options.method ?? 'GET', headers: options.headers ?? {} },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    request.on('error', reject);
    request.end(options.body);
  });
}

describe('the port of the API', () => {
  it('tells what is there', async () => {
    const index = await raw('/');
    expect(index.status).toBe(200);
    for (const path of ['/graphql', '/healthz', '/readyz', '/metrics']) expect(index.body).toContain(path);
    expect(await raw('/nothing')).toMatchObject({ status: 404, body: expect.stringContaining('/nothing') });
    expect((await raw('/healthz', { method: 'POST' })).status).toBe(405);
  });

  it('says that the process lives', async () => {
    expect(JSON.parse((await raw('/healthz')).body)).toEqual({ status: 'alive', version: '0.0.0-test' });
    expect(await raw('/healthz', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
  });

  it.each<[ReadinessReport['status'], string[], number]>([
    ['ready', [], 200],
    ['starting', ['the store is being migrated'], 503],
    ['store-down', ['the store does not answer'], 503],
    ['draining', ['the service is stopping'], 503],
  ])('says whether it can store and answer: %s', async (status, reasons, expected) => {
    readiness = { status, reasons };
    const answer = await raw('/readyz');
    expect(answer.status).toBe(expected);
    expect(JSON.parse(answer.body)).toEqual({ status, reasons });
    readiness = { status: 'ready', reasons: [] };
  });

  it("gives metrics in Prometheus' text format", async () => {
    const answer = await raw('/metrics');
    expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(answer.body).toBe('# TYPE vouchtrail_up gauge\nvouchtrail_up 1\n');
  });

  it('keeps to itself why metrics failed, and logs it', async () => {
    const before = metrics;
    metrics = () => Promise.reject(new Error('secret'));
    const answer = await raw('/metrics');
    metrics = before;
    expect(answer.status).toBe(500);
    expect(answer.body).not.toContain('secret');
    expect(api.logged.splice(0)).toMatchObject([{ level: 'error', fields: { path: '/metrics' } }]);
  });
});

describe('a request that another site had a browser send', () => {
  const query = JSON.stringify({ query: '{ viewer { name } }' });

  it.each([
    'evil.example',
    'evil.example:4000',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    'a@localhost',
    '[::1',
  ])('is refused for its Host %j, with the reason', async (host) => {
    for (const path of ['/graphql', '/metrics', '/']) {
      const answer = await raw(path, { headers: { host } });
      expect(answer.status).toBe(403);
      expect(answer.body).toContain('Host header');
    }
  });

  it.each(['localhost', 'LOCALHOST:4000', '127.0.0.1:1', '[::1]:4000'])(
    'is let in under the own name %j',
    async (host) => {
      expect((await raw('/healthz', { headers: { host } })).status).toBe(200);
    },
  );

  it('is let in under the name that the server listens on, and no other', () => {
    expect(hostRefusal('vouchtrail.internal:4000', 'vouchtrail.internal')).toBeUndefined();
    expect(hostRefusal('[fd00::1]:4000', 'fd00::1')).toBeUndefined();
    expect(hostRefusal('vouchtrail.internal', '127.0.0.1')).toContain('127.0.0.1');
    expect(hostRefusal(undefined, '127.0.0.1')).toBeDefined();
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/graphql',
    '',
  ])('is refused with the content type %j, which needs no leave of ours', async (type) => {
    const answer = await raw('/graphql', { method: 'POST', headers: { 'content-type': type }, body: query });
    expect(answer.status).toBe(415);
    expect(answer.body).toContain('application/json');
  });

  it('is given no leave to read or to send JSON', async () => {
    const preflight = await raw('/graphql', {
      method: 'OPTIONS',
      headers: {
        origin: 'https://evil.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    });
    const post = await raw('/graphql', {
      method: 'POST',
      headers: { origin: 'https://evil.example', 'content-type': 'application/json; charset=utf-8' },
      body: query,
    });
    for (const answer of [preflight, post]) {
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
    expect(JSON.parse(post.body)).toEqual({ data: { viewer: { name: 'local' } } });
  });
});

it('a query may come by GET', async () => {
  const answer = await raw(`/graphql?query=${encodeURIComponent('{ viewer { tenant } }')}`);
  expect(JSON.parse(answer.body)).toEqual({ data: { viewer: { tenant: 'default' } } });
});

it('several queries in one body are refused', async () => {
  const body = JSON.stringify([{ query: '{ viewer { name } }' }, { query: '{ viewer { name } }' }]);
  const answer = await raw('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  expect(answer.status).toBe(400);
});

describe('GraphiQL', () => {
  it('holds all that it needs and may ask nobody else', async () => {
    const page = await raw('/graphql', { headers: { accept: 'text/html' } });
    expect(page.status).toBe(200);
    expect(page.headers['content-type']).toContain('text/html');
    // What the page itself names; the scripts inside of it are text to this search and are held by the policy.
    const markup = page.body
      .replace(/<script[^>]*>[\s\S]*?<\/script>/g, '<script></script>')
      .replace(/<style[\s\S]*?<\/style>/g, '');
    expect(markup.match(/(?:src|href|action)\s*=\s*["']?(?:https?:)?\/\//gi)).toBeNull();
    expect(page.body.match(/<script[^>]+src=/gi)).toBeNull();
    expect(page.body.match(/@import|url\(\s*["']?(?:https?:)?\/\//gi)).toBeNull();
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("connect-src 'self'");
    expect(policy).not.toMatch(/https?:|\*/);
  });
});

describe('starting and stopping', () => {
  it('a port that is taken is told with its number and the setting', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    const failed = await startTestApi(store.database, { port }).catch((error: unknown) => error);
    await new Promise((resolve) => taken.close(resolve));
    expect(failed).toBeInstanceOf(PortInUseError);
    expect(failed).toMatchObject({
      port,
      message: expect.stringMatching(`${port}[\\s\\S]*VOUCHTRAIL_API_PORT`),
    });
  });

  it('listens on IPv6 and writes its address so', async () => {
    const six = await startTestApi(store.database, { host: '::1' }).catch(
      (error: NodeJS.ErrnoException) => error,
    );
    // Some machines have no IPv6.
    if (six instanceof Error)
      return expect(six).toMatchObject({ code: expect.stringMatching(/EADDRNOTAVAIL|EAFNOSUPPORT/) });
    try {
      expect(six.url).toBe(`http://[::1]:${six.port}`);
      expect((await fetch(`${six.url}/healthz`)).status).toBe(200);
    } finally {
      await six.close();
    }
  });

  it('answers what is under way before it closes, and takes nothing new', async () => {
    let started = () => {};
    const underWay = new Promise<void>((resolve) => {
      started = resolve;
    });
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow = Object.assign(Object.create(store.database) as Database, {
      query: async (...args: Parameters<Database['query']>) => {
        started();
        await held;
        return store.database.query(...args);
      },
    });
    const closing = await startTestApi(slow);
    const answer = closing.query('{ sessions { totalCount } }');
    await underWay;
    const before = performance.now();
    const closed = closing.close();
    await expect(fetch(`${closing.url}/healthz`)).rejects.toThrow();
    release();
    expect((await answer).data).toEqual({ sessions: { totalCount: 0 } });
    await closed;
    await closing.close();
    expect(performance.now() - before).toBeLessThan(2_500);
  });

  it('an address that is not of this machine is told as such', async () => {
    await expect(startApi({ ...unusable, host: '192.0.2.1', port: 0 })).rejects.toMatchObject({
      code: 'EADDRNOTAVAIL',
    });
  });
});

const unusable = {
  get database() {
    return store.database;
  },
  logger: { info() {}, warn() {}, error() {} },
  correlations: [],
  readiness: () => readiness,
  metrics: () => metrics(),
  version: '',
};
