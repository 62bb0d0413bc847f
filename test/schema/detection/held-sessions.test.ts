import { afterEach, beforeEach, expect, it } from 'vitest';
import { renewHeldSessions } from '../../../schema/detection/held-sessions.js';
import { access, at, DAY, HOUR, MINUTE, ordinaryDays, signIn } from './event-rows.js';
import { type Judging, judging } from './judging-fixture.js';

const NOW = Date.now();
const THEN = NOW - 85 * DAY;
const TODAY = Math.floor(THEN / DAY) * DAY - DAY;
const NOON = TODAY + 12 * HOUR;
const fromHosting = { asn: 14061, network_class: 'hosting', browser: 'Firefox', os: 'Linux' } as const;

let judge: Judging;
beforeEach(async () => {
  judge = await judging({ alone: true });
});
afterEach(() => judge.close());

it('events of a session under an open finding are ingested again before their retention ends, others are not', async () => {
  await judge.deliver(ordinaryDays(TODAY), THEN);
  await judge.deliver([access(NOON, 'bo', 'forged', fromHosting)], THEN + 1);
  await judge.deliver(
    [signIn(NOON + HOUR, 'ada', 'ada-1'), access(NOON + HOUR + MINUTE, 'ada', 'ada-1')],
    THEN + 2,
  );
  expect(await judge.findings()).toMatchObject([{ session_key: 'forged', state: 'open' }]);
  const ingested = async (session: string) =>
    (
      await judge.database.query<{ ingested_at: string; copies: number }>(
        `SELECT max(ingested_at) AS ingested_at, count() AS copies FROM events WHERE session_key = {session:String}`,
        { session },
      )
    ).rows[0];
  await renewHeldSessions(judge.database, 400, NOW);
  expect((await ingested('forged'))?.ingested_at).toBe(at(THEN + 1));
  await renewHeldSessions(judge.database, 90, NOW);
  await renewHeldSessions(judge.database, 90, NOW + 1);
  // Renewed once: the second call found nothing left to renew.
  expect((await ingested('forged'))?.ingested_at).toBe(at(NOW));
  expect((await ingested('forged'))?.copies).toBeLessThanOrEqual(2);
  expect((await ingested('ada-1'))?.ingested_at).toBe(at(THEN + 2));
});
