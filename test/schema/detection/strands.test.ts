import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { access, DAY, type EventRow, HOUR, MINUTE, signIn } from './event-rows.js';
import { type Judging, judging } from './judging-fixture.js';

const TODAY = Date.UTC(2026, 10, 20);
const NOON = TODAY + 12 * HOUR;

const home = { asn: 3320, network: '198.51.100.0/24', country: 'DE', browser_version: '140' } as const;
const hosting = { asn: 14061, network: '203.0.113.0/24', country: 'US', network_class: 'hosting' } as const;
const vpn = { asn: 9009, network: '203.0.113.0/24', country: 'SE', network_class: 'vpn' } as const;
const carrier = { asn: 6805, network: '192.0.2.0/24', country: 'DE', network_class: 'mobile' } as const;
const python = { client_kind: 'tool', browser: 'python-requests', os: '' } as const;

/** Nine days on which users sign in and work from their homes. */
function days(users: readonly string[] = ['ada', 'bo', 'cy', 'di']): EventRow[] {
  return users.flatMap((user, index) =>
    Array.from({ length: 9 }, (_, day) => {
      const began = TODAY - (9 - day) * DAY + 8 * HOUR;
      const place = { ...home, asn: home.asn + index };
      return [
        signIn(began, user, `${user}-${day}`, place),
        access(began + MINUTE, user, `${user}-${day}`, place),
        access(began + HOUR, user, `${user}-${day}`, place),
      ];
    }).flat(),
  );
}

const morning = (user = 'ada', more: Partial<EventRow> = {}) => [
  signIn(NOON - 3 * HOUR, user, 'today', { ...home, ...more }),
  access(NOON - 2 * HOUR, user, 'today', { ...home, ...more }),
];

interface StrandNow {
  readonly vouched_by: string;
  readonly session_distance: number | null;
  readonly user_distance: number | null;
  readonly concurrent: number;
}

