import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeGlobalId } from '../../api/global-id.js';
import { loadSqlFile } from '../../schema/store/sql-file.js';
import type { TestStore } from '../schema/store-fixture.js';
import { migratedStore, startTestApi, type TestApi } from './api-fixture.js';
import { at, eventRow, insert, lately, sessionRow } from './rows.js';

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

describe('privileged users', () => {
  let admins: TestStore;
  let asked: TestApi;
  const named = (user_name: string, user_key = user_name.toLowerCase()) => ({ user_key, user_name });
  const [ann, bob, root] = [named('Ann@x.example'), named('bob@x.example'), named('Root@x.example')];
  const [cloudAdmin, cloudUser] = [named('dora', 'cloudtrail:1:dora'), named('erik', 'cloudtrail:1:erik')];

  beforeAll(async () => {
    admins = await migratedStore();
    asked = await startTestApi(admins.database);
    const act = (name: string, minutes: number, who: object, fields: object) =>
      eventRow(name, at(minutes), { ...who, activity: 'admin', action: 'user.lifecycle.create', ...fields });
    const iam = (call: string) => ({ source: 'cloudtrail', action: `iam.amazonaws.com:${call}` });
    const made = act('made a user', 1, ann, { target_user_key: 'new@x.example' });
    await insert(admins.database, {
      events: [
        made,
        // A batch that came twice.
        { ...made, ingested_at: lately(5) },
        act('unlocked one', 2, ann, { target_user_key: 'bob@x.example', action: 'user.account.unlock' }),
        act('changed own factor', 3, bob, { target_user_key: 'bob@x.example' }),
        act('was refused', 4, bob, { outcome: 'failure' }),
        act('attached a policy', 5, cloudAdmin, iam('AttachUserPolicy')),
        act('changed own password', 6, cloudUser, iam('ChangePassword')),
        act('of another tenant', 7, bob, { tenant: 'other' }),
        ...Array.from({ length: 101 }, (_, minute) =>
          act(`of a busy one ${minute}`, 10 + minute, named('busy@x.example'), {
            action: 'application.lifecycle.update',
          }),
        ),
        eventRow('used', at(8), named('break-glass@x.example')),
      ],
      sessions: [ann, bob, root, cloudAdmin, cloudUser].map((user, number) =>
        sessionRow(`session ${number}`, { ...user, last_seen: at(number) }),
      ),
      policies: [
        { tenant: 'default', applied_at: lately(-1_000), privileged_users: ['bob@x.example'] },
        {
          tenant: 'default',
          applied_at: lately(),
          privileged_users: ['root@X.example', 'erik', 'break-glass@x.example', 'nobody@x.example'],
        },
        { tenant: 'other', applied_at: lately(1_000), privileged_users: ['bob@x.example'] },
      ],
    });
  });
  afterAll(async () => {
    await asked.close();
    await admins.close();
  });

  it.each([
    ['policy names, in whatever case', 'root@x.example', 'POLICY', 'Policy names the user.'],
    ['policy names by a bare login name', 'cloudtrail:1:erik', 'POLICY', 'Policy names the user.'],
    ['policy names, without a session', 'break-glass@x.example', 'POLICY', 'Policy names the user.'],
    [
      'did administrative acts, each counted once',
      'ann@x.example',
      'ADMIN',
      'Did 2 administrative acts, the last at 2026-03-02T00:02:00Z: user.account.unlock.',
    ],
    [
      'did a hundred and more',
      'busy@x.example',
      'ADMIN',
      'Did 100 or more administrative acts, the last at 2026-03-02T01:50:00Z: application.lifecycle.update.',
    ],
    [
      'did one',
      'cloudtrail:1:dora',
      'ADMIN',
      'Did 1 administrative act at 2026-03-02T00:05:00Z: iam.amazonaws.com:AttachUserPolicy.',
    ],
  ])('are those whom %s', async (_how, id, reason, text) => {
    const answer = await asked.query(
      'query ($id: String!) { user(id: $id) { privileged { reason text } } }',
      { id },
    );
    expect(answer.data.user.privileged).toEqual({ reason, text });
  });

  it('are not those who changed what is their own, were refused, or are privileged elsewhere or were before', async () => {
    const answer = await asked.query('{ user(id: "bob@x.example") { privileged { reason } } }');
    expect(answer.data.user).toEqual({ privileged: null });
  });

  it.each([
    [true, ['ann@x.example', 'cloudtrail:1:dora', 'cloudtrail:1:erik', 'root@x.example']],
    [false, ['bob@x.example']],
    [null, ['ann@x.example', 'bob@x.example', 'cloudtrail:1:dora', 'cloudtrail:1:erik', 'root@x.example']],
  ])('are told apart by the filter (%s)', async (privileged, keys) => {
    const answer = await asked.query(
      'query ($privileged: Boolean) { users(filter: { privileged: $privileged }) { totalCount nodes { id } } }',
      { privileged },
    );
    expect(answer.data.users).toEqual({
      totalCount: keys.length,
      nodes: keys.map((each) => ({ id: encodeGlobalId('User', each) })),
    });
  });

  it('are looked for only where somebody asks', async () => {
    const { text } = await loadSqlFile('queries/users.sql');
    const rowsRead = async (privileged: string) =>
      (await admins.database.query(text, { tenant: 'default', text: '', privileged })).rowsRead;
    // The five sessions.
    expect(await rowsRead('')).toBe(5);
    expect(await rowsRead('yes')).toBeGreaterThan(10);
  });
});
