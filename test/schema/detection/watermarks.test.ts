import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { judgeCells } from '../../../schema/detection/run.js';
import { access, at, DAY, type EventRow, HOUR, MINUTE, signIn } from './event-rows.js';
import { type Judging, judging } from './judging-fixture.js';

const TODAY = (Math.floor(Date.now() / DAY) - 1) * DAY;
const USERS = ['ada', 'bo', 'cy', 'di'];

interface Clock {
  readonly disorder_seconds: number;
  readonly gap_seconds: readonly number[];
}

/** Three days of a busy stream, whose records arrive `delay` milliseconds after they happened, every tenth later still. */
function stream(until: number, delay: number, laggards: number): EventRow[] {
  const rows: EventRow[] = [];
  let serial = 0;
  for (let time = until - 3 * DAY; time < until; time += 5 * MINUTE) {
    const user = USERS[serial % USERS.length] ?? 'ada';
    const session = `${user}-${time}`;
    const arrival = at(time + delay + (serial++ % 10 === 0 ? laggards : 0));
    rows.push({ ...signIn(time, user, session), ingested_at: arrival });
    rows.push({ ...access(time + MINUTE, user, session), ingested_at: arrival });
  }
  return rows;
}

describe('the clock of a stream', () => {
  let judge: Judging;
  beforeEach(async () => {
    judge = await judging({ alone: true });
  });
  afterEach(() => judge.close());

  const learn = async (now: number): Promise<Clock | undefined> => {
    await judgeCells(judge.database, [], { from: now, to: now, now, lookAtClocks: true }, true);
    const { rows } = await judge.database.query<Clock>(
      'SELECT disorder_seconds, gap_seconds FROM stream_clocks FINAL',
    );
    return rows[0];
  };

  it('is learned from how far records come behind the newest before them, not from how late they all are', async () => {
    await judge.database.insertRows('events', stream(TODAY, 30 * MINUTE, 0));
    expect((await learn(TODAY + HOUR))?.disorder_seconds).toBeLessThanOrEqual(60);
  });

  it('takes the laggards of a stream into account', async () => {
    await judge.database.insertRows('events', stream(TODAY, 0, 40 * MINUTE));
    const clock = await learn(TODAY + HOUR);
    expect(clock?.disorder_seconds).toBeGreaterThanOrEqual(30 * 60);
    expect(clock?.disorder_seconds).toBeLessThanOrEqual(45 * 60);
  });

  it('knows the usual silence by part of the day: a quiet night is a habit', async () => {
    const rows = stream(TODAY, 0, 0).filter((row) => Number(row.ts.slice(11, 13)) >= 8);
    await judge.database.insertRows('events', rows);
    const gaps = (await learn(TODAY + HOUR))?.gap_seconds ?? [];
    expect(gaps).toHaveLength(6);
    // Nothing from midnight to 8: near its end, eight hours of silence are usual.
    expect(gaps[1]).toBeGreaterThan(7 * 3600);
    expect(gaps[3]).toBeLessThanOrEqual(600);
  });

  it('is not learned from a few records, for which fixed lags stand in', async () => {
    await judge.database.insertRows('events', stream(TODAY, 0, 0).slice(0, 60));
    expect(await learn(TODAY + HOUR)).toBeUndefined();
  });
});
