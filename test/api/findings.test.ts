import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestStore } from '../schema/store-fixture.js';
import { migratedStore, startTestApi, type TestApi } from './api-fixture.js';
import { at, eventRow, findingRow, insert, key, sessionRow } from './rows.js';

const DAY = 24 * 60;
const ann = { user_key: 'ann@x.example', user_name: 'ann@x.example' };

let store: TestStore;
let api: TestApi;

beforeAll(async () => {
  store = await migratedStore();
  api = await startTestApi(store.database);
  await insert(store.database, {
    events: [
      eventRow('use', at(0), { ...ann, session_key: key('s') }),
      eventRow('use later', at(30), { ...ann, session_key: key('s') }),
      eventRow('log-out', at(31), { ...ann, session_key: key('s'), activity: 'session_end' }),
      eventRow('sign-in', at(-1), {
        ...ann,
        session_key: key('s'),
        activity: 'sign_in',
        evidence: 'credential',
        vouches_for: [key('s')],
        vendor_event_type: 'user.login',
      }),
    ],
    sessions: [sessionRow('s', { ...ann })],
    findings: [
      findingRow('main', { ...ann, session_key: key('s'), first_seen: at(0), last_seen: at(0) }),
      findingRow('same user', { ...ann, session_key: key('s2'), first_seen: at(DAY), last_seen: at(DAY) }),
      findingRow('same session', { session_key: key('s'), first_seen: at(-DAY), last_seen: at(-DAY) }),
      findingRow('too late', { ...ann, first_seen: at(3 * DAY), last_seen: at(3 * DAY) }),
      findingRow('somebody else', { user_key: 'bob', session_key: key('s3') }),
      findingRow('of a removed correlation', { correlation: 'no-longer-here', user_key: 'carl' }),
    ],
  });
});
afterAll(async () => {
  await api.close();
  await store.close();
});

async function finding(name: string, fields: string) {
  const answer = await api.query(`{ finding(id: "${key(name)}") { ${fields} } }`);
  expect(answer.errors).toBeUndefined();
  return answer.data.finding;
}

describe('a finding', () => {
  it('shows the uses behind it from its first to its last, and no log-out', async () => {
    expect(await finding('main', 'events { totalCount }')).toEqual({ events: { totalCount: 1 } });
  });

  it('shows newer figures than those of its last revision', async () => {
    const figures = {
      ...findingRow('main', ann),
      session_key: key('s'),
      first_seen: at(0),
      last_seen: at(30),
    };
    // As the scheduler writes figures alone: no revision, only the finding as it is now.
    await store.database.insertRows('findings', [
      { ...figures, event_count: 2, revision_order: '4000000000000000000' },
    ]);
    const shown = await finding(
      'main',
      'version lastSeen eventCount events { totalCount } revisions { version }',
    );
    expect(shown).toEqual({
      version: 1,
      lastSeen: '2026-03-02T00:30:00Z',
      eventCount: 2,
      events: { totalCount: 2 },
      revisions: [{ version: 1 }],
    });
    const listed = await api.query(
      '{ findings(filter: { text: "Finding main" }) { totalCount nodes { eventCount } } }',
    );
    expect(listed.data.findings).toEqual({ totalCount: 1, nodes: [{ eventCount: 2 }] });
  });

  it('has relations on its session and its user within a day', async () => {
    const { related } = await finding('main', 'related { title }');
    expect(related.map((other: { title: string }) => other.title).sort()).toEqual([
      'Finding same session',
      'Finding same user',
    ]);
  });

  it('that evidence withdrew shows what arrived, and what it was before', async () => {
    await insert(store.database, {
      sessions: [sessionRow('w', { ...ann, evidence_keys: [key('s')] })],
      findings: [
        findingRow('withdrawn', { ...ann, session_key: key('w') }),
        findingRow('withdrawn', {
          ...ann,
          session_key: key('w'),
          cursor: at(9).slice(0, 23),
          content_hash: 7,
          revision: 2,
          state: 'withdrawn',
          withdrawn_because: 'evidence',
          evidence_event_id: key('sign-in'),
          verdict: 'proven',
        }),
      ],
    });
    const fields =
      'state verdict withdrawnBecause evidenceArrived { vendorEventType time } revisions { version state verdict }';
    expect(await finding('withdrawn', fields)).toEqual({
      state: 'WITHDRAWN',
      verdict: 'PROVEN',
      withdrawnBecause: 'EVIDENCE',
      evidenceArrived: { vendorEventType: 'user.login', time: '2026-03-01T23:59:00Z' },
      revisions: [
        { version: 1, state: 'OPEN', verdict: 'UNVOUCHED' },
        { version: 2, state: 'WITHDRAWN', verdict: 'PROVEN' },
      ],
    });
  });

  it('outlives its correlation', async () => {
    const shown = await finding(
      'of a removed correlation',
      'correlation { id description sql lastRun { error } } attack { id } recommendedResponse',
    );
    expect(shown).toMatchObject({
      correlation: {
        id: 'no-longer-here',
        description: expect.stringContaining('not installed'),
        lastRun: null,
      },
      attack: [],
      recommendedResponse: [],
    });
  });

  it('names what of ATT&CK it is, with the page of a technique', async () => {
    expect(await finding('main', 'attack { id name url } recommendedResponse')).toEqual({
      attack: [
        { id: 'AN0201', name: 'Anomalous session token use', url: null },
        {
          id: 'T1550.004',
          name: 'Web Session Cookie',
          url: 'https://attack.mitre.org/techniques/T1550/004/',
        },
      ],
      recommendedResponse: ['Revoke the session.', 'Ask the user.'],
    });
  });

  it('that two schedulers raised a millisecond apart is listed once', async () => {
    const raised = (milliseconds: string) =>
      findingRow('raced', {
        user_key: 'dora',
        raised_at: `2026-03-02 00:01:00.${milliseconds}`,
        content_hash: Number(milliseconds),
      });
    await insert(store.database, { findings: [raised('001'), raised('002')] });
    const answer = await api.query('{ findings(filter: { users: ["dora"] }) { totalCount nodes { id } } }');
    expect(answer.data.findings).toMatchObject({ totalCount: 1, nodes: [{ id: expect.any(String) }] });
  });
});
