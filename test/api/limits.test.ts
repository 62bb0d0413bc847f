import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase, type StatementOptions } from '../../schema/store/database.js';
import { StoreRejectedError, StoreUnavailableError } from '../../schema/store/errors.js';
import type { TestStore } from '../schema/store-fixture.js';
import { migratedStore, startTestApi, type TestApi } from './api-fixture.js';

let store: TestStore;
let api: TestApi;

beforeAll(async () => {
  store = await migratedStore();
  api = await startTestApi(store.database);
});
afterAll(async () => {
  await api.close();
  await store.close();
});

/** Fields inside of one another, none of them a list, the innermost the `depth`th. */
function nested(
  depth: number,
  from = 'session(key: "x")',
  repeated = ['creation', 'event', 'session'],
): string {
  const path = [from, ...[...Array(depth).keys()].map((nth) => repeated[nth % repeated.length])].slice(
    0,
    depth - 1,
  );
  return `${path.join(' { ')} { __typename ${'} '.repeat(path.length - 1)}}`;
}

const ACCEPTS = ['application/json', 'application/graphql-response+json', '*/*'];

describe.each(ACCEPTS)('a client that accepts %s', (accept) => {
  it.each([
    ['deeper than 12 fields', `{ ${nested(13)} }`, 'QUERY_TOO_DEEP', '12'],
    [
      'with more than 20 aliases',
      `{ ${[...Array(21).keys()].map((nth) => `a${nth}: viewer { name }`).join(' ')} }`,
      'TOO_MANY_ALIASES',
      '20',
    ],
    ['of more than 1,000 tokens', `{ viewer { ${'name '.repeat(1_000)} } }`, 'QUERY_TOO_LONG', '1000'],
    [
      'of pages within pages without end',
      '{ findings(first: 100) { nodes { related { session { findings(first: 100) { nodes { id } } } } } } }',
      'QUERY_TOO_LARGE',
      '15000',
    ],
  ])('is refused a query %s, with status 400 and the limit', async (_what, query, code, limit) => {
    const answer = await api.query(query, {}, { accept });
    expect(answer.status).toBe(400);
    expect(answer.data).toBeUndefined();
    expect(answer.errors).toHaveLength(1);
    expect(answer.errors?.[0]).toMatchObject({
      extensions: { code },
      message: expect.stringContaining(limit),
    });
    expect(api.statements).toEqual([]);
  });
});

describe('limits leave room for', () => {
  it.each([
    ['12 fields', `{ ${nested(12)} }`],
    ['20 aliases', `{ ${[...Array(20).keys()].map((nth) => `a${nth}: viewer { name }`).join(' ')} }`],
    [
      '100 findings with 100 of something each',
      '{ findings(first: 100) { nodes { session { findings(first: 100) { nodes { id } } } } } }',
    ],
    ['what tools ask of a schema', getIntrospectionQuery()],
  ])('%s', async (_what, query) => {
    const answer = await api.query(query);
    expect(answer.errors).toBeUndefined();
    expect(answer.status).toBe(200);
  });
});

it('fragments do not hide depth, aliases or pages', async () => {
  const deep = await api.query(`{ session(key: "x") { creation { ...A } } }
    fragment A on SessionCreation { event { session { ...B } } }
    fragment B on Session { ${nested(9, 'creation', ['event', 'session', 'creation'])} }`);
  expect(deep.errors?.[0]?.extensions?.['code']).toBe('QUERY_TOO_DEEP');
  const many = await api.query(
    `{ viewer { ...A } } fragment A on Viewer { ${[...Array(21).keys()].map((nth) => `a${nth}: name`).join(' ')} }`,
  );
  expect(many.errors?.[0]?.extensions?.['code']).toBe('TOO_MANY_ALIASES');
  const large = await api.query(
    `query ($n: Int) { findings(first: $n) { nodes { ...A } } }
    fragment A on Finding { related { session { findings(first: $n) { nodes { id } } } } }`,
    { n: 100 },
  );
  expect(large.errors?.[0]?.extensions?.['code']).toBe('QUERY_TOO_LARGE');
});

it('a circle of fragments is refused and not followed', async () => {
  const answer = await api.query(
    '{ findings { nodes { ...A } } } fragment A on Finding { related { ...A } }',
  );
  expect(answer.errors?.[0]?.message).toContain('Cannot spread fragment "A" within itself');
});

