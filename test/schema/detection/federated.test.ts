import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { access, DAY, type EventRow, HOUR, MINUTE, signIn } from './event-rows.js';
import { type Judging, judging } from './judging-fixture.js';

const TODAY = Date.UTC(2026, 10, 20);
const NOON = TODAY + 12 * HOUR;
const ACCOUNT = {
  source: 'cloudtrail',
  stream: 'cloudtrail:us-east-1',
  organization: '111122223333',
} as const;

/** A user's access to the application `name` at Okta. */
const leg = (time: number, user: string, name = 'AWS IAM Identity Center'): EventRow =>
  access(time, user, `okta-${user}-${Math.trunc(time / DAY)}`, {
    source: 'okta',
    stream: 'okta',
    organization: 'example.okta.com',
    application_id: '0oa1',
    application_name: name,
  });

/** A console session that a federated ConsoleLogin begins. */
const federated = (time: number, user: string, session: string): EventRow[] => [
  signIn(time, user, session, {
    ...ACCOUNT,
    session_kind: 'console',
    evidence: 'inherited',
    application_id: '',
    application_name: '',
  }),
  access(time + MINUTE, user, session, {
    ...ACCOUNT,
    session_kind: 'console',
    application_id: '',
    application_name: '',
  }),
];

const signedInAtOkta = (time: number, user: string): EventRow =>
  signIn(time, user, `okta-${user}-${Math.trunc(time / DAY)}`, {
    source: 'okta',
    stream: 'okta',
    organization: 'example.okta.com',
    application_id: '',
    application_name: '',
  });

const days = (): EventRow[] =>
  ['ada', 'bo', 'cy', 'di'].flatMap((user) =>
    Array.from({ length: 9 }, (_, day) => {
      const began = TODAY - (9 - day) * DAY + 8 * HOUR;
      return [
        signedInAtOkta(began, user),
        leg(began + MINUTE, user),
        ...federated(began + 2 * MINUTE, user, `${user}-${day}`),
      ];
    }).flat(),
  );

const later = (): EventRow[] => [
  signedInAtOkta(NOON + 2 * HOUR, 'ada'),
  leg(NOON + 2 * HOUR, 'ada'),
  ...federated(NOON + 2 * HOUR + MINUTE, 'ada', 'ada-later'),
];

describe('a federated sign-in', () => {
  let judge: Judging;
  beforeEach(async () => {
    judge = await judging();
  });
  afterEach(() => judge.close());

  it('is proven by the access to that application at the provider', async () => {
    await judge.deliver(days());
    await judge.deliver([
      signedInAtOkta(NOON - HOUR, 'bo'),
      leg(NOON, 'bo'),
      ...federated(NOON + MINUTE, 'bo', 'bo-today'),
    ]);
    await judge.deliver(later());
    expect(await judge.findings()).toEqual([]);
    expect(await judge.verdicts()).toMatchObject({ 'bo-today': 'proven' });
  });

  it('is unvouched where the provider has no record of it and has of others: a forged assertion', async () => {
    await judge.deliver(days());
    await judge.deliver([
      signedInAtOkta(NOON - HOUR, 'bo'),
      leg(NOON, 'bo', 'Slack'),
      ...federated(NOON + MINUTE, 'bo', 'golden').map((row) => ({
        ...row,
        asn: 14061,
        network_class: 'hosting',
      })),
    ]);
    await judge.deliver(later());
    expect(await judge.findings()).toMatchObject([
      {
        session_key: 'golden',
        correlation: 'unvouched-access',
        state: 'open',
        link: 'asserted',
        verdict: 'unvouched',
        point_reasons: [
          { name: 'no provider leg', points: 4 },
          { name: 'anonymous network', points: 1 },
        ],
      },
    ]);
  });

  it("is withdrawn by the provider's leg that arrives late, which is named", async () => {
    await judge.deliver(days());
    await judge.deliver([signedInAtOkta(NOON - HOUR, 'bo'), ...federated(NOON + MINUTE, 'bo', 'bo-today')]);
    await judge.deliver(later());
    expect(await judge.findings()).toMatchObject([{ session_key: 'bo-today', state: 'open' }]);
    const late = leg(NOON, 'bo');
    await judge.deliver([late]);
    expect(await judge.findings()).toMatchObject([
      {
        session_key: 'bo-today',
        state: 'withdrawn',
        withdrawn_because: 'evidence',
        evidence_event_id: late.event_id,
      },
    ]);
  });

  it('is asserted, and never unvouched, where no provider is in store', async () => {
    await judge.deliver(days().filter(({ source }) => source !== 'okta'));
    await judge.deliver(federated(NOON, 'bo', 'bo-today'));
    await judge.deliver(federated(NOON + 2 * HOUR, 'ada', 'ada-later'));
    expect(await judge.findings()).toEqual([]);
    expect(await judge.verdicts()).toMatchObject({ 'bo-today': 'asserted' });
  });
});
