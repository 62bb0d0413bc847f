import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { access, DAY, type EventRow, HOUR, MINUTE, ordinaryDays, signIn } from './event-rows.js';
import { visitAt } from './forged-session.js';
import { type Judging, judging } from './judging-fixture.js';

const TODAY = Date.UTC(2026, 5, 18);
const NOON = TODAY + 12 * HOUR;

const home = { network: '198.51.100.0/24', country: 'DE' } as const;
const abroad = { asn: 5617, network: '192.0.2.0/24', country: 'PL', os: 'macOS', browser: 'Safari' } as const;
const hosting = {
  asn: 14061,
  network: '203.0.113.0/24',
  country: 'US',
  network_class: 'hosting',
  os: 'Linux',
  browser: 'Firefox',
} as const;

describe('a finding that is no longer so', () => {
  let judge: Judging;
  beforeEach(async () => {
    judge = await judging();
  });
  afterEach(() => judge.close());

  const days = (): EventRow[] => ordinaryDays(TODAY).map((row) => ({ ...row, ...home }));
  const morning = (): EventRow[] => [
    signIn(NOON - 3 * HOUR, 'bo', 'bo-today', home),
    access(NOON - 2 * HOUR, 'bo', 'bo-today', home),
  ];

  it('is superseded where a fresh factor, given there, comes late', async () => {
    await judge.deliver([...days(), ...morning(), access(NOON, 'bo', 'bo-today', abroad)]);
    expect(await judge.findings()).toMatchObject([
      { session_key: 'bo-today', correlation: 'session-moved', state: 'open', severity: 'medium', points: 4 },
    ]);
    await judge.deliver([
      signIn(NOON - 2 * MINUTE, 'bo', 'bo-today', {
        ...abroad,
        activity: 'mfa_success',
        evidence: 'phishing_resistant',
      }),
    ]);
    expect(await judge.findings()).toMatchObject([
      { session_key: 'bo-today', state: 'withdrawn', withdrawn_because: 'superseded', verdict: 'proven' },
    ]);
  });

  it('is superseded where the record of the use is corrected', async () => {
    const strange = access(NOON, 'bo', 'bo-today', hosting);
    await judge.deliver([...days(), ...morning(), strange]);
    expect(await judge.findings()).toMatchObject([
      { session_key: 'bo-today', state: 'open', severity: 'high' },
    ]);
    const { event_id } = strange;
    await judge.deliver([{ ...access(NOON, 'bo', 'bo-today', home), event_id }]);
    expect(await judge.findings()).toMatchObject([
      { session_key: 'bo-today', state: 'withdrawn', withdrawn_because: 'superseded' },
    ]);
  });

  it('goes on under another name where the evidence that lands was given far from the user', async () => {
    await judge.deliver([...days(), access(NOON, 'bo', 'relayed', hosting), ...visitAt(NOON + HOUR, home)]);
    const [before] = await judge.findings();
    expect(before).toMatchObject({ correlation: 'unvouched-access', state: 'open', verdict: 'unvouched' });
    await judge.deliver([signIn(NOON - MINUTE, 'bo', 'relayed', hosting), ...visitAt(NOON + DAY, home)]);
    const after = await judge.findings();
    expect(after).toMatchObject([
      { id: before?.id, correlation: 'evidence-elsewhere', state: 'open', verdict: 'proven', revision: 2 },
    ]);
  });
});
