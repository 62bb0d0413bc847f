import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestStore } from '../schema/store-fixture.js';
import { migratedStore, startTestApi, type TestApi } from './api-fixture.js';
import { at, eventRow, findingRow, insert, key, lately, sessionRow } from './rows.js';

const folder = fileURLToPath(new URL('../../api/documents/', import.meta.url));
const ann = { user_key: 'ann@x.example', user_name: 'ann@x.example' };
const carl = { user_key: 'carl@x.example', user_name: 'carl@x.example' };

let store: TestStore;
let api: TestApi;

const run = async (name: string, variables: object = {}) => {
  const answer = await api.query(await readFile(join(folder, name), 'utf8'), variables);
  expect(answer.errors).toBeUndefined();
  return answer.data;
};

beforeAll(async () => {
  store = await migratedStore();
  api = await startTestApi(store.database);
  await insert(store.database, {
    events: [
      eventRow('sign-in', at(0), {
        ...ann,
        session_key: key('good'),
        session_id: '102oqWAa7jQUNifE5H3sCRq',
        activity: 'sign_in',
        evidence: 'mfa',
        assurance_level: 2,
        amr: ['otp', 'pwd'],
        vouches_for: [key('good')],
        vendor_event_type: 'user.login',
      }),
      eventRow('use', at(1), { ...ann, session_key: key('good'), address: '192.0.2.7', country: 'DE' }),
      eventRow('forged', at(2), { ...carl, session_key: key('bad') }),
    ],
    sessions: [
      sessionRow('good', {
        ...ann,
        session_id: '102oqWAa7jQUNifE5H3sCRq',
        first_use: at(1),
        created_at: at(0),
        creation_event_id: key('sign-in'),
        creation_link: 'session',
        verdict: 'proven',
        link: 'session',
        evidence: 'mfa',
        assurance_level: 2,
        amr: ['otp', 'pwd'],
        last_credential_at: at(0),
      }),
      sessionRow('bad', { ...carl, first_use: at(2), verdict: 'unvouched', missing: 'no evidence in store' }),
    ],
    findings: [
      findingRow('bad use', {
        ...carl,
        severity: 'high',
        session_key: key('bad'),
        first_event_id: key('forged'),
        first_seen: at(2),
        last_seen: at(2),
      }),
      findingRow('gone', {
        ...ann,
        session_key: key('good'),
        state: 'withdrawn',
        withdrawn_because: 'evidence',
      }),
    ],
    deadLetters: [
      {
        tenant: 'default',
        id: key('letter'),
        received_at: lately(),
        source: 'okta',
        path: 'uuid',
        reason: 'missing',
        raw: '{}',
      },
    ],
    runs: [
      { run_id: 3, correlation: 'session-fork', started_at: lately(-90_000), error: 'gave up' },
      { run_id: 1, correlation: 'unvouched-access', started_at: lately(-60_000), rows_read: 10 },
      {
        run_id: 2,
        correlation: 'unvouched-access',
        started_at: lately(),
        rows_read: 5_000_000_000,
        findings_raised: 1,
      },
    ],
  });
});
afterAll(async () => {
  await api.close();
  await store.close();
});

it('open findings are told with what decided them and what is missing', async () => {
  const { findings } = await run('open-findings.graphql');
  expect(findings.totalCount).toBe(1);
  expect(findings.nodes[0]).toMatchObject({
    severity: 'HIGH',
    title: 'Finding bad use',
    user: { name: 'carl@x.example' },
    pointReasons: [{ name: 'no evidence', points: 4 }],
    provenance: { complete: false },
  });
  for (const edge of findings.nodes[0].provenance.edges) {
    expect(edge).toMatchObject({
      to: null,
      link: 'NONE',
      missing: expect.stringContaining('no evidence in store'),
    });
  }
});

it('a session is told with the proof of its creation and of its evidence', async () => {
  const { session } = await run('session-and-its-proof.graphql', { key: key('good') });
  expect(session).toMatchObject({
    verdict: 'PROVEN',
    aliases: [{ kind: 'SESSION', key: key('good'), vendorId: '102oqWAa7jQUNifE5H3sCRq' }],
    creation: { at: '2026-03-02T00:00:00Z', link: 'SESSION', event: { vendorEventType: 'user.login' } },
    assurance: {
      level: 2,
      evidence: 'MFA',
      history: [{ at: '2026-03-02T00:00:00Z', level: 2, evidence: 'MFA', amr: ['otp', 'pwd'] }],
    },
    provenance: {
      complete: true,
      text: expect.stringMatching(/^Proven: in store are the beginning of the session/),
    },
    findings: { nodes: [{ title: 'Finding gone', state: 'WITHDRAWN' }] },
  });
  expect(session.provenance.edges.map((edge: { kind: string }) => edge.kind)).toEqual([
    'SESSION',
    'MFA',
    'CREDENTIAL',
  ]);
});

it("a user's events are told with the newest first", async () => {
  const { events } = await run('recent-events-of-a-user.graphql', { user: 'ann@x.example' });
  expect(
    events.nodes.map((event: { activity: string; address: string | null }) => [
      event.activity,
      event.address,
    ]),
  ).toEqual([
    ['ACCESS', '192.0.2.7'],
    ['SIGN_IN', null],
  ]);
  expect(events.nodes[0].session).toMatchObject({ verdict: 'PROVEN' });
});

