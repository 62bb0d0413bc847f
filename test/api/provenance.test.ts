import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestStore } from '../schema/store-fixture.js';
import { migratedStore, startTestApi, type TestApi } from './api-fixture.js';
import { at, eventRow, findingRow, insert, key, sessionRow } from './rows.js';

let store: TestStore;
let api: TestApi;

const ann = { user_key: 'ann@x.example', user_name: 'ann@x.example' };

/** A session as the judging leaves it: created by an event, used, proven. */
const proven = (name: string, createdAt: string, event: string, link: string, fields: object = {}) =>
  sessionRow(name, {
    ...ann,
    created_at: createdAt,
    creation_event_id: key(event),
    creation_link: link,
    verdict: 'proven',
    link,
    first_use: at(10),
    ...fields,
  });

const aws = { source: 'cloudtrail', stream: 'eu-west-1', organization: '111122223333' };
const consoleSession = (name: string, createdAt: string) => ({
  ...aws,
  ...ann,
  session_key: key(name),
  session_kind: 'console',
  session_created_at: createdAt,
  principal_key: key('principal ann'),
});

beforeAll(async () => {
  store = await migratedStore();
  api = await startTestApi(store.database);
  await insert(store.database, {
    events: [
      // A sign-in with a second factor in an event of its own.
      eventRow('pwd', at(0), { ...ann, session_key: key('full'), activity: 'credential_validation', evidence: 'credential', amr: ['pwd'], assurance_level: 1, vouches_for: [key('full')] }),
      eventRow('otp', at(0, 5), { ...ann, session_key: key('full'), activity: 'mfa_success', evidence: 'mfa', amr: ['otp'], assurance_level: 2, vouches_for: [key('full')] }),
      eventRow('start', at(0, 9), { ...ann, session_key: key('full'), activity: 'session_start' }),
      eventRow('full use', at(10), { ...ann, session_key: key('full') }),
      // Evidence that came long after the use does not vouch for it.
      eventRow('late', at(16), { ...ann, session_key: key('full'), activity: 'mfa_success', evidence: 'phishing_resistant', amr: ['hwk'], assurance_level: 3, vouches_for: [key('full')] }),

      // A password alone.
      eventRow('pwd only', at(0), { ...ann, session_key: key('single'), activity: 'sign_in', evidence: 'credential', amr: ['pwd'], assurance_level: 1, vouches_for: [key('single')] }),
      eventRow('single use', at(10), { ...ann, session_key: key('single') }),

      // Two console sessions of one principal: each belongs to the sign-in nearest to its creation.
      eventRow('login 1', at(0), { ...aws, ...ann, activity: 'sign_in', evidence: 'mfa', amr: ['mfa'], assurance_level: 2, vouches_for: [key('principal ann')] }),
      eventRow('console 1', at(10), { ...consoleSession('console 1', at(0, 500_000_000)), token_key: key('ASIA1') }),
      eventRow('console 2', at(10, 1), { ...consoleSession('console 2', at(30)), token_key: key('ASIA2') }),

      // A role: its token was issued in a console session, which was signed in to.
      eventRow('assume', at(11), { ...consoleSession('console 1', at(0, 500_000_000)), activity: 'token_issue', evidence: 'inherited', vouches_for: [key('ASIA-role')] }),
      eventRow('role use', at(12), { ...aws, ...ann, session_key: key('role'), session_kind: 'role', token_key: key('ASIA-role') }),

      // A role that a service assumed.
      eventRow('by service', at(0), { ...aws, activity: 'token_issue', vouches_for: [key('ASIA-service')] }),
      eventRow('service use', at(10), { ...aws, session_key: key('service'), session_kind: 'role', token_key: key('ASIA-service') }),

      // A forged session, and one whose records claim MFA.
      eventRow('forged', at(10), { ...ann, session_key: key('forged'), token_key: key('forged token') }),
      eventRow('claims', at(10), { ...consoleSession('claims', at(5)), principal_key: '', claimed_mfa: true }),

      // A client may choose its session id: another user's sign-in with the same id proves nothing.
      eventRow('thief', at(0), { user_key: 'thief', user_name: 'thief', session_key: key('chosen'), activity: 'sign_in', evidence: 'mfa', vouches_for: [key('chosen')] }),
      eventRow('victim', at(10), { ...ann, session_key: key('chosen') }),

      // No id on the records: user and day stand in for one.
      eventRow('desk sign-in', at(0), { ...ann, session_key: key('implied'), session_implied: true, activity: 'sign_in', evidence: 'mfa', vouches_for: [key('implied')] }),
      eventRow('desk use', at(10), { ...ann, session_key: key('implied'), session_implied: true }),
    ],
    sessions: [
      proven('full', at(0, 9), 'start', 'session', { evidence: 'mfa', assurance_level: 2, amr: ['otp', 'pwd'], last_credential_at: at(0, 5) }),
      proven('single', at(0), 'pwd only', 'session', { evidence: 'credential' }),
      proven('console 1', at(0), 'login 1', 'derived', { source: 'cloudtrail', kind: 'console' }),
      sessionRow('console 2', { ...ann, source: 'cloudtrail', sources: ['cloudtrail'], organization: '111122223333', kind: 'console', created_at: at(30), creation_link: 'asserted', first_use: at(10, 1), verdict: 'unvouched', missing: 'no evidence in store, where sessions of this kind have theirs' }),
      proven('role', at(11), 'assume', 'session', { source: 'cloudtrail', kind: 'role', first_use: at(12) }),
      proven('service', at(0), 'by service', 'session', { source: 'cloudtrail', kind: 'role' }),
      sessionRow('forged', { ...ann, application_id: 'shop', first_use: at(10), verdict: 'unvouched', missing: 'no evidence in store, where sessions of this kind have theirs' }),
      sessionRow('claims', { ...ann, source: 'cloudtrail', sources: ['cloudtrail'], kind: 'console', created_at: at(5), creation_link: 'asserted', first_use: at(10), verdict: 'asserted', link: 'asserted', missing: 'no evidence in store; too few sessions of this kind have theirs in store for that to count' }),
      sessionRow('chosen', { ...ann, first_use: at(10), verdict: 'unproven', missing: 'no evidence in store yet' }),
      sessionRow('implied', { ...ann, implied: true, kind: 'implied', created_at: at(0), creation_event_id: key('desk sign-in'), creation_link: 'session', first_use: at(10), verdict: 'unproven', link: 'user' }),
    ],
    findings: [
      findingRow('forged', { ...ann, session_key: key('forged'), first_event_id: key('forged'), first_seen: at(10), last_seen: at(10) }),
      findingRow('lost', { ...ann, session_key: key('nobody judged it'), first_seen: at(10), last_seen: at(10) }),
    ],
    gates: [
      { tenant: 'default', cell: 'otel||browser|shop', day: '2026-03-02', user_days: 42, closed: 40, users: 9, lower_bound: 0.9, open_for_others: 1, exceptions: [], version: 2 },
      { tenant: 'default', cell: 'otel||browser|shop', day: '2026-03-02', user_days: 1, closed: 0, users: 1, lower_bound: 0, open_for_others: 0, exceptions: [], version: 1 },
      { tenant: 'default', cell: 'cloudtrail|111122223333|console|', day: '2026-03-02', user_days: 12, closed: 11, users: 4, lower_bound: 0.8, open_for_others: 1, exceptions: ['ann@x.example'], version: 1 },
    ],
  });
});
afterAll(async () => {
  await api.close();
  await store.close();
});

