import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { judgeCells, runOnce } from '../../../schema/detection/run.js';
import { access, DAY, type EventRow, HOUR, MINUTE, signIn } from './event-rows.js';
import { type Judging, judging } from './judging-fixture.js';

const TODAY = (Math.floor(Date.now() / DAY) - 1) * DAY;
const USERS = ['ada', 'bo', 'cy', 'di'];

/** Sign-ins of a day, which one stream carries, every two hours. */
function signIns(day: number, until = 24): EventRow[] {
  return sessions(day, until).map(({ began, user, session }) =>
    signIn(began, user, session, { stream: 'otel:provider' }),
  );
}

/** The accesses after them, which another stream carries. */
function accesses(day: number, until = 24): EventRow[] {
  return sessions(day, until).map(({ began, user, session }) => access(began + MINUTE, user, session));
}

function sessions(day: number, until: number): { began: number; user: string; session: string }[] {
  const found = [];
  for (let hour = 0; hour < until; hour += 2) {
    for (const [index, user] of USERS.entries()) {
      const began = day + hour * HOUR + index * 5 * MINUTE;
      found.push({ began, user, session: `${user}-${began}` });
    }
  }
  return found;
}

describe('evidence-gap', () => {
  let judge: Judging;
  beforeEach(async () => {
    judge = await judging({ alone: true });
  });
  afterEach(() => judge.close());

  /** Stores rows as if each had arrived when it happened. */
  const live = (rows: readonly EventRow[]) =>
    judge.database.insertRows(
      'events',
      rows.map((row) => ({ ...row, ingested_at: row.ts })),
    );
  const judgeAt = async (now: number) => {
    const window = { from: TODAY - 20 * DAY, to: now, now, lookAtClocks: true };
    // The streams are learned before sessions are judged by what was learned, as hours of live running would do.
    await judgeCells(judge.database, judge.correlations, window, true);
    await runOnce(judge.database, judge.correlations, window);
    const outcome = await judgeCells(judge.database, judge.correlations, window, true);
    expect(outcome.correlations).toMatchObject([{ correlation: 'evidence-gap', error: '' }]);
  };
  const gaps = async () => (await judge.findings()).filter((finding) => finding.session_key === '');

  it('is raised once for a cell whose provider has gone silent, and its sessions stay LOW', async () => {
    for (let back = 9; back >= 1; back--)
      await live([...signIns(TODAY - back * DAY), ...accesses(TODAY - back * DAY)]);
    await live([...signIns(TODAY, 8), ...accesses(TODAY, 16)]);
    await judgeAt(TODAY + 15 * HOUR);
    expect(await gaps()).toMatchObject([
      { state: 'open', severity: 'low', point_reasons: [{ name: 'evidence gap', points: 3 }] },
    ]);
    expect((await gaps())[0]?.summary).toContain('the stream otel:provider has gone silent');
    const sessionFindings = (await judge.findings()).filter((finding) => finding.session_key !== '');
    expect(sessionFindings.length).toBeGreaterThan(0);
    expect(new Set(sessionFindings.map(({ state }) => state))).toEqual(new Set(['provisional']));

    // The provider's log comes late: what it vouches for is withdrawn, and so is the gap.
    const late = signIns(TODAY, 16).filter((row) => Date.parse(`${row.ts}Z`) >= TODAY + 8 * HOUR);
    await judge.database.insertRows(
      'events',
      late.map((row) => ({ ...row, ingested_at: accesses(TODAY, 16).at(-1)?.ts })),
    );
    await judgeAt(TODAY + 15 * HOUR + MINUTE);
    expect(await gaps()).toMatchObject([{ state: 'withdrawn' }]);
    expect(new Set((await judge.findings()).map(({ state }) => state))).toEqual(new Set(['withdrawn']));
  });

  it('is raised for a cell whose sessions no longer have their evidence, though every stream goes on', async () => {
    for (let back = 20; back >= 10; back--)
      await live([...signIns(TODAY - back * DAY), ...accesses(TODAY - back * DAY)]);
    for (let back = 9; back >= 0; back--) {
      await live([...signIns(TODAY - back * DAY, 2).slice(0, 1), ...accesses(TODAY - back * DAY)]);
    }
    await judgeAt(TODAY + 23 * HOUR);
    expect(await gaps()).toMatchObject([{ state: 'open', severity: 'low' }]);
    expect((await gaps())[0]?.summary).toContain('no longer do');
  });

  it('is not raised for one user whose session alone has no evidence', async () => {
    for (let back = 9; back >= 1; back--)
      await live([...signIns(TODAY - back * DAY), ...accesses(TODAY - back * DAY)]);
    await live([...signIns(TODAY), ...accesses(TODAY), access(TODAY + 12 * HOUR, 'bo', 'forged')]);
    await judgeAt(TODAY + 23 * HOUR);
    expect(await gaps()).toEqual([]);
  });
});
