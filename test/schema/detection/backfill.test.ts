import { afterEach, beforeEach, expect, it } from 'vitest';
import { judgeCells } from '../../../schema/detection/run.js';
import { access, at, DAY, type EventRow, HOUR, MINUTE } from './event-rows.js';
import { type Judging, judging } from './judging-fixture.js';

const NOW = Math.floor(Date.now() / MINUTE) * MINUTE;

let judge: Judging;
beforeEach(async () => {
  judge = await judging({ alone: true });
});
afterEach(() => judge.close());

/** Accesses every five minutes of the days before, in order of time. */
const days = (): EventRow[] =>
  Array.from({ length: 3 * 288 }, (_, number) => access(NOW - 3 * DAY + number * 5 * MINUTE, 'ada', 'one'));

/** Rows that arrive in `batches` of equal size, one after another within the last two minutes. */
function arrivingInBatches(rows: readonly EventRow[], batches: number): EventRow[] {
  const size = Math.ceil(rows.length / batches);
  return rows.map((row, number) => {
    const arrived = NOW - 2 * MINUTE + Math.floor(number / size) * Math.floor((2 * MINUTE) / batches);
    return { ...row, ingested_at: at(arrived) };
  });
}

async function learnedDisorder(rows: readonly EventRow[]): Promise<number | undefined> {
  await judge.database.insertRows('events', rows);
  await judgeCells(judge.database, [], { from: NOW, to: NOW, now: NOW, lookAtClocks: true }, true);
  const { rows: clocks } = await judge.database.query<{ disorder_seconds: number }>(
    'SELECT disorder_seconds FROM stream_clocks FINAL',
  );
  return clocks[0]?.disorder_seconds;
}

it.each([1, 8])('days of old logs that come in order, in %i batches, teach no disorder', async (batches) => {
  expect(await learnedDisorder(arrivingInBatches(days(), batches))).toBe(0);
});

it('old logs that come out of order do', async () => {
  const rows = days();
  const half = rows.length / 2;
  const outOfOrder = [...rows.slice(half), ...rows.slice(0, half)];
  expect(await learnedDisorder(arrivingInBatches(outOfOrder, 8))).toBeGreaterThan(DAY / 1000);
});

it('a record that is late is late, however many come at the same moment', async () => {
  // Each tenth comes an hour after its time, together with what happened then.
  const rows = days().map((row, number) => {
    const delay = number % 10 === 0 ? HOUR : 0;
    return { ...row, ingested_at: at(Date.parse(`${row.ts}Z`) + delay) };
  });
  const learned = await learnedDisorder(rows);
  expect(learned).toBeGreaterThanOrEqual(50 * 60);
  expect(learned).toBeLessThanOrEqual(70 * 60);
});
