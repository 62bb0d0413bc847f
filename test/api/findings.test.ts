import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestStore } from '../schema/store-fixture.js';
import { migratedStore, startTestApi, type TestApi } from './api-fixture.js';
import { at, eventRow, findingRow, insert, key, sessionRow } from './rows.js';

let store: TestStore;
let api: TestApi;

const titles = (answer: { data: { findings: { nodes: { title: string }[] } } }) =>
  answer.data.findings.nodes.map((node) => node.title.replace('Finding ', ''));

beforeAll(async () => {
  store = await migratedStore();
  api = await startTestApi(store.database);
  await insert(store.database, {
    events: [
      eventRow('f1-use', at(0, 123_456_789), {
        session_key: key('s1'),
        user_key: 'ann@x.example',
        user_name: 'ann@x.example',
      }),
    ],
    sessions: [
      sessionRow('s1', { user_key: 'ann@x.example', user_name: 'ann@x.example', verdict: 'unvouched' }),
    ],
    findings: [
      findingRow('f1', {
        severity: 'high',
        session_key: key('s1'),
        user_key: 'ann@x.example',
        user_name: 'ann@x.example',
        first_event_id: key('f1-use'),
        first_seen: at(0, 123_456_789),
        last_seen: at(0, 123_456_789),
        application_id: 'app-1',
        application_name: 'Payroll',
      }),
    ],
  });
});
afterAll(async () => {
  await api.close();
  await store.close();
});

describe('findings', () => {
  it('say what happened, why it matters and what vouches for it', async () => {
    const answer =
      await api.query(`{ findings { totalCount nodes { id title severity state version points pointReasons { name points text }
      user { id name names } session { key verdict } application { id name } sourceNames link verdict firstSeen lastSeen raisedAt eventCount
      events { totalCount nodes { id time } } provenance { complete text edges { kind link key missing from { id } to { id } } }
      attack { id name url } recommendedResponse revisions { version state at } related { id } evidenceArrived { id } withdrawnBecause
      correlation { id title lastRun { startedAt } } } } }`);
    console.log(JSON.stringify(answer, null, 1), api.logged, api.statements.length);
    expect(answer.errors).toBeUndefined();
    expect(titles(answer)).toEqual(['f1']);
  });
});
