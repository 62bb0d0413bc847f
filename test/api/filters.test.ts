import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeGlobalId } from '../../api/global-id.js';
import type { TestStore } from '../schema/store-fixture.js';
import { migratedStore, startTestApi, type TestApi } from './api-fixture.js';
import { at, eventRow, findingRow, insert, key, sessionRow } from './rows.js';

let store: TestStore;
let api: TestApi;

const ann = { user_key: 'ann@x.example', user_name: 'Ann@X.example' };
const bob = { user_key: 'otel:shop:bob', user_name: 'bob' };
const payroll = { application_id: 'app-1', application_name: 'Payroll' };

beforeAll(async () => {
  store = await migratedStore();
  api = await startTestApi(store.database);
  await insert(store.database, {
    events: [
      eventRow('a', at(0), { ...ann, ...payroll, session_key: key('s-ann'), address: '192.0.2.1', user_agent: 'Firefox' }),
      eventRow('b', at(1, 1), { ...bob, session_key: key('s-bob'), source: 'cloudtrail', activity: 'sign_in', outcome: 'failure', action: 'signin:ConsoleLogin' }),
      eventRow('c', at(2, 2), { ...bob, session_key: key('s-bob'), source: 'cloudtrail', activity: 'admin', address: '198.51.100.9' }),
      eventRow('nobody', at(3), {}),
      eventRow('old', at(-9 * 24 * 60), { ...ann, session_key: key('s-old') }),
      // Another user's event at the very same moment must not come along.
      eventRow('same time', at(0), { user_key: 'other', user_name: 'other' }),
      eventRow('not ours', at(1), { ...ann, tenant: 'other', session_key: key('s-ann') }),
    ],
    sessions: [
      sessionRow('s-ann', { ...ann, kind: 'browser', verdict: 'proven', session_id: 'ann-session-id-0001', created_at: at(-60), first_seen: at(0), last_seen: at(0) }),
      sessionRow('s-bob', { ...bob, source: 'cloudtrail', sources: ['cloudtrail', 'otel'], kind: 'console', verdict: 'unvouched', session_id: 'short', first_seen: at(1), last_seen: at(5) }),
      sessionRow('s-old', { ...ann, kind: 'api', verdict: 'asserted', first_seen: at(-9 * 24 * 60), last_seen: at(-9 * 24 * 60) }),
      sessionRow('s-ann', { ...ann, tenant: 'other', session_id: 'not ours', verdict: 'unvouched' }),
    ],
    findings: [
      findingRow('1', { ...ann, ...payroll, severity: 'high', session_key: key('s-ann'), raised_at: at(1).slice(0, 23), first_seen: at(0), last_seen: at(0), verdict: 'unvouched', link: 'asserted' }),
      findingRow('2', { ...bob, severity: 'low', session_key: key('s-bob'), raised_at: at(2).slice(0, 23), first_seen: at(1, 5), last_seen: at(5), sources: ['cloudtrail'], state: 'provisional', verdict: 'unproven', correlation: 'session-fork', summary: '100% ÜBER-odd \\ it_s' }),
      findingRow('3', { ...ann, severity: 'critical', session_key: key('s-old'), raised_at: at(3).slice(0, 23), first_seen: at(6), last_seen: at(7), state: 'withdrawn', withdrawn_because: 'evidence' }),
      findingRow('not ours', { ...ann, tenant: 'other', session_key: key('s-ann') }),
    ],
  });
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
    ['several fields', { users: ['bob', annId], states: ['OPEN', 'WITHDRAWN'], severities: ['HIGH', 'CRITICAL'] }, ['1', '3']],
  ])('are narrowed by %s', async (_what, filter, expected) => {
    const answer = await api.query(
      'query ($filter: FindingFilter) { findings(filter: $filter, orderBy: RAISED_AT_ASC) { totalCount nodes { title } } }',
      { filter },
    );
    expect(answer.errors).toBeUndefined();
    expect(answer.data.findings.nodes.map((node: { title: string }) => node.title)).toEqual(expected.map((name) => `Finding ${name}`));
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
    ['when they were created', { startedAfter: '2026-03-01T23:00:00Z', startedBefore: '2026-03-01T23:00:00.000000001Z' }, ['s-ann']],
    ['their first record where nothing says', { startedAfter: T(1) }, ['s-bob']],
    ['when they were last seen', { lastSeenAfter: T(0), lastSeenBefore: T(5) }, ['s-ann']],
  ])('are narrowed by %s', async (_what, filter, expected) => {
    const answer = await api.query('query ($filter: SessionFilter) { sessions(filter: $filter) { totalCount nodes { key } } }', { filter });
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
    const answer = await api.query('query ($filter: EventFilter) { events(filter: $filter) { totalCount nodes { id } } }', { filter });
    expect(answer.errors).toBeUndefined();
    const found = answer.data.events.nodes.map((node: { id: string }) =>
      Buffer.from(node.id, 'base64url').toString().split('/')[1],
    );
    expect([...found].sort()).toEqual(expected.map(key).sort());
    expect(answer.data.events.totalCount).toBe(expected.length);
  });
});

