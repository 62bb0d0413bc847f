import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestStore } from '../schema/store-fixture.js';
import { migratedStore, startTestApi, type TestApi } from './api-fixture.js';
import { at, eventRow, findingRow, insert, key, sessionRow } from './rows.js';

const COUNT = 100;
const numbers = [...Array(COUNT).keys()];

let store: TestStore;
let api: TestApi;

beforeAll(async () => {
  store = await migratedStore();
  api = await startTestApi(store.database);
  const who = (nth: number) => ({
    user_key: `u${nth}@x.example`,
    user_name: `u${nth}@x.example`,
    session_key: key(`s${nth}`),
  });
  await insert(store.database, {
    events: numbers.flatMap((nth) => [
      eventRow(`in ${nth}`, at(nth), {
        ...who(nth),
        activity: 'sign_in',
        evidence: 'mfa',
        vouches_for: [key(`s${nth}`)],
      }),
      eventRow(`use ${nth}`, at(nth + 1), { ...who(nth), session_aliases: [key(`alias ${nth}`)] }),
      eventRow(`use ${nth} again`, at(nth + 2), { ...who(nth), application_id: `app-${nth}` }),
    ]),
    sessions: numbers.map((nth) =>
      sessionRow(`s${nth}`, {
        ...who(nth),
        first_seen: at(nth),
        last_seen: at(nth + 2),
        first_use: at(nth + 1),
        created_at: at(nth),
        creation_event_id: key(`in ${nth}`),
        creation_link: 'session',
      }),
    ),
    findings: numbers.map((nth) =>
      findingRow(`f${nth}`, {
        ...who(nth),
        application_id: `app-${nth}`,
        first_event_id: key(`use ${nth}`),
        first_seen: at(nth + 1),
        last_seen: at(nth + 2),
        event_count: 2,
      }),
    ),
    runs: [],
  });
  await store.database.insertRows(
    'triage_actions',
    numbers.map((nth) => ({
      tenant: 'default',
      finding_id: key(`f${nth}`),
      at: at(0).slice(0, 23),
      id: `a${nth}`,
      author: 'ann',
      kind: 'acknowledge',
      assignee: `analyst ${nth}`,
      note: `note ${nth}`,
    })),
  );
});
afterAll(async () => {
  await api.close();
  await store.close();
});

/** What a page of this many findings answers, and the statements that it cost. */
async function ask(first: number, fields: string) {
  api.statements.length = 0;
  const answer = await api.query(
    `{ findings(first: ${first}, orderBy: FIRST_SEEN_ASC) { nodes { ${fields} } } }`,
  );
  expect(answer.errors).toBeUndefined();
  return { nodes: answer.data.findings.nodes, statements: api.statements.length };
}

it.each([
  ['nothing else', 'id title state', 2],
  [
    'their user, session and provenance',
    'user { id name } session { id verdict user { name } } provenance { complete text edges { kind from { time } to { time } } }',
    8,
  ],
  ['names of their users', 'user { names }', 3],
  ['their triage', 'state version assignee resolution notes { text } actions { kind author }', 3],
  ['the level of their application', 'application { id level }', 3],
  ['the timelines of their sessions', 'session { timeline(first: 2) { totalCount nodes { activity } } }', 6],
  ['their events', 'events(first: 5) { totalCount nodes { time attributes } }', 6],
  ['what is related, and how they came about', 'related { id } revisions { at }', 4],
  [
    'how the session was created and assured',
    'session { aliases { key } creation { at event { id } } assurance { history { at event { id } } } }',
    7,
  ],
  [
    "the user's and the session's other findings and sessions",
    'user { sessions(first: 2) { totalCount nodes { id } } findings(first: 2) { totalCount nodes { id } } } session { findings(first: 2) { nodes { id } } }',
    9,
  ],
  ['the last run of their correlation', 'correlation { lastRun { startedAt } }', 3],
])(
  'a page of findings with %s costs as many statements whether it has 2 or 100 entries',
  async (_what, fields, most) => {
    const two = await ask(2, fields);
    const hundred = await ask(COUNT, fields);
    expect(hundred.nodes).toHaveLength(COUNT);
    expect(hundred.statements).toBe(two.statements);
    expect(hundred.statements).toBeLessThanOrEqual(most);
    expect(hundred.nodes.slice(0, 2)).toEqual(two.nodes);
  },
);

it('each finding of a page has its own of everything', async () => {
  const { nodes } = await ask(
    COUNT,
    'title eventCount assignee notes { text } session { key aliases { kind key } timeline(first: 1) { totalCount nodes { activity } } } events(first: 1) { totalCount nodes { time } pageInfo { hasNextPage } } provenance { complete }',
  );
  for (const [nth, node] of nodes.entries()) {
    expect(node).toMatchObject({
      title: `Finding f${nth}`,
      assignee: `analyst ${nth}`,
      notes: [{ text: `note ${nth}` }],
      session: {
        key: key(`s${nth}`),
        aliases: [{ kind: 'ALIAS', key: key(`alias ${nth}`) }],
        timeline: { totalCount: 3, nodes: [{ activity: 'SIGN_IN' }] },
      },
      events: {
        totalCount: 2,
        pageInfo: { hasNextPage: true },
        nodes: [
          {
            time: `${at(nth + 1)
              .slice(0, 19)
              .replace(' ', 'T')}Z`,
          },
        ],
      },
      provenance: { complete: true },
    });
  }
});

it('every statement says which tenant it reads', async () => {
  await ask(
    2,
    'user { names } actions { id } application { level } session { aliases { key } provenance { text } timeline { totalCount } } events { nodes { raw } } related { id } revisions { at }',
  );
  for (const statement of api.statements) expect(statement).toContain('tenant = {tenant:String}');
});