interface Edge {
  kind: string;
  link: string;
  key: string | null;
  from: { id: string } | null;
  to: { id: string } | null;
  missing: string | null;
}

const CHAIN = '{ complete text edges { kind link key missing from { id } to { id } } }';
const nameOf = (event: { id: string } | null) => event && Buffer.from(event.id, 'base64url').toString().split('/')[1];

async function chainOf(name: string): Promise<{ complete: boolean; text: string; edges: Edge[] }> {
  const answer = await api.query(`{ session(key: "${key(name)}") { provenance ${CHAIN} } }`);
  expect(answer.errors).toBeUndefined();
  return answer.data.session.provenance;
}

/** Edges as `KIND from -> to (link)`, by the ids of events. */
const drawn = (edges: Edge[]) => edges.map((edge) => [edge.kind, nameOf(edge.from), nameOf(edge.to), edge.link]);

describe('the chain of a proven session', () => {
  it('leads from the use over the beginning and the factor to the credential', async () => {
    const chain = await chainOf('full');
    expect(chain.complete).toBe(true);
    expect(drawn(chain.edges)).toEqual([
      ['SESSION', key('full use'), key('start'), 'SESSION'],
      ['MFA', key('start'), key('otp'), 'SESSION'],
      ['CREDENTIAL', key('otp'), key('pwd'), 'SESSION'],
    ]);
    expect(chain.edges.map((edge) => edge.missing)).toEqual([null, null, null]);
    expect(chain.text).toBe(
      'Proven: in store are the beginning of the session at 2026-03-02T00:00:00.000000009Z (link session), the second factor at 2026-03-02T00:00:00.000000005Z (link session) and the credential at 2026-03-02T00:00:00Z (link session).',
    );
  });

  it('shows a cloud session by the sign-in nearest to its creation', async () => {
    const chain = await chainOf('console 1');
    expect(chain.complete).toBe(true);
    expect(drawn(chain.edges)).toEqual([
      ['SESSION', key('console 1'), key('login 1'), 'DERIVED'],
      ['MFA', key('login 1'), key('login 1'), 'DERIVED'],
      ['CREDENTIAL', key('login 1'), key('login 1'), 'DERIVED'],
    ]);
    expect(chain.edges[0]?.key).toBe(key('principal ann'));
  });

  it("follows a role's token to the session that issued it, and that to its sign-in", async () => {
    const chain = await chainOf('role');
    expect(chain.complete).toBe(true);
    expect(drawn(chain.edges)).toEqual([
      ['TOKEN', key('role use'), key('assume'), 'SESSION'],
      ['SESSION', key('assume'), key('login 1'), 'DERIVED'],
      ['MFA', key('login 1'), key('login 1'), 'DERIVED'],
      ['CREDENTIAL', key('login 1'), key('login 1'), 'DERIVED'],
    ]);
    expect(chain.edges[0]?.key).toBe(key('ASIA-role'));
  });
});

