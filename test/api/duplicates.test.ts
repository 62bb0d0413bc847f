import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestStore } from '../schema/store-fixture.js';
import { migratedStore, startTestApi, type TestApi } from './api-fixture.js';
import { at, eventRow, findingRow, insert, key, lately, sessionRow } from './rows.js';

/*
 * Delivery is at least once: the same event comes again, and schedulers judge the same twice. Until the store has
 * merged its parts, everything is there several times; whoever asks must not see it.
 */

const EVERYTHING = `{
  events(filter: { after: "2026-03-01T00:00:00Z" }) { totalCount nodes { id time activity outcome evidence address country asn amr attributes raw browser os
    user { id name names } session { key } application { id name } vendorEventType } }
  sessions { totalCount nodes { id key aliases { kind key vendorId } timeline { totalCount nodes { id } } firstSeen lastSeen verdict creation { at link event { id } }
    assurance { level evidence amr history { at level evidence amr event { id } } }
    provenance { complete text edges { kind link key missing from { id } to { id } } }
    findings { totalCount nodes { id } } user { sessions { totalCount nodes { id } } findings { totalCount nodes { id } } } } }
  users { totalCount nodes { id name } }
  deadLetters { totalCount nodes { id reason raw } }
  applications { totalCount nodes { id name level } }
  coverage(since: "2026-03-02T00:00:00Z", until: "2026-03-02T01:00:00Z") { sourceCount
    sources { source newest events shares { sessionId device mfa } hours { hour events shares { mfa } } streams { name newest watermark } } }
  findings { totalCount nodes { id version state points title lastSeen eventCount assignee resolution notes { id text } actions { id kind undone } events { totalCount nodes { id } } related { id }
    revisions { version state points at } provenance { text } evidenceArrived { id } withdrawnBecause } }
}`;

const ann = { user_key: 'ann@x.example', user_name: 'ann@x.example' };

/** What arrives, and what is judged, in one delivery. */
function delivery(asn: number, storedAt: string) {
  const facts = { ...ann, ingested_at: storedAt, session_key: key('s'), asn };
  return {
    events: [
      eventRow('sign-in', at(0), {
        ...facts,
        activity: 'sign_in',
        evidence: 'mfa',
        assurance_level: 2,
        amr: ['otp'],
        vouches_for: [key('s')],
        attributes: { delivery: String(asn) },
        raw: `{"delivery":${asn}}`,
      }),
      eventRow('use', at(1, 7), {
        ...facts,
        application_id: 'shop',
        session_aliases: [key('a')],
        token_key: key('token'),
        attributes: {},
        raw: '{}',
      }),
      eventRow('use again', at(2, 8), { ...facts, attributes: {}, raw: '{}' }),
    ],
    deadLetters: [
      {
        tenant: 'default',
        id: key('letter'),
        received_at: storedAt,
        source: 'okta',
        reason: 'odd',
        raw: '{}',
      },
    ],
    sessions: [
      sessionRow('s', {
        ...ann,
        first_use: at(1, 7),
        created_at: at(0),
        creation_event_id: key('sign-in'),
        creation_link: 'session',
        verdict: 'proven',
        evidence: 'mfa',
        version: asn,
      }),
    ],
    findings: [
      findingRow('f', {
        ...ann,
        session_key: key('s'),
        first_event_id: key('use'),
        first_seen: at(1, 7),
        last_seen: at(2, 8),
        event_count: 2,
      }),
      findingRow('f', {
        ...ann,
        session_key: key('s'),
        first_event_id: key('use'),
        first_seen: at(1, 7),
        last_seen: at(2, 8),
        event_count: 2,
        cursor: at(5).slice(0, 23),
        revised_at: at(5).slice(0, 23),
        content_hash: 2,
        revision: 2,
        points: 2,
        state: 'withdrawn',
        withdrawn_because: 'evidence',
        evidence_event_id: key('sign-in'),
      }),
      findingRow('g', { ...ann, session_key: key('s'), first_seen: at(1), last_seen: at(3) }),
    ],
  };
}

