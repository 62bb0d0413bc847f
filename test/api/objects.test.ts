import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeGlobalId } from '../../api/global-id.js';
import type { TestStore } from '../schema/store-fixture.js';
import { migratedStore, startTestApi, type TestApi } from './api-fixture.js';
import { FILTER_ROWS } from './filter-rows.js';
import { at, eventRow, insert, key, sessionRow } from './rows.js';

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

const annId = encodeGlobalId('User', 'ann@x.example');

describe('one object', () => {
  it.each<[string, string]>([
    ['a session by key', `session(key: "${key('s-bob')}")`],
    ["a session by the vendor's id and source", 'session(vendorId: "short", source: "cloudtrail")'],
    ['a session by another of its sources', 'session(vendorId: "short", source: "otel")'],
    [
      'a session by its global id',
      `node(id: "${encodeGlobalId('Session', key('s-bob'))}") { ... on Session { key } } other: session(key: "${key('s-bob')}")`,
    ],
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
    expect(answer.errors?.[0]).toMatchObject({
      message: expect.stringContaining('exactly one way'),
      extensions: { code: 'BAD_USER_INPUT' },
    });
  });

  it('is found by the id that it was answered with, whatever its type', async () => {
    const { data } = await api.query(
      `{ findings(first: 1) { nodes { id session { id } user { id } } } events(first: 1, filter: { users: ["bob"] }) { nodes { id } } }`,
    );
    const finding = data.findings.nodes[0];
    for (const id of [finding.id, finding.session.id, finding.user.id, data.events.nodes[0].id]) {
      const answer = await api.query('query ($id: ID!) { node(id: $id) { id __typename } }', { id });
      expect(answer.errors).toBeUndefined();
      expect(answer.data.node.id).toBe(id);
    }
  });

  it('that is not there is null, and not an error', async () => {
    for (const id of [
      ['Finding', key('nothing')],
      ['Session', key('nothing')],
      ['User', 'nobody'],
      ['Event', `${at(0)}/x`],
      ['Event', 'x'],
    ] as const) {
      const answer = await api.query('query ($id: ID!) { node(id: $id) { id } }', {
        id: encodeGlobalId(id[0], id[1]),
      });
      expect(answer).toMatchObject({ data: { node: null }, errors: undefined });
    }
    const others = await api.query(
      `{ session(key: "x") { key } correlation(id: "x") { id } finding(id: "x") { id } }`,
    );
    expect(others).toMatchObject({
      data: { session: null, correlation: null, finding: null },
      errors: undefined,
    });
  });

  it('with an id that nobody gave out is refused', async () => {
    for (const id of ['nonsense', '', encodeGlobalId('Nothing', '1')]) {
      const answer = await api.query('query ($id: ID!) { node(id: $id) { id } }', { id });
      expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'id' });
    }
    const wrong = await api.query('query ($id: ID!) { finding(id: $id) { id } }', { id: annId });
    expect(wrong.errors?.[0]?.message).toContain('not of a finding');
  });

  it('that is a session tells the other ids that its records carry, and whose id it is itself', async () => {
    await insert(store.database, {
      events: [
        eventRow('root', at(0), {
          session_key: key('root'),
          session_aliases: [key('external')],
          token_key: key('t'),
        }),
        eventRow('again', at(1), { session_key: key('root'), session_aliases: [key('external')] }),
        // An issue makes an edge, too, and no other id.
        eventRow('issue', at(2), {
          session_key: key('root'),
          activity: 'token_issue',
          vouches_for: [key('issued')],
        }),
        eventRow('external', at(3), { session_key: key('external'), session_id: 'external-id-0001' }),
        eventRow('not ours', at(0), {
          tenant: 'other',
          session_key: key('root'),
          session_aliases: [key('not ours')],
        }),
      ],
      sessions: [sessionRow('root'), sessionRow('external', { session_id: 'external-id-0001' })],
    });
    const aliases = async (name: string) => {
      const answer = await api.query(`{ session(key: "${key(name)}") { aliases { kind key vendorId } } }`);
      return answer.data.session.aliases;
    };
    expect(await aliases('root')).toEqual([
      { kind: 'ALIAS', key: key('external'), vendorId: null },
      { kind: 'TOKEN', key: key('t'), vendorId: null },
    ]);
    expect(await aliases('external')).toEqual([
      { kind: 'SESSION', key: key('external'), vendorId: 'external-id-0001' },
      { kind: 'ROOT', key: key('root'), vendorId: null },
    ]);
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
