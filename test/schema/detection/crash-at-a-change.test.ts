import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runOnce } from '../../../schema/detection/run.js';
import type { Database } from '../../../schema/store/database.js';
import { access, HOUR, MINUTE, ordinaryDays, signIn, store } from './event-rows.js';
import { fromHosting, visitAt } from './forged-session.js';
import { type Judging, judging } from './judging-fixture.js';

const TODAY = Date.UTC(2026, 5, 18);
const NOON = TODAY + 12 * HOUR;

class Crash extends Error {}

/** The same database; of the statements that change it, those from one that `ends` on fail, as if the program had ended. */
function endingAt(database: Database, ends: (statement: string) => boolean): Database {
  let ended = false;
  const until =
    <Args extends unknown[], Result>(call: (...args: Args) => Promise<Result>) =>
    (...args: Args): Promise<Result> => {
      ended ||= ends(String(args[0]));
      return ended ? Promise.reject(new Crash()) : call(...args);
    };
  return {
    ...database,
    name: database.name,
    query: until((...args: Parameters<Database['query']>) => database.query(...args)) as Database['query'],
    command: until((...args: Parameters<Database['command']>) => database.command(...args)),
    insertRows: until((...args: Parameters<Database['insertRows']>) => database.insertRows(...args)),
  };
}

const into = (table: string) => (statement: string) =>
  statement === table || statement.includes(`INSERT INTO ${table} `);

describe('a run that ends while it changes findings', () => {
  let judge: Judging;
  let sessions = 0;
  beforeAll(async () => {
    judge = await judging();
    await judge.deliver(ordinaryDays(TODAY));
  });
  afterAll(() => judge.close());

  // Before it states the sessions, before and after it writes findings, and before it says that it is complete.
  it.each(['session_states', 'session_strands', 'finding_revisions', 'pending', 'cursors'])(
    'at its write into %s: the next one raises, withdraws and counts each thing once',
    async (table) => {
      const [forged, late] = [`forged ${++sessions}`, `late ${sessions}`];
      const [bo, cy] = [`bo-${sessions}`, `cy-${sessions}`];
      await judge.deliver([
        access(NOON, cy, late, fromHosting),
        ...visitAt(NOON + sessions * HOUR, {
          session_key: `ada ${sessions}`,
          vouches_for: [`ada ${sessions}`],
        }),
      ]);
      const evidence = signIn(NOON - MINUTE, cy, late, fromHosting);
      const rows = [
        access(NOON, bo, forged, fromHosting),
        access(NOON + MINUTE, bo, forged, fromHosting),
        access(NOON + 2 * MINUTE, cy, late, fromHosting),
        evidence,
      ].map((row) => ({ ...row, tenant: judge.tenant }));
      const now = judge.later();
      await store(judge.database, rows, now);
      const window = { from: now - 1, to: now, now, lookAtClocks: true };
      await expect(
        runOnce(endingAt(judge.database, into(table)), judge.correlations, window),
      ).rejects.toBeInstanceOf(Crash);
      await runOnce(judge.database, judge.correlations, window);
      const found = (await judge.findings()).filter(({ session_key }) =>
        [forged, late].includes(session_key),
      );
      expect(found).toMatchObject([
        { session_key: forged, state: 'open', event_count: 2, revision: 1 },
        {
          session_key: late,
          state: 'withdrawn',
          withdrawn_because: 'evidence',
          evidence_event_id: evidence.event_id,
          revision: 2,
        },
      ]);
    },
  );
});
