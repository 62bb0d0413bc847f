import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPolicy } from '../../../schema/policy/policy.js';
import { applyPolicy } from '../../../schema/policy/policy-store.js';
import { access, at, DAY, HOUR, MINUTE, ordinaryDays, signIn } from './event-rows.js';
import { type Judging, judging } from './judging-fixture.js';

const TODAY = Date.UTC(2026, 10, 20);
const NOON = TODAY + 12 * HOUR;
/** Later traffic of ordinary users, by which the stream shows that it has passed the uses before. */
const laterTraffic = (time = NOON + 2 * HOUR) => [
  signIn(time, 'ada', 'ada-today'),
  access(time + MINUTE, 'ada', 'ada-today'),
];
const fromHosting = { asn: 14061, network_class: 'hosting', browser: 'Firefox', os: 'Linux' } as const;

describe('unvouched-access', () => {
  let judge: Judging;
  beforeEach(async () => {
    judge = await judging();
  });
  afterEach(() => judge.close());

  it('raises a finding with named reasons for a session that nobody signed in to', async () => {
    await judge.deliver(ordinaryDays(TODAY));
    await judge.deliver([
      access(NOON, 'bo', 'forged', fromHosting),
      access(NOON + MINUTE, 'bo', 'forged', fromHosting),
    ]);
    await judge.deliver(laterTraffic());
    const findings = await judge.findings();
    expect(findings).toMatchObject([
      {
        session_key: 'forged',
        user_key: 'bo@example.com',
        state: 'open',
        verdict: 'unvouched',
        link: 'none',
        severity: 'medium',
        points: 5,
        event_count: 2,
        point_reasons: [
          { name: 'no evidence', points: 4 },
          { name: 'anonymous network', points: 1 },
        ],
      },
    ]);
    expect(findings[0]?.summary).toContain('bo@example.com used a session at payroll 2 times');
    expect(await judge.verdicts()).toMatchObject({ forged: 'unvouched', 'ada-today': 'proven' });
  });

  it('stays silent on sessions that were signed in to', async () => {
    await judge.deliver(ordinaryDays(TODAY));
    await judge.deliver([
      signIn(NOON, 'bo', 'bo-today', fromHosting),
      access(NOON + MINUTE, 'bo', 'bo-today', fromHosting),
    ]);
    await judge.deliver(laterTraffic());
    expect(await judge.findings()).toEqual([]);
  });

  it('stays silent where an application does not log its sign-ins', async () => {
    const silent = { application_id: 'wiki', application_name: 'wiki' };
    const days = ordinaryDays(TODAY).filter((row) => row.activity === 'access');
    await judge.deliver(days.map((row) => ({ ...row, ...silent })));
    await judge.deliver([access(NOON, 'bo', 'forged', { ...fromHosting, ...silent })]);
    await judge.deliver(laterTraffic());
    expect(await judge.findings()).toEqual([]);
    expect(await judge.verdicts()).toMatchObject({ forged: 'unproven' });
  });

  it('raises only provisionally while the streams that would carry the evidence are behind', async () => {
    await judge.deliver([...ordinaryDays(TODAY), ...laterTraffic(NOON - HOUR)]);
    await judge.deliver([access(NOON, 'bo', 'forged', fromHosting)]);
    expect(await judge.findings()).toMatchObject([
      { state: 'provisional', points: 3, severity: 'low', verdict: 'unproven' },
    ]);
    await judge.deliver(laterTraffic(NOON + 10 * MINUTE));
    expect(await judge.findings()).toMatchObject([
      { state: 'open', points: 5, severity: 'medium', revision: 2 },
    ]);
  });

  it('withdraws a finding when late evidence lands, and says by which event', async () => {
    await judge.deliver(ordinaryDays(TODAY));
    await judge.deliver([access(NOON, 'bo', 'late', fromHosting)]);
    await judge.deliver(laterTraffic());
    expect(await judge.findings()).toMatchObject([{ state: 'open' }]);
    const evidence = signIn(NOON - MINUTE, 'bo', 'late', fromHosting);
    await judge.deliver([evidence]);
    expect(await judge.findings()).toMatchObject([
      {
        state: 'withdrawn',
        withdrawn_because: 'evidence',
        evidence_event_id: evidence.event_id,
        verdict: 'proven',
        link: 'session',
      },
    ]);
    expect(await judge.verdicts()).toMatchObject({ late: 'proven' });
  });

  it('withdraws a provisional finding whose streams never catch up, after a day of the tenant clock', async () => {
    await judge.deliver([...ordinaryDays(TODAY), ...laterTraffic(NOON - HOUR)]);
    const arrival = Date.now();
    await judge.deliver([access(NOON, 'bo', 'forged', fromHosting)], arrival);
    await judge.lookAgain(arrival + DAY - HOUR);
    expect(await judge.findings()).toMatchObject([{ state: 'provisional' }]);
    await judge.lookAgain(arrival + DAY + HOUR);
    expect(await judge.findings()).toMatchObject([{ state: 'withdrawn', withdrawn_because: 'coverage' }]);
  });

  it('takes points off where network and client are the usual ones of the user', async () => {
    await judge.deliver(ordinaryDays(TODAY));
    await judge.deliver([access(NOON, 'bo', 'forged')]);
    await judge.deliver(laterTraffic());
    expect(await judge.findings()).toMatchObject([
      {
        state: 'open',
        points: 2,
        severity: 'low',
        point_reasons: [{ name: 'no evidence' }, { name: 'familiar' }],
      },
    ]);
  });

  it('adds a point for a script and takes one off for a claim of MFA', async () => {
    await judge.deliver(ordinaryDays(TODAY));
    const script = { ...fromHosting, browser: 'curl', client_kind: 'tool', claimed_mfa: true };
    await judge.deliver([access(NOON, 'bo', 'forged', script)]);
    await judge.deliver(laterTraffic());
    expect(await judge.findings()).toMatchObject([
      {
        link: 'asserted',
        points: 5,
        point_reasons: [
          { name: 'no evidence', points: 4 },
          { name: 'anonymous network', points: 1 },
          { name: 'script', points: 1 },
          { name: 'claimed MFA', points: -1 },
        ],
      },
    ]);
  });

  describe('after an analyst resolved its finding', () => {
    /** Raises one finding and resolves it between the uses of 12:00 and 18:00. */
    async function resolvedAs(resolution: string): Promise<void> {
      await judge.deliver(ordinaryDays(TODAY));
      await judge.deliver([access(NOON, 'bo', 'forged', fromHosting)]);
      await judge.deliver(laterTraffic());
      const [finding] = await judge.findings();
      await judge.database.insertRows('triage_actions', [
        {
          tenant: judge.tenant,
          finding_id: finding?.id,
          at: at(NOON + 4 * HOUR),
          id: 'action-1',
          author: 'test',
          kind: 'resolve',
          resolution,
        },
      ]);
    }
    const evening = NOON + 6 * HOUR;
    const moreTraffic = () =>
      laterTraffic(evening + HOUR).map((row) => ({
        ...row,
        session_key: 'ada-evening',
        vouches_for: row.vouches_for.length > 0 ? ['ada-evening'] : [],
      }));

    it('as a true positive, any use after it is a new finding', async () => {
      await resolvedAs('true_positive');
      await judge.deliver([access(evening, 'bo', 'forged', fromHosting), ...moreTraffic()]);
      const findings = (await judge.findings()).sort((a, b) => a.event_count - b.event_count);
      expect(findings).toMatchObject([
        { session_key: 'forged', state: 'open', event_count: 1 },
        { session_key: 'forged', state: 'open', event_count: 1 },
      ]);
      expect(new Set(findings.map(({ id }) => id)).size).toBe(2);

      // A third use belongs to the new finding, which does not tell again what the resolved one told.
      await judge.deliver([access(evening + MINUTE, 'bo', 'forged', fromHosting)]);
      expect((await judge.findings()).map(({ event_count }) => event_count).sort()).toEqual([1, 2]);
    });

    it('as benign, more of the same raises nothing, and another network a new finding', async () => {
      await resolvedAs('benign');
      await judge.deliver([access(evening, 'bo', 'forged', fromHosting), ...moreTraffic()]);
      expect(await judge.findings()).toHaveLength(1);
      await judge.deliver([access(evening + MINUTE, 'bo', 'forged', { ...fromHosting, asn: 24940 })]);
      expect(await judge.findings()).toMatchObject([{ state: 'open' }, { state: 'open' }]);
    });

    it('keeps what was resolved when late evidence lands, and names the evidence', async () => {
      await resolvedAs('benign');
      const evidence = signIn(NOON - MINUTE, 'bo', 'forged', fromHosting);
      await judge.deliver([evidence]);
      expect(await judge.findings()).toMatchObject([
        { state: 'withdrawn', withdrawn_because: 'evidence', evidence_event_id: evidence.event_id },
      ]);
    });
  });

  it('stays silent on a federated sign-in, which asserts and does not prove', async () => {
    await judge.deliver(ordinaryDays(TODAY));
    await judge.deliver([
      signIn(NOON, 'bo', 'federated', { ...fromHosting, evidence: 'inherited' }),
      access(NOON + MINUTE, 'bo', 'federated', fromHosting),
    ]);
    await judge.deliver(laterTraffic());
    expect(await judge.findings()).toEqual([]);
    expect(await judge.verdicts()).toMatchObject({ federated: 'asserted' });
  });

  it('needs no gate where an operator declared the application complete', async () => {
    const { policy, ...text } = readPolicy('complete: [{ source: otel, application: vault }]', 'policy.yaml');
    await applyPolicy(judge.database, { ...text, policy: { ...policy, tenant: judge.tenant } }, 'test', NOON);
    const vault = { application_id: 'vault', application_name: 'vault' };
    await judge.deliver([
      signIn(TODAY - 9 * DAY, 'cy', 'cy-old', vault),
      access(TODAY - 9 * DAY, 'cy', 'cy-old', vault),
    ]);
    await judge.deliver([
      access(NOON, 'bo', 'forged', { ...fromHosting, ...vault }),
      access(NOON, 'bo', 'elsewhere', fromHosting),
    ]);
    await judge.deliver(laterTraffic());
    expect(await judge.findings()).toMatchObject([{ session_key: 'forged', state: 'open' }]);
    expect(await judge.verdicts()).toMatchObject({ elsewhere: 'unproven' });
  });

  it('does not judge a session that may be older than the first record of its source', async () => {
    await judge.deliver(ordinaryDays(TODAY).filter((row) => Date.parse(`${row.ts}Z`) > TODAY - 3 * DAY));
    await judge.deliver([access(NOON, 'bo', 'old', fromHosting)]);
    await judge.deliver(laterTraffic());
    expect(await judge.findings()).toEqual([]);
    // An older record of the source turns up: the session is judged again though nothing of its own arrived.
    await judge.deliver([signIn(TODAY - 9 * DAY, 'cy', 'cy-old'), access(TODAY - 9 * DAY, 'cy', 'cy-old')]);
    expect(await judge.findings()).toMatchObject([{ session_key: 'old', state: 'open' }]);
  });

  it('does not let a user vouch for the session of another by choosing its id', async () => {
    await judge.deliver(ordinaryDays(TODAY));
    await judge.deliver([signIn(NOON, 'eve', 'chosen'), access(NOON + MINUTE, 'bo', 'chosen', fromHosting)]);
    await judge.deliver(laterTraffic());
    expect(await judge.findings()).toMatchObject([
      { session_key: 'chosen', user_key: 'bo@example.com', state: 'open' },
    ]);
  });
});