describe('a chain that is not whole', () => {
  it('of a password alone says so and is not complete', async () => {
    const chain = await chainOf('single');
    expect(chain.complete).toBe(false);
    expect(drawn(chain.edges)).toEqual([
      ['SESSION', key('single use'), key('pwd only'), 'SESSION'],
      ['MFA', key('pwd only'), null, 'NONE'],
      ['CREDENTIAL', key('pwd only'), key('pwd only'), 'SESSION'],
    ]);
    expect(chain.edges[1]?.missing).toContain('without a second factor (pwd)');
    expect(chain.text).toMatch(/^Proven: .*; no second factor is in store\.$/);
  });

  it('of a token that a service issued ends with the issue', async () => {
    const chain = await chainOf('service');
    expect(chain.complete).toBe(false);
    expect(drawn(chain.edges)[0]).toEqual(['TOKEN', key('service use'), key('by service'), 'SESSION']);
    for (const edge of chain.edges.slice(1)) expect(edge).toMatchObject({ to: null, link: 'NONE', missing: expect.stringContaining('outside of any session') });
  });

  it("does not borrow the sign-in of the principal's other session, and says that the gate is shut for this user", async () => {
    const chain = await chainOf('console 2');
    expect(chain.complete).toBe(false);
    expect(chain.edges.map((edge) => [edge.kind, edge.to])).toEqual([['TOKEN', null], ['SESSION', null], ['MFA', null], ['CREDENTIAL', null]]);
    expect(chain.edges[0]).toMatchObject({ key: key('ASIA2'), link: 'NONE' });
    expect(chain.edges[1]).toMatchObject({ link: 'ASSERTED', missing: expect.stringContaining('created at 2026-03-02T00:30:00Z') });
    expect(chain.edges[3]?.missing).toBe(
      'Looked for a checked credential under the keys of the session in cloudtrail, and none is in store. The judging said: no evidence in store, where sessions of this kind have theirs. Coverage: not there, for only on 11 of 12 user-days of 4 users in the eight days before, all sessions of this kind had their evidence in store.',
    );
    expect(chain.text).toMatch(/^Unvouched: no /);
  });

  it('of a forged session says what was looked for, where, and that coverage was there', async () => {
    const { edges } = await chainOf('forged');
    for (const edge of edges) {
      expect(edge).toMatchObject({ to: null, link: 'NONE' });
      expect(edge.missing).toMatch(/^Looked for .* in otel, and none is in store\. The judging said: .*\. Coverage: there, for on 40 of 42 user-days of 9 users/);
    }
  });

  it('of records that claim MFA is asserted, and claims no event', async () => {
    const chain = await chainOf('claims');
    expect(chain.complete).toBe(false);
    expect(chain.text).toMatch(/^Asserted only: /);
    expect(chain.edges.find((edge) => edge.kind === 'MFA')).toMatchObject({
      to: null,
      link: 'ASSERTED',
      missing: expect.stringContaining('records themselves claim that MFA happened'),
    });
    expect(chain.edges.find((edge) => edge.kind === 'CREDENTIAL')).toMatchObject({ to: null, link: 'NONE' });
  });

  it("takes no sign-in of another user for a client's own session id", async () => {
    const chain = await chainOf('chosen');
    expect(chain.edges.map((edge) => edge.to)).toEqual([null, null, null]);
  });

  it('of a session without an id is tied by the user alone', async () => {
    const chain = await chainOf('implied');
    expect(chain.complete).toBe(false);
    expect(new Set(chain.edges.map((edge) => edge.link))).toEqual(new Set(['USER']));
  });
});

