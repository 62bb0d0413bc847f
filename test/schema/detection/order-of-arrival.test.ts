import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { access, DAY, type EventRow, HOUR, MINUTE, ordinaryDays, signIn } from './event-rows.js';
import { type FindingNow, type Judging, judging } from './judging-fixture.js';

const TODAY = Date.UTC(2026, 10, 20);
const NOON = TODAY + 12 * HOUR;
const fromHosting = { asn: 14061, network_class: 'hosting', browser: 'Firefox', os: 'Linux' } as const;

/** Ten days of a company, two forged sessions, one session whose sign-in is logged, and later traffic. */
function life(): EventRow[] {
  return [
    ...ordinaryDays(TODAY),
    access(NOON, 'bo', 'forged', fromHosting),
    access(NOON + 5 * MINUTE, 'bo', 'forged', fromHosting),
    access(NOON + 6 * MINUTE, 'cy', 'forged-too', { ...fromHosting, asn: 16276 }),
    signIn(NOON + 7 * MINUTE, 'di', 'di-hotel', fromHosting),
    access(NOON + 8 * MINUTE, 'di', 'di-hotel', fromHosting),
    signIn(NOON + 2 * HOUR, 'ada', 'ada-today'),
    access(NOON + 2 * HOUR + MINUTE, 'ada', 'ada-today'),
  ];
}

const byTime = (a: EventRow, b: EventRow): number => (a.ts < b.ts ? -1 : a.ts > b.ts ? 1 : 0);

const standing = (findings: readonly FindingNow[]) =>
  findings
    .filter((finding) => finding.state !== 'withdrawn')
    .map(({ session_key, state, points, event_count }) => ({ session_key, state, points, event_count }));

describe('the order of arrival', () => {
  let judge: Judging;
  beforeEach(async () => {
    judge = await judging();
  });
  afterEach(() => judge.close());

  /** Delivers rows in chunks, each judged before the next arrives. */
  async function deliverInChunks(rows: readonly EventRow[], chunks: number): Promise<void> {
    const size = Math.ceil(rows.length / chunks);
    for (let start = 0; start < rows.length; start += size)
      await judge.deliver(rows.slice(start, start + size));
  }

  it('does not matter: forward in one go, in reverse and shuffled end in the same findings', async () => {
    const rows = life().sort(byTime);
    await judge.deliver(rows);
    const expected = standing(await judge.findings());
    expect(expected).toHaveLength(2);

    for (const order of [[...rows].reverse(), [...rows].sort((a, b) => (a.event_id < b.event_id ? -1 : 1))]) {
      const other = await judging();
      const before = judge;
      judge = other;
      try {
        await deliverInChunks(order, 8);
        expect(standing(await other.findings())).toEqual(expected);
      } finally {
        judge = before;
        await other.close();
      }
    }
  });

  it('does not matter how often: every event twice, and a window judged twice, write no new revision', async () => {
    const rows = life();
    await judge.deliver(rows);
    const before = await judge.findings();
    await judge.deliver(rows);
    await judge.lookAgain(Date.now() + MINUTE);
    expect(await judge.findings()).toEqual(before);
  });

  it('lets a gate that opens late judge sessions that were waiting for it', async () => {
    const rows = life().sort(byTime);
    const attackFirst = rows.filter((row) => row.ts >= new Date(TODAY).toISOString().slice(0, 10));
    const history = rows.filter((row) => !attackFirst.includes(row));
    await judge.deliver(attackFirst);
    expect(await judge.findings()).toEqual([]);
    await judge.deliver(history);
    expect(standing(await judge.findings())).toMatchObject([{ state: 'open' }, { state: 'open' }]);
  });

  it('takes a finding back when late accesses show that its cell is not covered after all', async () => {
    await judge.deliver(life());
    expect(standing(await judge.findings())).toHaveLength(2);
    const uncovered: EventRow[] = [];
    for (const user of ['ed', 'fay', 'gus', 'hal', 'ida']) {
      for (let back = 8; back >= 1; back--) {
        uncovered.push(access(TODAY - back * DAY + 10 * HOUR, user, `${user}-bare-${back}`));
      }
    }
    await judge.deliver(uncovered);
    expect(await judge.findings()).toMatchObject([
      { state: 'withdrawn', withdrawn_because: 'coverage' },
      { state: 'withdrawn', withdrawn_because: 'coverage' },
    ]);
  });
});
