import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestStore } from '../schema/store-fixture.js';
import { migratedStore, startTestApi, type TestApi } from './api-fixture.js';
import { PROVENANCE_ROWS } from './provenance-rows.js';
import { at, eventRow, insert, key, lately } from './rows.js';

let store: TestStore;
let api: TestApi;

beforeAll(async () => {
  store = await migratedStore();
  api = await startTestApi(store.database);
  await insert(store.database, PROVENANCE_ROWS);
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
const nameOf = (event: { id: string } | null) =>
  event && Buffer.from(event.id, 'base64url').toString().split('/')[1];

async function chainOf(name: string): Promise<{ complete: boolean; text: string; edges: Edge[] }> {
  const answer = await api.query(`{ session(key: "${key(name)}") { provenance ${CHAIN} } }`);
  expect(answer.errors).toBeUndefined();
  return answer.data.session.provenance;
}

/** Edges as `KIND from -> to (link)`, by the ids of events. */
const drawn = (edges: Edge[]) =>
  edges.map((edge) => [edge.kind, nameOf(edge.from), nameOf(edge.to), edge.link]);

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

  it.each([
    ['issued to a service', 'service', 'service use', 'by service'],
    ['issued with a long-term key', 'by key', 'key use', 'with key'],
  ])('of a token that was %s ends with the issue', async (_what, session, use, issue) => {
    const chain = await chainOf(session);
    expect(chain.complete).toBe(false);
    expect(drawn(chain.edges)).toEqual([
      ['TOKEN', key(use), key(issue), 'SESSION'],
      ...['SESSION', 'MFA', 'CREDENTIAL'].map((kind) => [kind, key(issue), null, 'NONE']),
    ]);
    for (const edge of chain.edges.slice(1)) expect(edge.missing).toContain('outside of any session');
  });

  it("does not borrow the sign-in of the principal's other session, and says that the gate is shut for this user", async () => {
    const chain = await chainOf('console 2');
    expect(chain.complete).toBe(false);
    expect(chain.edges.map((edge) => [edge.kind, edge.to])).toEqual([
      ['TOKEN', null],
      ['SESSION', null],
      ['MFA', null],
      ['CREDENTIAL', null],
    ]);
    expect(chain.edges[0]).toMatchObject({ key: key('ASIA2'), link: 'NONE' });
    expect(chain.edges[1]).toMatchObject({
      link: 'ASSERTED',
      missing: expect.stringContaining('created at 2026-03-02T00:30:00Z'),
    });
    expect(chain.edges[3]?.missing).toBe(
      "Looked for a checked credential under the keys of the session in cloudtrail, and none is in store. The judging said: no evidence in store, where sessions of this kind have theirs. Coverage: not there: too few users (2 of 3). Leaving out this user's own days: on 13 of 14 user-days of 2 users in the eight days before, every session of this kind had its evidence in store (closure 0.83, and 0.8 is needed). It may still arrive, for not all streams that would carry it have passed the use: eu-west-1 is complete up to 2026-03-01T23:57:00Z.",
    );
    expect(chain.text).toMatch(/^Unvouched: no /);
  });

  it('of a forged session says what was looked for, where, and that coverage was there', async () => {
    const { edges } = await chainOf('forged');
    for (const edge of edges) {
      expect(edge).toMatchObject({ to: null, link: 'NONE' });
      expect(edge.missing).toMatch(
        /^Looked for .* in otel, and none is in store\. The judging said: .*\. Coverage: there\. Leaving out this user's own days: on 48 of 49 user-days of 7 users .* \(closure 0\.95, and 0\.8 is needed\)\. The streams that would carry it have passed the use: otel is complete up to 2026-03-02T00:28:00Z\.$/,
      );
    }
  });

  it('of a sign-in that a provider asserted shows the sign-in, and claims neither factor nor credential', async () => {
    const chain = await chainOf('federated');
    expect(chain.complete).toBe(false);
    expect(drawn(chain.edges)).toEqual([
      ['SESSION', key('federated use'), key('federated'), 'ASSERTED'],
      ['MFA', key('federated'), null, 'NONE'],
      ['CREDENTIAL', key('federated'), null, 'NONE'],
    ]);
    expect(chain.edges[2]?.missing).toMatch(
      /^At 2026-03-02T00:00:00Z a claim from elsewhere stood in for it/,
    );
    expect(chain.text).toMatch(/^Asserted only: /);
  });

  it('of a remembered device says that it stood in for the factor', async () => {
    const chain = await chainOf('remembered');
    expect(chain.edges[1]).toMatchObject({
      kind: 'MFA',
      to: null,
      missing: expect.stringMatching(/remembered device .* without a second factor \(pwd\)/),
    });
    expect(nameOf(chain.edges[2]?.to ?? null)).toBe(key('remembered pwd'));
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

describe('coverage in a chain that is not whole', () => {
  it('is there without any gate where policy declares the source complete', async () => {
    const before = (await chainOf('chosen')).edges[0]?.missing;
    expect(before).toContain('Coverage: unknown');
    const complete = [{ source: 'otel', organization: '', application: '' }];
    await insert(store.database, {
      policies: [{ tenant: 'default', applied_at: lately(), complete_sources: complete }],
    });
    expect((await chainOf('chosen')).edges[0]?.missing).toContain(
      'Coverage: there, for the source is declared complete by policy.',
    );
    await insert(store.database, {
      policies: [{ tenant: 'default', applied_at: lately(1_000), complete_sources: [] }],
    });
    expect((await chainOf('chosen')).edges[0]?.missing).toBe(before);
  });

  it('may still come where a stream that carries the evidence of others is behind', async () => {
    const okta = { source: 'okta', organization: 'acme', stream: 'okta:system' };
    await insert(store.database, { events: [eventRow('of okta', at(4), okta)] });
    await store.database.insertRows('cell_streams', [
      { tenant: 'default', cell: 'otel||browser|shop', ...okta },
      { tenant: 'other', cell: 'otel||browser|shop', ...okta, stream: 'of others' },
    ]);
    expect((await chainOf('forged')).edges[0]?.missing).toMatch(
      / It may still arrive, for not all streams that would carry it have passed the use: okta:system is complete up to 2026-03-01T23:59:00Z\.$/,
    );
  });
});

describe('the chain of a finding', () => {
  it('begins with the use that it was raised for', async () => {
    const answer = await api.query(
      `{ findings(filter: { text: "forged" }) { nodes { provenance ${CHAIN} session { provenance { text } } } } }`,
    );
    const [finding] = answer.data.findings.nodes;
    expect(drawn(finding.provenance.edges).map(([kind, from]) => [kind, from])).toEqual(
      ['TOKEN', 'SESSION', 'MFA', 'CREDENTIAL'].map((kind) => [kind, key('forged')]),
    );
    expect(finding.provenance.text).toBe(finding.session.provenance.text);
  });

  it('without its session says that none is in store', async () => {
    const answer = await api.query(
      `{ findings(filter: { text: "lost" }) { nodes { session { key } provenance ${CHAIN} } } }`,
    );
    const [finding] = answer.data.findings.nodes;
    expect(finding.session).toBeNull();
    for (const edge of finding.provenance.edges)
      expect(edge.missing).toContain('no judged session of that key is in store');
  });
});

describe('assurance', () => {
  it('tells how it came to be, with the event of each change', async () => {
    const answer = await api.query(
      `{ session(key: "${key('full')}") { assurance { level evidence amr lastCredentialAt history { at level evidence amr event { id } } } } }`,
    );
    expect(answer.data.session.assurance).toMatchObject({
      level: 2,
      evidence: 'MFA',
      amr: ['otp', 'pwd'],
      lastCredentialAt: '2026-03-02T00:00:00.000000005Z',
    });
    expect(
      answer.data.session.assurance.history.map(
        (change: { level: number; evidence: string; event: { id: string } }) => [
          change.level,
          change.evidence,
          nameOf(change.event),
        ],
      ),
    ).toEqual([
      [1, 'CREDENTIAL', key('pwd')],
      [2, 'MFA', key('otp')],
      [3, 'PHISHING_RESISTANT', key('late')],
    ]);
  });

  it('and creation say nothing where nothing is known', async () => {
    const answer = await api.query(
      `{ session(key: "${key('forged')}") { endedAt creation { at link event { id } } assurance { level evidence lastCredentialAt history { at } } } }`,
    );
    expect(answer.data.session).toEqual({
      endedAt: null,
      creation: { at: null, link: 'NONE', event: null },
      assurance: { level: 0, evidence: 'NONE', lastCredentialAt: null, history: [] },
    });
  });
});