describe('the chain of a finding', () => {
  it('begins with the use that it was raised for', async () => {
    const answer = await api.query(`{ findings(filter: { text: "forged" }) { nodes { provenance ${CHAIN} session { provenance { text } } } } }`);
    const [finding] = answer.data.findings.nodes;
    expect(drawn(finding.provenance.edges).map(([kind, from]) => [kind, from])).toEqual(
      ['TOKEN', 'SESSION', 'MFA', 'CREDENTIAL'].map((kind) => [kind, key('forged')]),
    );
    expect(finding.provenance.text).toBe(finding.session.provenance.text);
  });

  it('without its session says that none is in store', async () => {
    const answer = await api.query(`{ findings(filter: { text: "lost" }) { nodes { session { key } provenance ${CHAIN} } } }`);
    const [finding] = answer.data.findings.nodes;
    expect(finding.session).toBeNull();
    for (const edge of finding.provenance.edges) expect(edge.missing).toContain('no judged session of that key is in store');
  });
});

describe('assurance', () => {
  it('tells how it came to be, with the event of each change', async () => {
    const answer = await api.query(`{ session(key: "${key('full')}") { assurance { level evidence amr lastCredentialAt history { at level evidence amr event { id } } } } }`);
    expect(answer.data.session.assurance).toMatchObject({ level: 2, evidence: 'MFA', amr: ['otp', 'pwd'], lastCredentialAt: '2026-03-02T00:00:00.000000005Z' });
    expect(
      answer.data.session.assurance.history.map((change: { level: number; evidence: string; event: { id: string } }) => [change.level, change.evidence, nameOf(change.event)]),
    ).toEqual([
      [1, 'CREDENTIAL', key('pwd')],
      [2, 'MFA', key('otp')],
      [3, 'PHISHING_RESISTANT', key('late')],
    ]);
  });

  it('and creation say nothing where nothing is known', async () => {
    const answer = await api.query(`{ session(key: "${key('forged')}") { endedAt creation { at link event { id } } assurance { level evidence lastCredentialAt history { at } } } }`);
    expect(answer.data.session).toEqual({
      endedAt: null,
      creation: { at: null, link: 'NONE', event: null },
      assurance: { level: 0, evidence: 'NONE', lastCredentialAt: null, history: [] },
    });
  });
});
