import { afterEach, describe, expect, it } from 'vitest';
import { runOnce } from '../../../schema/detection/run.js';
import type { Database } from '../../../schema/store/database.js';
import { access, type EventRow, HOUR, MINUTE, ordinaryDays, signIn, store } from './event-rows.js';
import { type FindingNow, type Judging, judging } from './judging-fixture.js';

const TODAY = Date.UTC(2026, 10, 20);
const NOON = TODAY + 12 * HOUR;
const fromHosting = { asn: 14061, network_class: 'hosting', browser: 'Firefox', os: 'Linux' } as const;

const life = () => [
  ...ordinaryDays(TODAY),
  access(NOON, 'bo', 'forged', fromHosting),
  access(NOON + MINUTE, 'bo', 'forged', fromHosting),
  signIn(NOON + 2 * HOUR, 'ada', 'ada-today'),
  access(NOON + 2 * HOUR + MINUTE, 'ada', 'ada-today'),
];

class Crash extends Error {}

/** The same database, whose statement number `last` + 1 and all after it fail as if the program had ended. */
function endingAfter(database: Database, last: number): Database {
  let statements = 0;
  const counted =
    <Args extends unknown[], Result>(call: (...args: Args) => Promise<Result>) =>
    (...args: Args): Promise<Result> => {
      statements += 1;
      return statements > last ? Promise.reject(new Crash()) : call(...args);
    };
  return {
    ...database,
    name: database.name,
    query: counted((...args: Parameters<Database['query']>) => database.query(...args)) as Database['query'],
    command: counted((...args: Parameters<Database['command']>) => database.command(...args)),
    insertRows: counted((...args: Parameters<Database['insertRows']>) => database.insertRows(...args)),
  };
}

const standing = (findings: readonly FindingNow[]) =>
  findings.map(({ session_key, state, points, event_count, revision }) => ({
    session_key,
    state,
    points,
    event_count,
    revision,
  }));

/** Statements after which the program ends: among the folds, before re-queueing, while judging, while writing. */
const CUTS = [3, 6, 8, 10, 12, 15, 18, 21, 24];

describe('a run that is cut off', () => {
  const opened: Judging[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((judge) => judge.close()));
  });

  /** Stores rows, judges them in a run that ends after `last` statements, and judges the same window again. */
  async function cutOff(judge: Judging, rows: readonly EventRow[], last: number): Promise<void> {
    const now = judge.later();
    const stored = rows.map((row) => ({ ...row, tenant: judge.tenant }));
    await store(judge.database, stored, now);
    const window = { from: now - 1, to: now, now, lookAtClocks: true };
    await runOnce(endingAfter(judge.database, last), judge.correlations, window).catch((error: unknown) => {
      if (!(error instanceof Crash)) throw error;
    });
    await runOnce(judge.database, judge.correlations, window);
  }

  it.each(CUTS)('after statement %i is made good by the next: same findings, same counts', async (last) => {
    const judge = await judging();
    opened.push(judge);
    await cutOff(judge, life(), last);
    expect(standing(await judge.findings())).toEqual([
      { session_key: 'forged', state: 'open', points: 5, event_count: 2, revision: 1 },
    ]);
  });

  it.each(CUTS)(
    'after statement %i still re-queues what waited for the gate that it opened',
    async (last) => {
      const judge = await judging();
      opened.push(judge);
      const today = new Date(TODAY).toISOString().slice(0, 10);
      await judge.deliver(life().filter((row) => row.ts >= today));
      expect(await judge.findings()).toEqual([]);
      await cutOff(
        judge,
        life().filter((row) => row.ts < today),
        last,
      );
      expect(await judge.findings()).toMatchObject([{ session_key: 'forged', state: 'open' }]);
    },
  );
});
