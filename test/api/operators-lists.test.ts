import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestStore } from '../schema/store-fixture.js';
import { migratedStore, startTestApi, type TestApi } from './api-fixture.js';
import { at, eventRow, insert, key, lately, sessionRow } from './rows.js';

/** 23 of everything, in ties of three: only the whole keyset tells neighbours apart. */
const COUNT = 23;
const numbers = [...Array(COUNT).keys()];
const tied = (nth: number) => Math.floor(nth / 3);
const LONG = 'x'.repeat(600);

let store: TestStore;
let api: TestApi;

beforeAll(async () => {
  store = await migratedStore();
  api = await startTestApi(store.database);
  await insert(store.database, {
    events: numbers.flatMap((nth) => [
      eventRow(`of session ${nth}`, at(tied(nth), 1), {
        session_key: key('long'),
        user_key: 'u',
        user_name: 'u',
      }),
      eventRow(`app ${nth}`, at(nth), { application_id: `app-${nth}`, application_name: `App ${tied(nth)}` }),
    ]),
    sessions: [
      ...numbers.map((nth) =>
        sessionRow(`s${nth}`, {
          // Names that are the same at their beginning, and longer than what a cursor keeps of them.
          user_key: `${LONG}${nth}@x.example`,
          user_name: `User ${nth}`,
          last_seen: at(tied(nth)),
        }),
      ),
      sessionRow('long', { first_seen: at(0), last_seen: at(10) }),
    ],
    deadLetters: numbers.map((nth) => ({
      tenant: 'default',
      id: key(`letter ${nth}`),
      received_at: lately(tied(nth) * 1_000),
      source: nth % 2 === 0 ? 'okta' : '',
      path: 'actor.id',
      reason: `not a text, but ${nth}`,
      raw: `{"nth":${nth}}`,
    })),
    runs: numbers.map((nth) => ({
      run_id: 1_000 + tied(nth),
      correlation: ['unvouched-access', 'session-fork', 'judging'][nth % 3],
      started_at: lately(-60_000 + tied(nth) * 1_000),
      duration_ms: nth,
      rows_read: 5_000_000_000,
      error: nth % 5 === 0 ? `failed ${nth}` : '',
    })),
  });
});
afterAll(async () => {
  await api.close();
  await store.close();
});

interface Page {
  nodes: Record<string, unknown>[];
  totalCount: number;
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string };
}

const SHAPE = (fields: string) =>
  `{ totalCount nodes { ${fields} } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }`;

async function pageOf(field: string, args: string, fields: string, inside = ''): Promise<Page> {
  const query = inside
    ? `{ ${inside} { ${field}(${args}) ${SHAPE(fields)} } }`
    : `{ ${field}(${args}) ${SHAPE(fields)} }`;
  const answer = await api.query(query);
  expect(answer.errors).toBeUndefined();
  const data = inside ? answer.data[inside.slice(0, inside.indexOf('('))] : answer.data;
  return data[field];
}

describe.each<[string, string, string, string]>([
  ['users', 'orderBy: NAME_ASC, ', 'id', ''],
  ['users', 'orderBy: NAME_DESC, ', 'id', ''],
  ['users', 'orderBy: LAST_SEEN_ASC, ', 'id', ''],
  ['users', 'orderBy: LAST_SEEN_DESC, ', 'id', ''],
  ['applications', '', 'id', ''],
  ['deadLetters', '', 'id', ''],
  ['correlationRuns', '', 'id', ''],
  ['timeline', '', 'id', `session(key: "${key('long')}")`],
])('%s (%s)', (field, order, fields, inside) => {
  it('come whole and once, page by page, from the start and from the end', async () => {
    const whole = await pageOf(field, `${order}first: 100`, fields, inside);
    const ids = whole.nodes.map((node) => node['id']);
    expect(new Set(ids).size).toBe(COUNT);
    expect(whole.totalCount).toBe(COUNT);

    const forwards: unknown[] = [];
    for (let after = ''; ; ) {
      const next = await pageOf(field, `${order}first: 7${after}`, fields, inside);
      forwards.push(...next.nodes.map((node) => node['id']));
      expect(next.pageInfo.hasNextPage).toBe(forwards.length < COUNT);
      if (!next.pageInfo.hasNextPage) break;
      after = `, after: "${next.pageInfo.endCursor}"`;
    }
    expect(forwards).toEqual(ids);

    const backwards: unknown[] = [];
    for (let before = ''; ; ) {
      const previous = await pageOf(field, `${order}last: 7${before}`, fields, inside);
      backwards.unshift(...previous.nodes.map((node) => node['id']));
      expect(previous.pageInfo.hasPreviousPage).toBe(backwards.length < COUNT);
      if (!previous.pageInfo.hasPreviousPage) break;
      before = `, before: "${previous.pageInfo.startCursor}"`;
    }
    expect(backwards).toEqual(ids);
  });
});

