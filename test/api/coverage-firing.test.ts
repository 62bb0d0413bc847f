import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Covered, covered } from './coverage-fixture.js';
import { at, eventRow, insert, lately } from './rows.js';

let on: Covered;
beforeAll(async () => {
  on = await covered();
});
afterAll(() => on.close());

describe('correlations', () => {
  const firing = async (source: string, region?: string) => {
    const filter = { sources: [source], ...(region ? { regions: [region] } : {}) };
    const { sources } = await on.coverage(
      'sources { correlations { correlation { id } sessionKind canFire reason gate { userDays closed users closure needed } } }',
      { filter },
    );
    return sources[0].correlations.map(({ correlation, ...rest }: { correlation: { id: string } }) => ({
      id: correlation.id,
      ...rest,
    }));
  };

  it('can fire where a gate is open, and tell why not where it is shut, by kind of session', async () => {
    const all = await firing('cloudtrail', 'eu-west-1');
    const young =
      '; source too young: sessions that may be older than its first record of 2026-03-02T00:00:00Z are not judged';
    expect(all.filter((each: { id: string }) => each.id === 'unvouched-access')).toEqual([
      {
        id: 'unvouched-access',
        sessionKind: 'ROLE',
        canFire: false,
        reason: `too few users (2 of 3), too few user-days (4 of 5)${young}`,
        gate: { userDays: 4, closed: 4, users: 2, closure: 0.8, needed: 0.8 },
      },
      {
        id: 'unvouched-access',
        sessionKind: 'CLI',
        canFire: false,
        reason: `closure 0.31 of 0.8 needed; open on 2026-02-25, so findings are provisional${young}`,
        gate: expect.objectContaining({ userDays: 6, closed: 3, users: 3 }),
      },
      {
        id: 'unvouched-access',
        sessionKind: 'CONSOLE',
        canFire: true,
        reason: `open: on 21 of 21 user-days of 3 users in the eight days before, every session of this kind had its evidence in store (closure 0.95, and 0.8 is needed)${young}`,
        gate: expect.objectContaining({ userDays: 21, closed: 21 }),
      },
    ]);
    expect(all.filter((each: { id: string }) => each.id === 'evidence-gap')).toMatchObject([
      {
        sessionKind: 'ROLE',
        canFire: false,
        reason: expect.stringContaining('not covered within the 28 days'),
      },
      {
        sessionKind: 'CLI',
        canFire: true,
        reason:
          'covered on 2026-02-25, within the 28 days before; raised, for it is missing since 2026-03-01T00:00:00Z',
      },
      { sessionKind: 'CONSOLE', canFire: true, reason: 'covered on 2026-03-02, within the 28 days before' },
    ]);
  });

  it('cannot while the stream that carries the evidence is silent', async () => {
    expect(
      (await firing('okta')).filter((each: { id: string }) => each.id === 'unvouched-access'),
    ).toMatchObject([
      {
        sessionKind: 'BROWSER',
        canFire: false,
        reason: 'the stream okta:system is silent since 2026-03-02T05:30:00Z: findings are provisional',
      },
    ]);
  });

  it.each([
    ['otel', undefined, /^no session was used here in the eight days before 2026-03-02; source too young/],
    ['entra', undefined, /^no records in this time$/],
  ])('say of %s why nothing is known', async (source, region, reason) => {
    for (const each of await firing(source, region)) {
      if (each.id === 'session-fork') continue;
      expect(each).toMatchObject({ sessionKind: null, canFire: false, gate: null });
      expect(each.reason).toMatch(reason);
    }
  });

  it('say of a source without session ids that it has none', async () => {
    await insert(on.store.database, {
      events: [eventRow('no ids', at(300), { source: 'gcp', stream: 'gcp' })],
    });
    expect(await firing('gcp')).toMatchObject([
      { id: 'evidence-gap', canFire: false, reason: 'no session ids: none of its 1 records names a session' },
      { id: 'session-fork', canFire: false, reason: 'no addresses: none of its 1 records has one' },
      {
        id: 'unvouched-access',
        canFire: false,
        reason: 'no session ids: none of its 1 records names a session',
      },
    ]);
  });

  it('that judge strands are told of once for a place, by what its records have', async () => {
    const [fork, ...more] = (await firing('cloudtrail', 'eu-west-1')).filter(
      (each: { id: string }) => each.id === 'session-fork',
    );
    expect(more).toEqual([]);
    expect(fork).toEqual({
      id: 'session-fork',
      sessionKind: null,
      canFire: true,
      reason:
        'strands are told apart by address (on 100 % of its records), client (50 %); LOW at most before 2026-03-07T00:00:00Z, in the first 5 days of its source',
      gate: null,
    });
  });

  it('need no gate where policy declares the source complete', async () => {
    const complete = (source: string, organization: string) => ({ source, organization, application: '' });
    const policy = {
      tenant: 'default',
      applied_at: lately(),
      complete_sources: [complete('cloudtrail', '1111')],
    };
    await insert(on.store.database, { policies: [policy] });
    for (const each of await firing('cloudtrail', 'eu-west-1')) {
      if (each.id !== 'unvouched-access') continue;
      expect(each).toMatchObject({
        canFire: true,
        reason: expect.stringMatching(/^declared complete by policy/),
      });
    }
    const later = {
      ...policy,
      applied_at: lately(1_000),
      complete_sources: [complete('cloudtrail', 'another')],
    };
    await insert(on.store.database, { policies: [later] });
    const [, role] = await firing('cloudtrail', 'eu-west-1');
    expect(role.reason).not.toContain('declared');
  });
});

