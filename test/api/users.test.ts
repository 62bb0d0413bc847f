import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeGlobalId } from '../../api/global-id.js';
import type { TestStore } from '../schema/store-fixture.js';
import { migratedStore, startTestApi, type TestApi } from './api-fixture.js';
import { at, eventRow, insert, sessionRow } from './rows.js';

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

describe('users', () => {
  const ofName = async (id: string) => {
    const answer = await api.query('query ($id: String!) { user(id: $id) { id name names } }', { id });
    return answer.errors ? answer.errors[0] : answer.data.user;
  };

  beforeAll(async () => {
    const user = (user_key: string, user_name: string, session: string) =>
      sessionRow(session, { user_key, user_name, last_seen: at(0) });
    await insert(store.database, {
      events: [
        eventRow('without a session', at(0), { user_key: 'seen@x.example', user_name: 'seen@x.example' }),
      ],
      sessions: [
        user('ann@x.example', 'Ann@X.example', 'ann'),
        user('cloudtrail:1:bob', 'bob', 'bob 1'),
        user('cloudtrail:2:bob', 'bob', 'bob 2'),
        user('cloudtrail:1:dora', 'dora', 'dora'),
        { ...user('zoe@y.example', 'zoe@y.example', 'zoe'), tenant: 'other' },
      ],
    });
  });

  it.each([
    ['the id', encodeGlobalId('User', 'ann@x.example'), 'ann@x.example'],
    ['the key', 'ann@x.example', 'ann@x.example'],
    ['the login name, in whatever case', 'ANN@x.EXAMPLE', 'ann@x.example'],
    ['a bare login name', 'dora', 'cloudtrail:1:dora'],
    ['a key that only events name', 'seen@x.example', 'seen@x.example'],
  ])('are found by %s', async (_what, id, expected) => {
    expect(await ofName(id)).toMatchObject({ id: encodeGlobalId('User', expected) });
  });

  it('that nobody knows, or only another tenant, are null', async () => {
    expect(await ofName('nobody')).toBeNull();
    expect(await ofName('zoe@y.example')).toBeNull();
  });

  it('that share a login name are not mistaken for each other', async () => {
    expect(await ofName('bob')).toMatchObject({
      message: expect.stringMatching(/2 users .*"cloudtrail:1:bob", "cloudtrail:2:bob"/),
      extensions: { code: 'BAD_USER_INPUT', argument: 'id' },
    });
  });

  it.each([
    ['ann@x.EXAMPLE', ['ann@x.example']],
    ['BOB', ['cloudtrail:1:bob', 'cloudtrail:2:bob']],
    ['zoe', []],
  ])('are narrowed by the text %s', async (text, keys) => {
    const answer = await api.query(
      'query ($text: String) { users(filter: { text: $text }) { totalCount nodes { id sessions { totalCount } } } }',
      { text },
    );
    expect(answer.data.users).toEqual({
      totalCount: keys.length,
      nodes: keys.map((each) => ({ id: encodeGlobalId('User', each), sessions: { totalCount: 1 } })),
    });
  });
});