it('a timeline is in order of time, and its events are its own', async () => {
  const { nodes } = await pageOf(
    'timeline',
    'first: 100',
    'time session { key }',
    `session(key: "${key('long')}")`,
  );
  const times = nodes.map((node) => node['time']);
  expect(times).toEqual([...times].sort());
  expect(new Set(nodes.map((node) => (node['session'] as { key: string }).key))).toEqual(
    new Set([key('long')]),
  );
});

it('a timeline goes on to what came in since the session was judged, and over years', async () => {
  const years = 12 * 365 * 24 * 60;
  await insert(store.database, {
    events: [
      eventRow('first of old', at(-years), { session_key: key('old') }),
      eventRow('last of old', at(0), { session_key: key('old') }),
      eventRow('not judged yet', at(30), { session_key: key('old') }),
    ],
    sessions: [sessionRow('old', { first_seen: at(-years), last_seen: at(0) })],
  });
  const { nodes } = await pageOf('timeline', 'first: 100', 'time', `session(key: "${key('old')}")`);
  expect(nodes).toHaveLength(3);
});

describe('dead letters', () => {
  it.each<[string, object, number]>([
    ['nothing', {}, COUNT],
    ['a source', { sources: ['okta'] }, 12],
    ['those without one', { sources: [''] }, 11],
    ['text in the reason', { text: 'BUT 7' }, 1],
    ['text in the path', { text: 'actor' }, COUNT],
    ['text that nothing has', { text: '%' }, 0],
  ])('are narrowed by %s', async (_what, filter, count) => {
    const answer = await api.query(
      'query ($filter: DeadLetterFilter) { deadLetters(filter: $filter) { totalCount } }',
      { filter },
    );
    expect(answer.data.deadLetters.totalCount).toBe(count);
  });

  it('tell their text, which is read only where it is asked for', async () => {
    api.statements.length = 0;
    const without = await api.query(
      '{ deadLetters(filter: { text: "but 7" }) { nodes { source path reason } } }',
    );
    expect(without.data.deadLetters.nodes).toEqual([
      { source: null, path: 'actor.id', reason: 'not a text, but 7' },
    ]);
    expect(api.statements.join()).not.toContain('raw');
    const raws = await api.query('{ deadLetters(first: 100) { nodes { raw reason } } }');
    for (const { raw, reason } of raws.data.deadLetters.nodes) {
      expect(`not a text, but ${JSON.parse(raw).nth}`).toBe(reason);
    }
  });

  it('that come again, also hours later, are one letter, as it was received last', async () => {
    const letter = { tenant: 'default', id: key('again'), source: 'entra', reason: 'old', raw: '{}' };
    for (const [received_at, reason] of [
      [lately(-9 * 3_600_000), 'old'],
      [lately(-3_600_000), 'new'],
    ]) {
      await insert(store.database, { deadLetters: [{ ...letter, received_at, reason }] });
    }
    const { data } = await api.query(
      '{ deadLetters(filter: { sources: ["entra"] }) { totalCount nodes { receivedAt reason raw } } }',
    );
    expect(data.deadLetters).toEqual({
      totalCount: 1,
      nodes: [{ receivedAt: `${lately(-3_600_000).replace(' ', 'T')}Z`, reason: 'new', raw: '{}' }],
    });
  });

  it('of another tenant are not there', async () => {
    await insert(store.database, {
      deadLetters: [
        { tenant: 'other', id: key('other'), received_at: lately(), source: 'gcp', reason: 'x', raw: 'y' },
      ],
    });
    const { data } = await api.query(
      '{ deadLetters(filter: { sources: ["gcp"] }) { totalCount nodes { raw } } }',
    );
    expect(data.deadLetters).toEqual({ totalCount: 0, nodes: [] });
  });
});