it('correlations are told with their parameters and their last run', async () => {
  const { correlations } = await run('correlations-and-their-last-run.graphql');
  expect(correlations.map((each: { id: string }) => each.id)).toEqual(['session-fork', 'unvouched-access']);
  expect(correlations[1]).toMatchObject({
    parameters: [{ name: 'NonePoints', default: 4, minimum: 0, maximum: 10 }],
    lastRun: {
      startedAt: `${lately().replace(' ', 'T')}Z`,
      rowsRead: '5000000000',
      findingsRaised: 1,
      error: null,
    },
  });
  expect(correlations[0].lastRun).toMatchObject({ error: 'gave up' });
});

it('users are told with what is open about them and their last sessions', async () => {
  const { users } = await run('users-and-their-findings.graphql', { text: 'carl' });
  expect(users.nodes).toMatchObject([
    {
      name: 'carl@x.example',
      findings: { totalCount: 1, nodes: [{ title: 'Finding bad use', severity: 'HIGH' }] },
      sessions: { totalCount: 1, nodes: [{ key: key('bad'), verdict: 'UNVOUCHED' }] },
    },
  ]);
});

it('a session is told from its first event to its last', async () => {
  const { session } = await run('session-timeline.graphql', { key: key('good'), last: 1 });
  expect(session.timeline).toMatchObject({
    totalCount: 2,
    pageInfo: { hasPreviousPage: true },
    nodes: [{ activity: 'ACCESS', address: '192.0.2.7' }],
  });
});

it('coverage is told by source', async () => {
  const { coverage } = await run('coverage-overview.graphql', {
    since: '2026-03-02T00:00:00Z',
    until: '2026-03-03T00:00:00Z',
    filter: { sources: ['otel'] },
  });
  expect(coverage.sources).toMatchObject([
    {
      source: 'otel',
      events: '3',
      shares: { sessionId: 1, mfa: expect.closeTo(1 / 3) },
      hours: [{ hour: '2026-03-02T00:00:00Z', events: 3 }],
      streams: [{ name: 'otel', silent: false }],
      correlations: [
        {
          correlation: { id: 'session-fork' },
          canFire: true,
          reason: expect.stringContaining('strands are told apart by address'),
        },
        {
          correlation: { id: 'unvouched-access' },
          canFire: false,
          reason: expect.stringContaining('no session was used here'),
        },
      ],
    },
  ]);
});

it('what went wrong is told: runs that failed, records that were not understood', async () => {
  const wrong = await run('what-went-wrong.graphql');
  expect(wrong).toEqual({
    correlationRuns: {
      totalCount: 1,
      nodes: [{ name: 'session-fork', startedAt: expect.any(String), error: 'gave up' }],
    },
    deadLetters: {
      totalCount: 1,
      nodes: [{ receivedAt: expect.any(String), source: 'okta', path: 'uuid', reason: 'missing' }],
    },
  });
});

it('a finding is decided about, and that is taken back, with everything in its history', async () => {
  const { findings } = await run('open-findings.graphql');
  const [{ id }] = findings.nodes;
  const decided = await run('triage-findings.graphql', {
    input: {
      ids: [id],
      versions: [1],
      state: 'RESOLVED',
      resolution: 'BENIGN',
      assignee: 'ann',
      note: 'A test.',
    },
  });
  expect(decided.triageFindings).toMatchObject({
    changed: 1,
    results: [{ finding: { id, state: 'RESOLVED', version: 2, assignee: 'ann', resolution: 'BENIGN' } }],
  });
  const noted = await run('add-note.graphql', { input: { id, note: 'Not a test after all.' } });
  expect(noted.addNote.note).toMatchObject({ author: 'local', text: 'Not a test after all.' });
  const stale = await run('triage-findings.graphql', { input: { ids: [id], versions: [2], state: 'OPEN' } });
  expect(stale.triageFindings.results).toMatchObject([
    { __typename: 'StaleVersionError', id, expected: 2, actual: 3, message: expect.any(String) },
  ]);
  const action = decided.triageFindings.results[0].action.id;
  const undone = await run('undo-triage.graphql', { input: { id: action, version: 3 } });
  expect(undone.undoTriage).toMatchObject({
    finding: { state: 'OPEN', version: 4, assignee: null, resolution: null },
    action: { undoes: action },
  });
  const { finding } = await run('finding-and-its-history.graphql', { id });
  expect(finding).toMatchObject({
    state: 'OPEN',
    systemState: 'OPEN',
    version: 4,
    notes: [{ text: 'Not a test after all.' }],
    actions: [
      { kind: 'RESOLVE', author: 'local', resolution: 'BENIGN', note: 'A test.', undone: true },
      { kind: 'NOTE', undone: false },
      { kind: 'UNDO', undoes: action },
    ],
    revisions: [{ version: 1, state: 'OPEN' }],
  });
});

it('every example query is run by one of these tests', async () => {
  expect((await readdir(folder)).sort()).toEqual([
    'add-note.graphql',
    'correlations-and-their-last-run.graphql',
    'coverage-overview.graphql',
    'finding-and-its-history.graphql',
    'open-findings.graphql',
    'recent-events-of-a-user.graphql',
    'session-and-its-proof.graphql',
    'session-timeline.graphql',
    'triage-findings.graphql',
    'undo-triage.graphql',
    'users-and-their-findings.graphql',
    'what-went-wrong.graphql',
  ]);
});
