import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeGlobalId } from '../../api/global-id.js';
import type { TestStore } from '../schema/store-fixture.js';
import { migratedStore, startTestApi, type TestApi } from './api-fixture.js';
import { FILTER_ROWS } from './filter-rows.js';
import { insert, key } from './rows.js';

let store: TestStore;
let api: TestApi;

beforeAll(async () => {
  store = await migratedStore();
  api = await startTestApi(store.database);
  await insert(store.database, FILTER_ROWS);
});
afterAll(async () => {
  await api.close();
  await store.close();
});

const T = (minutes: number, fraction = '') => `2026-03-02T00:0${minutes}:00${fraction}Z`;
const annId = encodeGlobalId('User', 'ann@x.example');

describe('findings', () => {
  it.each<[string, object, string[]]>([
    ['nothing', {}, ['1', '2', '3']],
    ['empty lists', { states: [], users: [] }, ['1', '2', '3']],
    ['states', { states: ['OPEN', 'PROVISIONAL'] }, ['1', '2']],
    ['severities', { severities: ['CRITICAL'] }, ['3']],
    ['correlations', { correlations: ['session-fork'] }, ['2']],
    ['an analytic', { attackIds: ['AN0202'] }, ['2']],
    ['a technique', { attackIds: ['T1550.004'] }, ['1', '3']],
    ['a technique with its parts', { attackIds: ['t1550'] }, ['1', '3']],
    ['an analytic that nothing covers', { attackIds: ['AN9999'] }, []],
    ['an analytic of another correlation', { attackIds: ['AN0202'], correlations: ['unvouched-access'] }, []],
    ['a user by key', { users: ['otel:shop:bob'] }, ['2']],
    ['a user by login name', { users: ['bob'] }, ['2']],
    ['a user by login name in other case', { users: ['ANN@x.example'] }, ['1', '3']],
    ['a user by id', { users: [annId] }, ['1', '3']],
    ['a user that nobody is', { users: ['zoe'] }, []],
    ['a session by key', { sessions: [key('s-bob')] }, ['2']],
    ['a session by id', { sessions: [encodeGlobalId('Session', key('s-ann'))] }, ['1']],
    ['an application by id', { applications: ['app-1'] }, ['1']],
    ['an application by name', { applications: ['Payroll'] }, ['1']],
    ['sources', { sources: ['cloudtrail'] }, ['2']],
    ['links', { links: ['ASSERTED'] }, ['1']],
    ['verdicts', { verdicts: ['UNPROVEN'] }, ['2']],
    ['when they were raised', { raisedAfter: T(2), raisedBefore: T(3) }, ['2']],
    ['first seen, to the nanosecond', { firstSeenAfter: T(1, '.000000005'), firstSeenBefore: T(6) }, ['2']],
    ['first seen, a nanosecond later', { firstSeenAfter: T(1, '.000000006'), firstSeenBefore: T(6) }, []],
    ['last seen', { lastSeenAfter: T(5), lastSeenBefore: T(7) }, ['2']],
    ['text', { text: 'finding 3' }, ['3']],
    ['text in other case, beyond ASCII', { text: 'über' }, ['2']],
    ['text that looks like a pattern', { text: '100% ü' }, ['2']],
    ['text with quotes', { text: "' OR 1 = 1 --" }, []],
    ['text with a backslash', { text: '\\ it_s' }, ['2']],
    [
      'several fields',
      { users: ['bob', annId], states: ['OPEN', 'WITHDRAWN'], severities: ['HIGH', 'CRITICAL'] },
      ['1', '3'],
    ],
  ])('are narrowed by %s', async (_what, filter, expected) => {
    const answer = await api.query(
      'query ($filter: FindingFilter) { findings(filter: $filter, orderBy: RAISED_AT_ASC) { totalCount nodes { title } } }',
      { filter },
    );
    expect(answer.errors).toBeUndefined();
    expect(answer.data.findings.nodes.map((node: { title: string }) => node.title)).toEqual(
      expected.map((name) => `Finding ${name}`),
    );
    expect(answer.data.findings.totalCount).toBe(expected.length);
  });
});