describe('gaps', () => {
  const GAP = 'kind source organization sessionKind since until text finding { title }';

  it('are evidence that is missing, and hours in which a source was silent that usually speaks', async () => {
    const { gaps } = await on.coverage(`gaps { ${GAP} }`);
    expect(gaps).toEqual([
      {
        kind: 'EVIDENCE',
        source: 'cloudtrail',
        organization: '1111',
        sessionKind: 'CLI',
        since: '2026-03-01T00:00:00Z',
        until: null,
        text: 'Summary of gap.',
        finding: { title: 'Finding gap' },
      },
      {
        kind: 'SILENCE',
        source: 'okta',
        organization: 'acme',
        sessionKind: null,
        since: '2026-02-27T10:00:00Z',
        until: '2026-02-27T13:00:00Z',
        text: 'No record of okta of acme from 2026-02-27T10:00:00Z to 2026-02-27T13:00:00Z, where others of its days have some at these hours.',
        finding: null,
      },
      // The last hour may be late and is not counted yet.
      expect.objectContaining({
        kind: 'SILENCE',
        since: '2026-03-02T06:00:00Z',
        until: null,
        text: expect.stringContaining('from 2026-03-02T06:00:00Z to 2026-03-02T11:00:00Z and none since'),
      }),
    ]);
  });

  it('are those of the time and the sources that are asked for', async () => {
    const friday = await on.coverage(`gaps { ${GAP} }`, {
      since: '2026-02-27T00:00:00Z',
      until: '2026-02-28T00:00:00Z',
    });
    expect(friday.gaps).toMatchObject([{ kind: 'SILENCE', until: '2026-02-27T13:00:00Z' }]);
    const aws = await on.coverage(`gaps { ${GAP} }`, { filter: { sources: ['cloudtrail'] } });
    expect(aws.gaps).toMatchObject([{ kind: 'EVIDENCE' }]);
  });

  it('have a finding that has neither session nor user, and says so', async () => {
    const { gaps } = await on.coverage(
      'gaps { finding { user { id } session { id } related { id } events { totalCount } provenance { edges { kind } complete text } } }',
    );
    expect(gaps[0].finding).toEqual({
      user: null,
      session: null,
      related: [],
      events: { totalCount: 0 },
      provenance: { edges: [], complete: false, text: expect.stringContaining('all sessions of a kind') },
    });
  });
});
