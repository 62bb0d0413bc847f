import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestStore } from '../schema/store-fixture.js';
import { migratedStore, startTestApi, type TestApi } from './api-fixture.js';
import { at, eventRow, findingRow, insert, key, sessionRow } from './rows.js';

/** 30 findings, sessions and events: ties in threes, so that only the whole keyset tells neighbours apart. */
const COUNT = 30;
const numbers = [...Array(COUNT).keys()];
const SEVERITIES = ['low', 'medium', 'high'];

interface Connection {
  edges: { cursor: string; node: { id: string } }[];
  nodes: { id: string }[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
  totalCount: number;
}

let store: TestStore;
let api: TestApi;

beforeAll(async () => {
  store = await migratedStore();
  api = await startTestApi(store.database);
  const tied = (nth: number) => at(Math.floor(nth / 3), 1);
  await insert(store.database, {
    events: numbers.map((nth) => eventRow(`e${nth}`, tied(nth), { session_key: key('s0'), user_key: 'u' })),
    sessions: numbers.map((nth) =>
      sessionRow(`s${nth}`, { user_key: 'u', first_seen: tied(nth), last_seen: tied((nth * 7) % COUNT) }),
    ),
    findings: numbers.map((nth) =>
      findingRow(`f${nth}`, {
        severity: SEVERITIES[nth % 3],
        session_key: key('s0'),
        user_key: 'u',
        raised_at: tied(nth).slice(0, 23),
        first_seen: tied((nth * 11) % COUNT),
        last_seen: tied((nth * 7) % COUNT),
      }),
    ),
  });
});
afterAll(async () => {
  await api.close();
  await store.close();
});

async function page(field: string, args: string): Promise<Connection> {
  const answer = await api.query(
    `{ ${field}(${args}) { totalCount edges { cursor node { id } } nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
  );
  expect(answer.errors).toBeUndefined();
  return answer.data[field] as Connection;
}

const ids = (connection: Connection) => connection.edges.map((edge) => edge.node.id);

const LISTS = [
  ['findings', 'RAISED_AT'],
  ['findings', 'LAST_SEEN'],
  ['findings', 'FIRST_SEEN'],
  ['findings', 'SEVERITY'],
  ['sessions', 'LAST_SEEN'],
  ['sessions', 'FIRST_SEEN'],
  ['events', 'TIME'],
].flatMap(([field, order]) => [[field, `${order}_ASC`] as const, [field, `${order}_DESC`] as const]) as [
  string,
  string,
][];

describe.each(LISTS)('%s by %s', (field, order) => {
  it('come whole and once, page by page, over ties', async () => {
    const whole = await page(field, `orderBy: ${order}, first: 100`);
    expect(new Set(ids(whole)).size).toBe(COUNT);
    expect(whole.totalCount).toBe(COUNT);

    const seen: string[] = [];
    for (let after = ''; ; ) {
      const next = await page(field, `orderBy: ${order}, first: 11${after}`);
      seen.push(...ids(next));
      expect(next.nodes.map((node) => node.id)).toEqual(ids(next));
      expect(next.totalCount).toBe(COUNT);
      expect(next.pageInfo.hasPreviousPage).toBe(after !== '');
      expect(next.pageInfo.hasNextPage).toBe(seen.length < COUNT);
      if (!next.pageInfo.hasNextPage) break;
      after = `, after: "${next.pageInfo.endCursor}"`;
    }
    expect(seen).toEqual(ids(whole));
  });

  it('come in the same order when read from the end', async () => {
    const whole = ids(await page(field, `orderBy: ${order}, first: 100`));
    const seen: string[] = [];
    for (let before = ''; ; ) {
      const previous = await page(field, `orderBy: ${order}, last: 11${before}`);
      seen.unshift(...ids(previous));
      expect(previous.pageInfo.hasNextPage).toBe(before !== '');
      expect(previous.pageInfo.hasPreviousPage).toBe(seen.length < COUNT);
      if (!previous.pageInfo.hasPreviousPage) break;
      before = `, before: "${previous.pageInfo.startCursor}"`;
    }
    expect(seen).toEqual(whole);
  });

  it('are exactly reversed in the other direction', async () => {
    const other = order.endsWith('_ASC') ? order.replace('_ASC', '_DESC') : order.replace('_DESC', '_ASC');
    const there = ids(await page(field, `orderBy: ${order}, first: 100`));
    const back = ids(await page(field, `orderBy: ${other}, first: 100`));
    expect(back).toEqual([...there].reverse());
  });
});

it('a stretch between two cursors holds what lies between them', async () => {
  const whole = await page('findings', 'first: 100');
  const [after, before] = [whole.edges[4]?.cursor, whole.edges[9]?.cursor];
  const between = await page('findings', `first: 100, after: "${after}", before: "${before}"`);
  expect(ids(between)).toEqual(ids(whole).slice(5, 9));
  expect(between.totalCount).toBe(COUNT);
});

it('a page has 25 entries unless said', async () => {
  expect(ids(await page('findings', 'orderBy: RAISED_AT_DESC'))).toHaveLength(25);
});

it.each([
  ['first: 0', 'first', '1 to 100'],
  ['first: 101', 'first', '1 to 100'],
  ['first: -1', 'first', '1 to 100'],
  ['last: 500', 'last', '1 to 100'],
  ['first: 5, last: 5', 'last', 'both given'],
  ['after: "nonsense"', 'after', 'not a cursor'],
  ['before: ""', 'before', 'not a cursor'],
])('(%s) is refused, with the argument named', async (args, argument, reason) => {
  const answer = await api.query(`{ findings(${args}) { nodes { id } } }`);
  expect(answer.errors?.[0]).toMatchObject({
    message: expect.stringContaining(reason),
    extensions: { code: 'BAD_USER_INPUT', argument },
  });
  expect(api.logged).toEqual([]);
});

it('a cursor of another order is refused', async () => {
  const { pageInfo } = await page('findings', 'orderBy: SEVERITY_DESC, first: 1');
  const answer = await api.query(
    `{ findings(orderBy: RAISED_AT_DESC, after: "${pageInfo.endCursor}") { nodes { id } } }`,
  );
  expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'after' });
});

it('lists under parents have pages of their own', async () => {
  const answer = await api.query(
    `{ sessions(filter: { users: ["u"] }, orderBy: FIRST_SEEN_ASC, first: 4) { nodes { key findings(first: 2) { totalCount nodes { id } pageInfo { hasNextPage endCursor } } } } }`,
  );
  expect(answer.errors).toBeUndefined();
  const ofSession = Object.fromEntries(
    answer.data.sessions.nodes.map((node: { key: string; findings: Connection }) => [
      node.key,
      node.findings,
    ]),
  ) as Record<string, Connection>;
  expect(ofSession[key('s0')]).toMatchObject({ totalCount: COUNT, pageInfo: { hasNextPage: true } });
  expect(ofSession[key('s0')]?.nodes).toHaveLength(2);
  for (const [session, findings] of Object.entries(ofSession)) {
    if (session !== key('s0'))
      expect(findings).toMatchObject({ totalCount: 0, nodes: [], pageInfo: { hasNextPage: false } });
  }
  const second = await api.query(
    `query ($after: String) { session(key: "${key('s0')}") { findings(first: 2, after: $after) { nodes { id } } } }`,
    { after: ofSession[key('s0')]?.pageInfo.endCursor },
  );
  const whole = await page('findings', 'first: 100');
  expect(
    [...(ofSession[key('s0')]?.nodes ?? []), ...second.data.session.findings.nodes].map(
      (node: { id: string }) => node.id,
    ),
  ).toEqual(ids(whole).slice(0, 4));
});