describe('the strands of a session', () => {
  let judge: Judging;
  beforeEach(async () => {
    judge = await judging();
  });
  afterEach(() => judge.close());

  async function strandsOf(session: string): Promise<StrandNow[]> {
    const { rows } = await judge.database.query<{ strands: StrandNow[] }>(
      `SELECT strands FROM session_strands FINAL WHERE tenant = {tenant:String} AND session_key = {session:String}`,
      { tenant: judge.tenant, session },
    );
    return rows[0]?.strands ?? [];
  }

  it('raises session-moved where a session goes on in a hosting network by a script', async () => {
    await judge.deliver(days());
    await judge.deliver([...morning(), access(NOON, 'ada', 'today', { ...hosting, ...python })]);
    expect(await judge.findings()).toMatchObject([
      {
        session_key: 'today',
        correlation: 'session-moved',
        state: 'open',
        severity: 'high',
        verdict: 'proven',
        event_count: 1,
        point_reasons: [
          { name: 'network', points: 4 },
          { name: 'client', points: 3 },
        ],
      },
    ]);
    expect(await strandsOf('today')).toMatchObject([
      { vouched_by: 'evidence', session_distance: null, user_distance: 0 },
      { vouched_by: 'none', session_distance: 7, user_distance: 7, concurrent: 0 },
    ]);
  });

  it('raises session-fork where both places take turns', async () => {
    await judge.deliver(days());
    await judge.deliver([
      ...morning(),
      access(NOON, 'ada', 'today', hosting),
      access(NOON + 20 * MINUTE, 'ada', 'today', home),
      access(NOON + 40 * MINUTE, 'ada', 'today', hosting),
    ]);
    expect(await judge.findings()).toMatchObject([
      { correlation: 'session-fork', points: 5, severity: 'medium', event_count: 2 },
    ]);
  });

  it('sees the turns of a session that is used a thousand times a day, in whatever order it arrives', async () => {
    await judge.deliver(days());
    await judge.deliver([
      signIn(NOON - 5 * HOUR, 'ada', 'today', home),
      access(NOON, 'ada', 'today', hosting),
      access(NOON + 20 * MINUTE, 'ada', 'today', home),
      access(NOON + 40 * MINUTE, 'ada', 'today', hosting),
    ]);
    await judge.deliver(
      Array.from({ length: 1_200 }, (_, use) => access(NOON - 4 * HOUR + use * 10_000, 'ada', 'today', home)),
    );
    expect(await judge.findings()).toMatchObject([{ correlation: 'session-fork', points: 5 }]);
  });

  it('does not call coming home from a VPN a fork', async () => {
    await judge.deliver(days());
    await judge.deliver([
      ...morning(),
      access(NOON, 'ada', 'today', vpn),
      access(NOON + HOUR, 'ada', 'today', home),
    ]);
    expect(await judge.findings()).toMatchObject([
      { correlation: 'session-moved', severity: 'low', points: 3 },
    ]);
  });

  it.each([
    ['a phone that leaves the Wi-Fi', carrier],
    ['a newer browser', { ...home, browser_version: '141' }],
    ['a script at the own desk', { ...home, ...python }],
    ['a second browser at the own desk', { ...home, browser: 'Firefox' }],
  ])('stays silent on %s', async (_, there) => {
    await judge.deliver(days());
    await judge.deliver([...morning(), access(NOON, 'ada', 'today', there)]);
    expect(await judge.findings()).toEqual([]);
  });

  it("stays silent on a place of the user's earlier days, unless a session there is in quarantine", async () => {
    await judge.deliver(days());
    const before = TODAY - 2 * DAY + 15 * HOUR;
    await judge.deliver([
      signIn(before, 'ada', 'travel', { ...vpn }),
      access(before + MINUTE, 'ada', 'travel', { ...vpn }),
    ]);
    await judge.deliver([...morning(), access(NOON, 'ada', 'today', vpn)]);
    expect((await judge.findings()).filter(({ severity }) => severity !== 'low')).toEqual([]);
    expect(await strandsOf('today')).toMatchObject([
      { vouched_by: 'evidence' },
      { vouched_by: 'user', user_distance: 0 },
    ]);

    const stolen = TODAY - DAY + 15 * HOUR;
    await judge.deliver([
      signIn(stolen - HOUR, 'bo', 'bo-open', { ...home, asn: home.asn + 1 }),
      access(stolen, 'bo', 'bo-open', { ...hosting, ...python }),
    ]);
    await judge.deliver([
      signIn(NOON - HOUR, 'bo', 'bo-today', { ...home, asn: home.asn + 1 }),
      access(NOON, 'bo', 'bo-today', hosting),
    ]);
    expect(await strandsOf('bo-today')).toMatchObject([{}, { vouched_by: 'none', user_distance: 4 }]);
  });

  it('tells two systems in one session from a phone that asks for desktop sites, at the same operator', async () => {
    await judge.deliver(days());
    const nearBy = { ...home, network: '198.51.101.0/24' } as const;
    const turns = (
      user: string,
      place: Partial<EventRow>,
      one: Partial<EventRow>,
      other: Partial<EventRow>,
    ) => [
      signIn(NOON - 3 * HOUR, user, `${user}-today`, { ...place, network: '198.51.100.0/24', ...one }),
      ...[0, 20, 40, 60].map((minute, turn) =>
        access(NOON + minute * MINUTE, user, `${user}-today`, {
          ...place,
          ...(turn % 2 === 0 ? other : { network: '198.51.100.0/24', ...one }),
        }),
      ),
    ];
    await judge.deliver(turns('ada', nearBy, {}, { os: 'macOS', browser: 'Safari' }));
    await judge.deliver(turns('bo', { ...nearBy, asn: home.asn + 1 }, { os: 'Android' }, { os: 'Linux' }));
    const found = await judge.findings();
    expect(found.filter(({ session_key }) => session_key === 'ada-today')).toMatchObject([
      { correlation: 'session-fork', severity: 'medium', points: 4 },
    ]);
    expect(found.filter(({ session_key }) => session_key === 'bo-today')).toMatchObject([
      { severity: 'low' },
    ]);
  });

  it('lets a near strand vouch for those after it', async () => {
    await judge.deliver(days());
    await judge.deliver([
      ...morning(),
      access(NOON, 'ada', 'today', carrier),
      access(NOON + HOUR, 'ada', 'today', { ...carrier, browser: 'Chrome Mobile' }),
      access(NOON + 2 * HOUR, 'ada', 'today', { ...carrier, os: 'Android', browser: 'Chrome Mobile' }),
    ]);
    expect(await judge.findings()).toEqual([]);
    expect((await strandsOf('today')).map(({ vouched_by }) => vouched_by)).toEqual([
      'evidence',
      'session',
      'session',
      'session',
    ]);
  });

  it('lets the first use of a session that is older than the logs stand in for evidence', async () => {
    await judge.deliver(days());
    await judge.deliver([
      access(NOON - HOUR, 'ada', 'old', home),
      access(NOON, 'ada', 'old', { ...hosting, ...python }),
    ]);
    expect(await strandsOf('old')).toMatchObject([
      { session_distance: null, user_distance: 0 },
      { vouched_by: 'none', session_distance: 7 },
    ]);
    expect(await judge.findings()).toMatchObject([{ session_key: 'old', correlation: 'session-moved' }]);
  });

  it("raises evidence-elsewhere where a sign-in is far from the user's past, less with a fresh factor near by", async () => {
    await judge.deliver(days());
    await judge.deliver([
      signIn(NOON, 'ada', 'relayed', { ...hosting, os: 'Linux', browser: 'Firefox' }),
      access(NOON + MINUTE, 'ada', 'relayed', { ...hosting, os: 'Linux', browser: 'Firefox' }),
    ]);
    await judge.deliver([
      signIn(NOON, 'bo', 'new-phone', { ...carrier, os: 'iOS', browser: 'Mobile Safari' }),
      access(NOON + MINUTE, 'bo', 'new-phone', { ...carrier, os: 'iOS', browser: 'Mobile Safari' }),
    ]);
    const found = await judge.findings();
    expect(found).toMatchObject([
      { session_key: 'new-phone', correlation: 'evidence-elsewhere', severity: 'low', points: 2 },
      { session_key: 'relayed', correlation: 'evidence-elsewhere', severity: 'high', points: 6 },
    ]);
  });

  it('raises token-lineage where a temporary credential is used far from its issue', async () => {
    await judge.deliver(days());
    await judge.deliver([
      ...morning(),
      signIn(NOON - HOUR, 'ada', 'today', {
        ...home,
        activity: 'token_issue',
        evidence: 'none',
        vouches_for: ['role'],
      }),
      access(NOON - 50 * MINUTE, 'ada', 'role', { ...home, session_kind: 'role' }),
      access(NOON, 'ada', 'role', { ...hosting, session_kind: 'role' }),
    ]);
    expect(await judge.findings()).toMatchObject([
      {
        session_key: 'role',
        correlation: 'token-lineage',
        points: 5,
        point_reasons: [{ name: 'network' }, { name: 'token away from its issue', points: 1 }],
      },
    ]);
  });

  it('raises ended-session-use after a revocation, more from another place, and not within the time of grace', async () => {
    await judge.deliver(days());
    const revoke = { ...home, activity: 'session_revoke' };
    await judge.deliver([
      ...morning(),
      access(NOON, 'ada', 'today', revoke),
      access(NOON + 4 * MINUTE, 'ada', 'today', home),
      signIn(NOON - HOUR, 'bo', 'bo-today', { ...home, asn: home.asn + 1 }),
      access(NOON - HOUR, 'bo', 'bo-today', { ...home, asn: home.asn + 1 }),
      access(NOON, 'bo', 'bo-today', { ...revoke, asn: home.asn + 1 }),
      access(NOON + HOUR, 'bo', 'bo-today', vpn),
      signIn(NOON - HOUR, 'cy', 'cy-today', { ...home, asn: home.asn + 2 }),
      access(NOON, 'cy', 'cy-today', { ...revoke, asn: home.asn + 2 }),
      access(NOON + HOUR, 'cy', 'cy-today', { ...home, asn: home.asn + 2 }),
    ]);
    expect(await judge.findings()).toMatchObject([
      { session_key: 'bo-today', correlation: 'ended-session-use', points: 7 },
      { session_key: 'cy-today', correlation: 'ended-session-use', points: 4 },
    ]);
  });

  it('raises ended-session-use where the vendor saw a refresh token used again', async () => {
    await judge.deliver(days());
    await judge.deliver([
      ...morning(),
      access(NOON, 'ada', 'today', { ...home, vendor_risks: ['refresh_token_reuse'] }),
    ]);
    expect(await judge.findings()).toMatchObject([
      { session_key: 'today', correlation: 'ended-session-use', points: 6, severity: 'high' },
    ]);
  });

  it('raises a finding further when the account is changed from there', async () => {
    await judge.deliver(days());
    await judge.deliver([
      ...morning(),
      access(NOON, 'ada', 'today', hosting),
      access(NOON + 10 * MINUTE, 'ada', 'today', {
        ...hosting,
        activity: 'admin',
        vendor_event_type: 'user.mfa.factor.activate',
      }),
    ]);
    const [found] = await judge.findings();
    expect(found).toMatchObject({ correlation: 'session-moved', points: 6, severity: 'high' });
    expect(found?.point_reasons.map(({ name }) => name)).toEqual(['network', 'after takeover']);
  });

  it('learns an egress that five users share on three days, and withdraws what it explains', async () => {
    const users = ['u1', 'u2', 'u3', 'u4', 'u5', 'u6'];
    const egress = {
      asn: 64500,
      network: '192.0.2.0/24',
      country: 'NL',
      network_class: 'corporate',
    } as const;
    await judge.deliver(days(['ada', ...users]));
    await judge.deliver([...morning(), access(NOON, 'ada', 'today', { ...egress, os: 'Linux' })]);
    expect(await judge.findings()).toMatchObject([{ state: 'open', points: 4 }]);
    // The days before arrive late: the network was everyone's way out.
    const late = users.flatMap((user, index) =>
      [3, 4, 5].flatMap((back) => {
        const began = TODAY - back * DAY + 9 * HOUR;
        return [
          signIn(began, user, `${user}-late-${back}`, { ...egress, os: 'Linux' }),
          access(began + index * MINUTE, user, `${user}-late-${back}`, { ...egress, os: 'Linux' }),
        ];
      }),
    );
    await judge.deliver(late);
    const { rows } = await judge.database.query(
      `SELECT learned_on FROM learned FINAL WHERE tenant = {tenant:String} AND kind = 'network' AND shared = '192.0.2.0/24'`,
      { tenant: judge.tenant },
    );
    expect(rows).toEqual([{ learned_on: '2026-11-18' }]);
    expect((await judge.findings()).filter(({ session_key }) => session_key === 'today')).toMatchObject([
      { points: 2 },
    ]);
  });

  it('tells one story of a session, whatever found it', async () => {
    await judge.deliver(days());
    await judge.deliver([
      access(NOON, 'bo', 'forged', { ...hosting, os: 'Linux', browser: 'Firefox' }),
      access(NOON + MINUTE, 'bo', 'forged', { ...hosting, os: 'Linux', browser: 'Firefox' }),
    ]);
    await judge.deliver([
      signIn(NOON + 2 * HOUR, 'ada', 'ada-later', home),
      access(NOON + 2 * HOUR + MINUTE, 'ada', 'ada-later', home),
    ]);
    const found = await judge.findings();
    expect(found).toMatchObject([
      { session_key: 'forged', correlation: 'unvouched-access', state: 'open', points: 7 },
    ]);
    expect(found[0]?.point_reasons).toMatchObject([
      { name: 'no evidence', points: 4 },
      { name: 'anonymous network', points: 1 },
      { name: 'also evidence-elsewhere', points: 2 },
    ]);
  });
});