it('a body over 1 MB is refused', async () => {
  const response = await fetch(`${api.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ viewer { name } }', variables: { padding: 'x'.repeat(1_000_000) } }),
  });
  expect(response.status).toBe(413);
});

describe('a fault', () => {
  /** A store that fails in one way. */
  const failing = (error: Error): Database =>
    Object.assign(Object.create(store.database) as Database, { query: () => Promise.reject(error) });

  it('is told by an id, and only the log has what happened', async () => {
    const secret = 'SELECT secret FROM x';
    const faulty = await startTestApi(
      failing(new StoreRejectedError(`Syntax error in ${secret}`, 62, false)),
    );
    try {
      const answer = await faulty.query('{ findings { nodes { id } } }');
      const [error] = answer.errors ?? [];
      expect(answer.status).toBe(500);
      expect(error?.extensions).toMatchObject({ code: 'INTERNAL_SERVER_ERROR' });
      expect(JSON.stringify(answer)).not.toContain('secret');
      expect(faulty.logged).toHaveLength(1);
      expect(faulty.logged[0]).toMatchObject({
        level: 'error',
        fields: { errorId: error?.extensions?.['errorId'] },
      });
    } finally {
      await faulty.close();
    }
  });

  it.each([159, 241])('of a statement that costs too much (code %s) is told as such', async (code) => {
    const slow = await startTestApi(failing(new StoreUnavailableError('gave up: SELECT 1', code)));
    try {
      const answer = await slow.query('{ findings { nodes { id } } }');
      expect(answer.errors?.[0]).toMatchObject({
        extensions: { code: 'QUERY_TOO_EXPENSIVE' },
        message: expect.stringContaining('narrow'),
      });
    } finally {
      await slow.close();
    }
  });

  it.each(ACCEPTS)('of a store that is down is 503 STORE_UNAVAILABLE, also for %s', async (accept) => {
    const nobody = openDatabase({ url: 'http://127.0.0.1:9', username: 'x', password: '', database: 'x' });
    const down = await startTestApi(nobody);
    try {
      const answer = await down.query(
        '{ findings { nodes { id } } finding(id: "x") { id } }',
        {},
        { accept },
      );
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toBe('5');
      for (const error of answer.errors ?? [])
        expect(error.extensions).toMatchObject({ code: 'STORE_UNAVAILABLE' });
      expect(JSON.stringify(answer)).not.toContain('127.0.0.1:9');
      expect((await down.query('{ viewer { name } }')).data).toEqual({ viewer: { name: 'local' } });
    } finally {
      await down.close();
      await nobody.close();
    }
  });
});

it('a client that goes away stops its statements, and is nothing to report', async () => {
  let asked: AbortSignal | undefined;
  let arrived = () => {};
  const underWay = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const patient = Object.assign(Object.create(store.database) as Database, {
    query: (_sql: string, params: Record<string, unknown>, options: StatementOptions) => {
      asked = options.signal;
      arrived();
      return store.database.query('SELECT sleep(1) AS slept', params, options);
    },
  });
  const left = await startTestApi(patient);
  try {
    const going = new AbortController();
    const body = JSON.stringify({ query: '{ sessions { totalCount } }' });
    const headers = { 'content-type': 'application/json' };
    const answer = fetch(`${left.url}/graphql`, { method: 'POST', headers, body, signal: going.signal });
    await underWay;
    const stopped = new Promise((resolve) => asked?.addEventListener('abort', resolve));
    going.abort();
    await expect(answer).rejects.toThrow();
    await stopped;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(left.logged).toEqual([]);
  } finally {
    await left.close();
  }
});

it('a statement is stopped by limits of its own and tagged with the operation', async () => {
  const seen: unknown[] = [];
  const watched = Object.assign(Object.create(store.database) as Database, {
    query: (...args: Parameters<Database['query']>) => {
      seen.push(args[2]);
      return store.database.query(...args);
    },
  });
  const observed = await startTestApi(watched);
  try {
    await observed.query('query Mine { findings { nodes { id } } }');
    // The operation's name is only in the request where the client sends it.
    expect(seen[0]).toMatchObject({
      logComment: expect.stringMatching(/^api /),
      settings: { max_execution_time: 20 },
    });
  } finally {
    await observed.close();
  }
});