describe('runs of correlations', () => {
  it.each<[string, object, number]>([
    ['nothing', {}, COUNT],
    ['a correlation', { correlations: ['session-fork'] }, 8],
    ['the part that all share', { correlations: ['judging'] }, 7],
    ['those that failed', { failedOnly: true }, 5],
    ['those that failed, of one', { failedOnly: true, correlations: ['judging'] }, 2],
    ['a time without any', { startedBefore: '2020-01-01T00:00:00Z' }, 0],
    ['a time', { startedAfter: `${lately(-58_000).replace(' ', 'T')}Z` }, COUNT - 6],
  ])('are narrowed by %s', async (_what, filter, count) => {
    const answer = await api.query(
      'query ($filter: CorrelationRunFilter) { correlationRuns(filter: $filter) { totalCount nodes { id } } }',
      { filter },
    );
    expect(answer.errors).toBeUndefined();
    expect(answer.data.correlationRuns).toMatchObject({ totalCount: count });
    expect(answer.data.correlationRuns.nodes).toHaveLength(count);
  });

  it('come newest first, with all that a run has', async () => {
    const { data } = await api.query(
      '{ correlationRuns(first: 2, filter: { correlations: ["judging"] }) { nodes { id name startedAt durationMs rowsRead error } } correlation(id: "unvouched-access") { lastRun { id } } }',
    );
    expect(data.correlationRuns.nodes).toEqual([
      {
        id: '1006/judging',
        name: 'judging',
        startedAt: `${lately(-54_000).replace(' ', 'T')}Z`,
        durationMs: 20,
        rowsRead: '5000000000',
        error: 'failed 20',
      },
      expect.objectContaining({ id: '1005/judging', error: null }),
    ]);
    expect(data.correlation.lastRun.id).toBe('1007/unvouched-access');
  });
});

describe('applications', () => {
  it('have the level of the policy in force, and NORMAL where it names none', async () => {
    const level = (id: string, given: string) => ({ id, level: given, maximum_seconds: 1, idle_seconds: 1 });
    const policy = (applied_at: string, applications: object[]) => ({
      tenant: 'default',
      applied_at,
      applications,
    });
    await insert(store.database, {
      policies: [
        policy(lately(-1_000), [level('app-0', 'low'), level('app-1', 'low')]),
        policy(lately(), [level('app-1', 'high'), level('app-2', 'low')]),
        { ...policy(lately(1_000), [level('app-3', 'high')]), tenant: 'other' },
      ],
    });
    const levels = async (filter: object) => {
      const answer = await api.query(
        'query ($filter: ApplicationFilter) { applications(first: 100, filter: $filter) { totalCount nodes { id name level } } }',
        { filter },
      );
      expect(answer.errors).toBeUndefined();
      return answer.data.applications;
    };
    expect(await levels({ levels: ['HIGH', 'LOW'] })).toEqual({
      totalCount: 2,
      nodes: [
        { id: 'app-1', name: 'App 0', level: 'HIGH' },
        { id: 'app-2', name: 'App 0', level: 'LOW' },
      ].sort((a, b) => (a.id < b.id ? -1 : 1)),
    });
    expect(await levels({ levels: ['NORMAL'] })).toMatchObject({ totalCount: COUNT - 2 });
    expect(await levels({ text: 'aPP-22' })).toEqual({
      totalCount: 1,
      nodes: [{ id: 'app-22', name: 'App 7', level: 'NORMAL' }],
    });
    const event = await api.query('{ events(first: 100) { nodes { application { id level } } } }');
    const named = event.data.events.nodes.filter((node: { application: object | null }) => node.application);
    expect(
      Object.fromEntries(named.map(({ application: { id, level: shown } }: never) => [id, shown])),
    ).toMatchObject({
      'app-1': 'HIGH',
      'app-2': 'LOW',
      'app-3': 'NORMAL',
    });
  });
});