const action = (nth: number, fields: object) => ({
  tenant: 'default',
  finding_id: key('f'),
  at: lately(nth),
  id: `a${nth}`,
  author: 'ann',
  ...fields,
});
const ACTIONS = [
  action(1, { kind: 'acknowledge', assignee: 'ann', note: 'mine' }),
  action(2, { kind: 'resolve', resolution: 'benign' }),
  action(3, { kind: 'undo', undoes: 'a2' }),
];

let once: TestStore;
let often: TestStore;
let apis: [TestApi, TestApi];

beforeAll(async () => {
  [once, often] = [await migratedStore(), await migratedStore()];
  for (const table of [
    'events',
    'session_states',
    'finding_revisions',
    'findings',
    'session_evidence',
    'dead_letters',
    'triage_actions',
    'coverage_hours',
    'session_edges',
    'sessions',
  ]) {
    await often.database.command(`SYSTEM STOP MERGES ${table}`);
  }
  await insert(once.database, delivery(5, lately(5)));
  // The last ingested counts, in whichever order the parts lie.
  for (const nth of [3, 5, 1, 4, 2]) await insert(often.database, delivery(nth, lately(nth)));
  await once.database.insertRows('triage_actions', ACTIONS);
  for (let times = 0; times < 5; times++) await often.database.insertRows('triage_actions', ACTIONS);
  apis = [await startTestApi(once.database), await startTestApi(often.database)];
});
afterAll(async () => {
  await Promise.all(apis.map((api) => api.close()));
  await Promise.all([once.close(), often.close()]);
});

describe('what was delivered five times', () => {
  it('is really there five times', async () => {
    const { rows } = await often.database.query<{ total: number }>('SELECT count() AS total FROM events');
    expect(rows[0]?.total).toBe(15);
  });

  it('answers in every field like what was delivered once', async () => {
    const [fromOnce, fromOften] = await Promise.all(apis.map((api) => api.query(EVERYTHING)));
    expect(fromOnce?.errors).toBeUndefined();
    expect(fromOften?.data).toEqual(fromOnce?.data);
    expect(fromOften?.data).toMatchObject({
      events: { totalCount: 3 },
      sessions: { totalCount: 1, nodes: [{ findings: { totalCount: 2 } }] },
      findings: { totalCount: 2 },
      users: { totalCount: 1 },
      deadLetters: { totalCount: 1 },
      applications: { totalCount: 1 },
      coverage: { sourceCount: 2, sources: [{ events: '2' }, { events: '1' }] },
    });
    const event = fromOften?.data.events.nodes.find(
      (node: { activity: string }) => node.activity === 'SIGN_IN',
    );
    expect(event).toMatchObject({ asn: 5, attributes: { delivery: '5' }, raw: '{"delivery":5}' });
    // Two revisions and three actions.
    const finding = fromOften?.data.findings.nodes.find((node: { version: number }) => node.version === 5);
    expect(finding).toMatchObject({
      state: 'ACKNOWLEDGED',
      assignee: 'ann',
      actions: [{ undone: false }, { undone: true }, { kind: 'UNDO' }],
      withdrawnBecause: 'EVIDENCE',
      evidenceArrived: { id: event.id },
      revisions: [
        { version: 1, state: 'OPEN' },
        { version: 2, state: 'WITHDRAWN' },
      ],
      events: { totalCount: 2, nodes: [expect.anything(), expect.anything()] },
      related: [expect.anything()],
    });
  });

  it('has pages without repetitions', async () => {
    const [, api] = apis;
    const first = await api.query(
      '{ events(first: 2, filter: { after: "2026-03-01T00:00:00Z" }) { nodes { time } pageInfo { hasNextPage endCursor } } }',
    );
    const second = await api.query(
      'query ($after: String) { events(first: 2, after: $after, filter: { after: "2026-03-01T00:00:00Z" }) { nodes { time } pageInfo { hasNextPage } } }',
      { after: first.data.events.pageInfo.endCursor },
    );
    expect(first.data.events.nodes.map((node: { time: string }) => node.time)).toEqual([
      '2026-03-02T00:02:00.000000008Z',
      '2026-03-02T00:01:00.000000007Z',
    ]);
    expect(second.data.events).toEqual({
      nodes: [{ time: '2026-03-02T00:00:00Z' }],
      pageInfo: { hasNextPage: false },
    });
  });
});