describe('a filter that cannot be meant is refused', () => {
  it.each([
    ['findings', '{ text: "' + 'x'.repeat(513) + '" }', 'filter.text'],
    ['findings', `{ users: [${'"u",'.repeat(101)}] }`, 'filter.users'],
    ['findings', '{ raisedAfter: "2026-03-02T00:00:00Z", raisedBefore: "2026-03-02T00:00:00Z" }', 'filter.raised'],
    ['sessions', '{ startedAfter: "2026-03-03T00:00:00Z", startedBefore: "2026-03-02T00:00:00Z" }', 'filter.started'],
    ['events', '{ after: "2026-03-03T00:00:00Z", before: "2026-03-02T00:00:00Z" }', 'filter.'],
  ])('of %s: %s', async (field, filter, argument) => {
    const answer = await api.query(`{ ${field}(filter: ${filter}) { nodes { id } } }`);
    expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument });
  });

  it.each(['2026-03-02', 'yesterday', 5])('a DateTime of %s, as a literal or a variable', async (value) => {
    const literal = await api.query(`{ events(filter: { after: ${JSON.stringify(value)} }) { nodes { id } } }`);
    const variable = await api.query('query ($after: DateTime) { events(filter: { after: $after }) { nodes { id } } }', { after: value });
    for (const answer of [literal, variable]) {
      expect(answer.errors?.[0]?.message).toContain('RFC 3339');
      expect(answer.status).toBe(400);
    }
    expect(api.logged).toEqual([]);
  });
});

describe('one object', () => {
  it.each<[string, string]>([
    ['a session by key', `session(key: "${key('s-bob')}")`],
    ["a session by the vendor's id and source", 'session(vendorId: "short", source: "cloudtrail")'],
    ['a session by another of its sources', 'session(vendorId: "short", source: "otel")'],
    ['a session by its global id', `node(id: "${encodeGlobalId('Session', key('s-bob'))}") { ... on Session { key } } other: session(key: "${key('s-bob')}")`],
  ])('is found: %s', async (_what, field) => {
    const answer = await api.query(`{ ${field} { ${field.includes('session(') ? 'key verdict' : 'id'} } }`);
    expect(answer.errors).toBeUndefined();
    expect(JSON.stringify(answer.data)).toContain(key('s-bob'));
  });

  it.each([
    '',
    `(key: "${key('s-bob')}", vendorId: "short", source: "cloudtrail")`,
    '(vendorId: "short")',
    '(source: "cloudtrail")',
    `(key: "${key('s-bob')}", source: "cloudtrail")`,
  ])('a session is asked for in exactly one way, not by %s', async (args) => {
    const answer = await api.query(`{ session${args} { key } }`);
    expect(answer.errors?.[0]).toMatchObject({ message: expect.stringContaining('exactly one way'), extensions: { code: 'BAD_USER_INPUT' } });
  });

  it('is found by the id that it was answered with, whatever its type', async () => {
    const { data } = await api.query(`{ findings(first: 1) { nodes { id session { id } user { id } } } events(first: 1, filter: { users: ["bob"] }) { nodes { id } } }`);
    const finding = data.findings.nodes[0];
    for (const id of [finding.id, finding.session.id, finding.user.id, data.events.nodes[0].id]) {
      const answer = await api.query('query ($id: ID!) { node(id: $id) { id __typename } }', { id });
      expect(answer.errors).toBeUndefined();
      expect(answer.data.node.id).toBe(id);
    }
  });

  it('that is not there is null, and not an error', async () => {
    for (const id of [['Finding', key('nothing')], ['Session', key('nothing')], ['User', 'nobody'], ['Event', `${at(0)}/x`], ['Event', 'x']] as const) {
      const answer = await api.query('query ($id: ID!) { node(id: $id) { id } }', { id: encodeGlobalId(id[0], id[1]) });
      expect(answer).toMatchObject({ data: { node: null }, errors: undefined });
    }
    const others = await api.query(`{ session(key: "x") { key } correlation(id: "x") { id } finding(id: "x") { id } }`);
    expect(others).toMatchObject({ data: { session: null, correlation: null, finding: null }, errors: undefined });
  });

  it('with an id that nobody gave out is refused', async () => {
    for (const id of ['nonsense', '', encodeGlobalId('Nothing', '1')]) {
      const answer = await api.query('query ($id: ID!) { node(id: $id) { id } }', { id });
      expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'id' });
    }
    const wrong = await api.query('query ($id: ID!) { finding(id: $id) { id } }', { id: annId });
    expect(wrong.errors?.[0]?.message).toContain('not of a finding');
  });

  it('of another tenant is not there', async () => {
    const answer = await api.query(`{
      finding(id: "${key('not ours')}") { id }
      node(id: "${encodeGlobalId('Event', `${at(1)}/${key('not ours')}`)}") { id }
      session(key: "${key('s-ann')}") { verdict aliases { vendorId } }
      viewer { name tenant roles }
    }`);
    expect(answer.data).toMatchObject({
      finding: null,
      node: null,
      session: { verdict: 'PROVEN', aliases: [{ vendorId: 'ann-session-id-0001' }] },
      viewer: { name: 'local', tenant: 'default', roles: ['ADMIN'] },
    });
    expect(api.logged).toEqual([]);
  });
});
