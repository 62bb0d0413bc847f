import { afterEach, describe, expect, it } from 'vitest';
import { ArrivalsCursor } from '../../../schema/detection/arrivals.js';
import { runOnce } from '../../../schema/detection/run.js';
import { type Scheduler, startScheduler } from '../../../schema/detection/scheduler.js';
import { access, at, DAY, type EventRow, HOUR, MINUTE, signIn } from './event-rows.js';
import { type Judging, judging } from './judging-fixture.js';

const SILENT = { info: () => {}, warn: () => {}, error: () => {} };
/** The first midnight of the week that the scheduler is away. */
const WEEK = Math.floor(Date.now() / DAY) * DAY - 7 * DAY;
const USERS = ['ada', 'bo', 'cy', 'di', 'ed'];
const home = { network: '198.51.100.0/24', country: 'DE' } as const;
const hosting = {
  asn: 14061,
  network: '203.0.113.0/24',
  country: 'US',
  network_class: 'hosting',
  os: 'Linux',
  browser: 'Firefox',
} as const;

/** Rows of days of the week (negative: before it), which arrive when they happen. */
function ordinary(from: number, until: number): EventRow[] {
  const rows: EventRow[] = [];
  for (let day = from; day < until; day++) {
    for (const [index, user] of USERS.entries()) {
      const began = WEEK + day * DAY + 8 * HOUR + index * 7 * MINUTE;
      const session = `${user} on ${day}`;
      rows.push(signIn(began, user, session, home));
      for (const minute of [1, 30, 200]) rows.push(access(began + minute * MINUTE, user, session, home));
    }
  }
  return arriving(rows);
}

const arriving = (rows: readonly EventRow[], hours = 0): EventRow[] =>
  rows.map((row) => ({ ...row, ingested_at: at(Date.parse(`${row.ts}Z`) + hours * HOUR) }));

const noonOf = (day: number): number => WEEK + day * DAY + 12 * HOUR;

/** What happened in the week beside the ordinary: two forged sessions, a stolen one, and evidence that came late. */
function events(): EventRow[] {
  return [
    ...arriving([
      access(noonOf(1), 'bo', 'forged', hosting),
      access(noonOf(1) + 9 * MINUTE, 'bo', 'forged', hosting),
      access(noonOf(3), 'cy', 'forged too', { ...hosting, asn: 16276 }),
      access(noonOf(4), 'ed', 'ed on 4', hosting),
      access(noonOf(4) + HOUR, 'ed', 'ed on 4', hosting),
      access(noonOf(2), 'di', 'di later', home),
    ]),
    ...arriving([signIn(noonOf(2) - MINUTE, 'di', 'di later', home)], 9),
    ...arriving([access(noonOf(3) + 5 * MINUTE, 'cy', 'forged too', { ...hosting, asn: 16276 })], 40),
  ];
}

describe('a scheduler', () => {
  const judges: Judging[] = [];
  const running: Scheduler[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((scheduler) => scheduler.close()));
    await Promise.all(judges.splice(0).map((judge) => judge.close()));
  });

  /** A store with what had arrived before the week, and a cursor that stands there. */
  async function judgedBeforeTheWeek(days: readonly EventRow[]): Promise<[Judging, ArrivalsCursor]> {
    const judge = await judging({ alone: true });
    judges.push(judge);
    const cursor = new ArrivalsCursor(judge.database, 'judging');
    await arriveAndBeJudged(judge, cursor, days, WEEK);
    return [judge, cursor];
  }

  /** Stores what arrives up to a moment and judges it then. */
  async function arriveAndBeJudged(
    { database, correlations }: Judging,
    cursor: ArrivalsCursor,
    rows: readonly EventRow[],
    now: number,
  ): Promise<void> {
    await database.insertRows('events', rows);
    const window = await cursor.next(now + 2000);
    await runOnce(database, correlations, { ...window, now: now + 2000, lookAtClocks: true });
    await cursor.advance(window);
  }

  const standing = async (judge: Judging): Promise<object[]> =>
    (await judge.findings())
      .filter(({ state }) => state !== 'withdrawn')
      .map(({ id, session_key, correlation, state, points, event_count, link }) => {
        return { id, session_key, correlation, state, points, event_count, link };
      });

  it('that was away for a week finds what it would have found, and counts the same', {
    timeout: 150_000,
  }, async () => {
    const days = [...ordinary(-9, 7), ...events()];
    const arrivedIn = (from: number, end: number): EventRow[] =>
      days.filter((row) => row.ingested_at > at(from) && row.ingested_at <= at(end));
    const before = arrivedIn(WEEK - 10 * DAY, WEEK);

    const [present, cursor] = await judgedBeforeTheWeek(before);
    let from = WEEK;
    for (const day of [1.51, 2.6, 4.6, 7]) {
      const end = WEEK + day * DAY;
      await arriveAndBeJudged(present, cursor, arrivedIn(from, end), end);
      from = end;
    }
    const expected = await standing(present);
    expect(expected).toMatchObject([
      { session_key: 'ed on 4', correlation: 'session-moved', state: 'open', event_count: 2 },
      { session_key: 'forged', correlation: 'unvouched-access', state: 'open', event_count: 2 },
      { session_key: 'forged too', correlation: 'unvouched-access', state: 'open', event_count: 2 },
    ]);

    const [away] = await judgedBeforeTheWeek(before);
    const { database, correlations } = away;
    await database.insertRows('events', arrivedIn(WEEK, WEEK + 7 * DAY));
    running.push(startScheduler({ database, correlations, logger: SILENT, everyMs: 200 }));
    await expect.poll(() => standing(away), { timeout: 60_000, interval: 300 }).toEqual(expected);
  });
});
