import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { access, at, DAY, type EventRow, HOUR, MINUTE, ordinaryDays, signIn } from './event-rows.js';
import { fromHosting, visitAt } from './forged-session.js';
import { type Judging, judging } from './judging-fixture.js';

const TODAY = Date.UTC(2026, 5, 18);
const NOON = TODAY + 12 * HOUR;

describe('accesses that come late', () => {
  let judge: Judging;
  beforeEach(async () => {
    judge = await judging();
  });
  afterEach(() => judge.close());

  it('of days ago are judged by the gate of their own day, at once', async () => {
    const then = TODAY - 2 * DAY + 12 * HOUR;
    await judge.deliver([...ordinaryDays(TODAY), ...visitAt(NOON)]);
    await judge.deliver([
      access(then, 'bo', 'forged', fromHosting),
      // On the second day nothing was known yet of who signs in here.
      access(TODAY - 8 * DAY + 12 * HOUR, 'cy', 'too-early', fromHosting),
    ]);
    expect(await judge.findings()).toMatchObject([
      { session_key: 'forged', state: 'open', severity: 'medium', event_count: 1 },
    ]);
    expect(await judge.verdicts()).toMatchObject({ forged: 'unvouched', 'too-early': 'unproven' });
  });

  it('add to the finding of their session, in whatever order, and raise no other', async () => {
    const uses = [0, 1, 2, 3, 4].map((step) =>
      access(NOON + step * 10 * MINUTE, 'bo', 'forged', fromHosting),
    );
    const [first, second, third, fourth, fifth] = uses as [EventRow, EventRow, EventRow, EventRow, EventRow];
    await judge.deliver([...ordinaryDays(TODAY), third, fifth, ...visitAt(NOON + 2 * HOUR)]);
    const [before] = await judge.findings();
    expect(before).toMatchObject({ state: 'open', event_count: 2 });
    await judge.deliver([second, fourth]);
    await judge.deliver([first, third]);
    const after = await judge.findings();
    expect(after).toMatchObject([{ id: before?.id, state: 'open', event_count: 5, points: before?.points }]);
    const { rows } = await judge.database.query<{ first_seen: string; last_seen: string }>(
      `SELECT first_seen, last_seen FROM findings FINAL WHERE tenant = {tenant:String}`,
      { tenant: judge.tenant },
    );
    expect(rows[0]?.first_seen).toContain(at(NOON));
    expect(rows[0]?.last_seen).toContain(at(NOON + 40 * MINUTE));
  });

  it('of sessions that were signed in to raise nothing', async () => {
    await judge.deliver([
      ...ordinaryDays(TODAY),
      signIn(NOON, 'bo', 'bo-today'),
      access(NOON + MINUTE, 'bo', 'bo-today'),
      ...visitAt(NOON + DAY),
    ]);
    await judge.deliver([
      access(NOON + 30 * MINUTE, 'bo', 'bo-today'),
      access(TODAY - 4 * DAY + 9 * HOUR, 'cy', 'cy-day-4'),
      access(TODAY - DAY + 11 * HOUR, 'di', 'di-day-1'),
    ]);
    expect(await judge.findings()).toEqual([]);
    expect(await judge.verdicts()).toMatchObject({ 'bo-today': 'proven', 'cy-day-4': 'proven' });
  });

  it('after the revocation of their session, but of before it, are no use of an ended session', async () => {
    const home = { network: '198.51.100.0/24', country: 'DE' };
    await judge.deliver([
      ...ordinaryDays(TODAY).map((row) => ({ ...row, ...home })),
      signIn(NOON, 'bo', 'bo-today', home),
      access(NOON + MINUTE, 'bo', 'bo-today', home),
      access(NOON + 3 * HOUR, 'bo', 'bo-today', { ...home, activity: 'session_revoke' }),
    ]);
    await judge.deliver([access(NOON + 2 * HOUR, 'bo', 'bo-today', home), ...visitAt(NOON + 5 * HOUR, home)]);
    expect(await judge.findings()).toEqual([]);
    await judge.deliver([access(NOON + 4 * HOUR, 'bo', 'bo-today', home)]);
    expect(await judge.findings()).toMatchObject([
      { session_key: 'bo-today', correlation: 'ended-session-use', state: 'open' },
    ]);
  });
});