describe('sessions', () => {
  it.each<[string, object, string[]]>([
    ['nothing', {}, ['s-ann', 's-bob', 's-old']],
    ['users', { users: ['bob'] }, ['s-bob']],
    ['sources, any of a session', { sources: ['otel'] }, ['s-ann', 's-bob', 's-old']],
    ['a source that one has', { sources: ['cloudtrail'] }, ['s-bob']],
    ['kinds', { kinds: ['CONSOLE', 'API'] }, ['s-bob', 's-old']],
    ['verdicts', { verdicts: ['PROVEN'] }, ['s-ann']],
    [
      'when they were created',
      { startedAfter: '2026-03-01T23:00:00Z', startedBefore: '2026-03-01T23:00:00.000000001Z' },
      ['s-ann'],
    ],
    ['their first record where nothing says', { startedAfter: T(1) }, ['s-bob']],
    ['when they were last seen', { lastSeenAfter: T(0), lastSeenBefore: T(5) }, ['s-ann']],
  ])('are narrowed by %s', async (_what, filter, expected) => {
    const answer = await api.query(
      'query ($filter: SessionFilter) { sessions(filter: $filter) { totalCount nodes { key } } }',
      { filter },
    );
    expect(answer.errors).toBeUndefined();
    const keys = answer.data.sessions.nodes.map((node: { key: string }) => node.key);
    expect(keys.sort()).toEqual(expected.map(key).sort());
    expect(answer.data.sessions.totalCount).toBe(expected.length);
  });
});

describe('events', () => {
  it.each<[string, object, string[]]>([
    ['nothing, within the 7 days before the newest', {}, ['nobody', 'c', 'b', 'a', 'same time']],
    ['users by name', { users: ['bob'] }, ['c', 'b']],
    ['users by id', { users: [annId] }, ['a']],
    ['users and a range', { users: [annId], after: '2026-01-01T00:00:00Z' }, ['a', 'old']],
    ['sessions, over their whole life', { sessions: [key('s-old')] }, ['old']],
    ['sessions and a range', { sessions: [key('s-old')], after: T(0) }, []],
    ['applications', { applications: ['Payroll'] }, ['a']],
    ['sources', { sources: ['cloudtrail'] }, ['c', 'b']],
    ['activities', { activities: ['SIGN_IN', 'ADMIN'] }, ['c', 'b']],
    ['outcomes', { outcomes: ['FAILURE'] }, ['b']],
    ['addresses', { addresses: ['198.51.100.9', '192.0.2.1'] }, ['c', 'a']],
    ['from a nanosecond', { after: T(1, '.000000001'), before: T(2, '.000000002') }, ['b']],
    ['to a nanosecond', { after: T(1, '.000000002'), before: T(2, '.000000003') }, ['c']],
    ['an end alone, 7 days before it', { before: T(0) }, []],
    ['an end 9 days ago', { before: '2026-02-22T00:00:00Z' }, ['old']],
    ['text in the action', { text: 'consolelogin' }, ['b']],
    ['text in the user agent', { text: 'firefox' }, ['a']],
    ['text in the id', { text: key('c') }, ['c']],
  ])('are narrowed by %s', async (_what, filter, expected) => {
    const answer = await api.query(
      'query ($filter: EventFilter) { events(filter: $filter) { totalCount nodes { id } } }',
      { filter },
    );
    expect(answer.errors).toBeUndefined();
    const found = answer.data.events.nodes.map(
      (node: { id: string }) => Buffer.from(node.id, 'base64url').toString().split('/')[1],
    );
    expect([...found].sort()).toEqual(expected.map(key).sort());
    expect(answer.data.events.totalCount).toBe(expected.length);
  });
});

describe('a filter that cannot be meant is refused', () => {
  it.each([
    ['findings', `{ text: "${'x'.repeat(513)}" }`, 'filter.text'],
    ['findings', `{ users: [${'"u",'.repeat(101)}] }`, 'filter.users'],
    [
      'findings',
      '{ raisedAfter: "2026-03-02T00:00:00Z", raisedBefore: "2026-03-02T00:00:00Z" }',
      'filter.raised',
    ],
    [
      'sessions',
      '{ startedAfter: "2026-03-03T00:00:00Z", startedBefore: "2026-03-02T00:00:00Z" }',
      'filter.started',
    ],
    ['events', '{ after: "2026-03-03T00:00:00Z", before: "2026-03-02T00:00:00Z" }', 'filter.'],
  ])('of %s: %s', async (field, filter, argument) => {
    const answer = await api.query(`{ ${field}(filter: ${filter}) { nodes { id } } }`);
    expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument });
  });

  it.each(['2026-03-02', 'yesterday', 5])('a DateTime of %s, as a literal or a variable', async (value) => {
    const literal = await api.query(
      `{ events(filter: { after: ${JSON.stringify(value)} }) { nodes { id } } }`,
    );
    const variable = await api.query(
      'query ($after: DateTime) { events(filter: { after: $after }) { nodes { id } } }',
      { after: value },
    );
    for (const answer of [literal, variable]) {
      expect(answer.errors?.[0]?.message).toContain('RFC 3339');
      expect(answer.status).toBe(400);
    }
    expect(api.logged).toEqual([]);
  });
});
