import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { access, DAY, HOUR, MINUTE, ordinaryDays, signIn } from './event-rows.js';
import { fromHosting, visitAt } from './forged-session.js';
import { type Judging, judging } from './judging-fixture.js';

const SECOND = 1000;

describe('clocks that differ', () => {
  let judge: Judging;
  beforeEach(async () => {
    judge = await judging();
  });
  afterEach(() => judge.close());

  it('by up to five minutes do not part a session from its sign-in', async () => {
    const today = Date.UTC(2026, 5, 18);
    const noon = today + 12 * HOUR;
    await judge.deliver([
      ...ordinaryDays(today),
      access(noon, 'bo', 'five', fromHosting),
      signIn(noon + 5 * MINUTE, 'bo', 'five', fromHosting),
      access(noon, 'cy', 'more', fromHosting),
      signIn(noon + 5 * MINUTE + SECOND, 'cy', 'more', fromHosting),
      ...visitAt(noon + HOUR),
    ]);
    expect(await judge.verdicts()).toMatchObject({ five: 'proven' });
    const findings = await judge.findings();
    expect(findings.map(({ session_key }) => session_key)).not.toContain('five');
    expect(findings).toMatchObject([{ session_key: 'more', correlation: 'unvouched-access', state: 'open' }]);
  });

  it('do not let a stream pass what one record of it from the future claims that it has passed', async () => {
    const now = Date.now();
    const today = Math.floor(now / DAY) * DAY;
    await judge.deliver([
      ...ordinaryDays(today),
      access(now - 30 * SECOND, 'bo', 'forged', fromHosting),
      access(now + 50 * MINUTE, 'cy', 'cy-today'),
    ]);
    const forged = async () =>
      (await judge.findings()).find(({ session_key }) => session_key === 'forged')?.state;
    expect(await forged()).toBe('provisional');
    // Time goes on, and the stream with it.
    await judge.deliver(visitAt(now + 8 * MINUTE), now + 9 * MINUTE);
    expect(await forged()).toBe('open');
  });
});
