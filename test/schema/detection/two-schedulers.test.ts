import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runOnce } from '../../../schema/detection/run.js';
import type { Database } from '../../../schema/store/database.js';
import { access, HOUR, MINUTE, ordinaryDays, signIn, store } from './event-rows.js';
import { fromHosting, visitAt } from './forged-session.js';
import { type Judging, judging } from './judging-fixture.js';

const TODAY = Date.UTC(2026, 5, 18);
const NOON = TODAY + 12 * HOUR;

/** The same database twice: neither writes findings before the other is about to, so neither sees the other's. */
function sideBySide(database: Database): Database[] {
  let arrived = 0;
  let open: () => void = () => {};
  const both = new Promise<void>((resolve) => {
    open = resolve;
  });
  const waiting = (): Database => ({
    ...database,
    name: database.name,
    query: ((...args: Parameters<Database['query']>) => database.query(...args)) as Database['query'],
    command: (...args: Parameters<Database['command']>) => database.command(...args),
    async insertRows(...args) {
      if (args[0] === 'finding_revisions') {
        arrived += 1;
        if (arrived === 2) open();
        await both;
      }
      return database.insertRows(...args);
    },
  });
  return [waiting(), waiting()];
}

describe('two schedulers that judge the same at once', () => {
  let judge: Judging;
  beforeEach(async () => {
    judge = await judging();
  });
  afterEach(() => judge.close());

  it('raise one finding and withdraw one', async () => {
    await judge.deliver([...ordinaryDays(TODAY), ...visitAt(NOON + HOUR)]);
    const now = judge.later();
    const uses = [access(NOON, 'bo', 'late', fromHosting), access(NOON + MINUTE, 'bo', 'late', fromHosting)];
    await store(
      judge.database,
      uses.map((row) => ({ ...row, tenant: judge.tenant })),
      now,
    );
    await Promise.all(
      sideBySide(judge.database).map((database, number) =>
        runOnce(database, judge.correlations, {
          from: now - 1,
          to: now + number,
          now: now + 7 * number,
          lookAtClocks: true,
        }),
      ),
    );
    expect(await judge.findings()).toMatchObject([{ session_key: 'late', state: 'open', event_count: 2 }]);
    await judge.deliver([signIn(NOON - MINUTE, 'bo', 'late', fromHosting)], now + 60_000);
    expect(await judge.findings()).toMatchObject([
      { session_key: 'late', state: 'withdrawn', event_count: 2 },
    ]);
  });
});
