import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { judgeCells, runOnce } from '../../../schema/detection/run.js';
import { access, at, DAY, type EventRow, HOUR, MINUTE, signIn } from './event-rows.js';
import { fromHosting } from './forged-session.js';
import { type FindingNow, type Judging, judging } from './judging-fixture.js';

const TODAY = (Math.floor(Date.now() / DAY) - 3) * DAY;
const USERS = ['ada', 'bo', 'cy', 'di', 'ed', 'fay'];

/** Sessions of less than two hours: the provider's log has their sign-ins and the application's log their uses. */
function visits(from: number, until: number): { signIns: EventRow[]; accesses: EventRow[] } {
  const signIns: EventRow[] = [];
  const accesses: EventRow[] = [];
  for (let hour = from; hour < until; hour += 2) {
    for (const [index, user] of USERS.entries()) {
      const began = TODAY + hour * HOUR + index * 5 * MINUTE;
      const session = `${user} at ${hour}`;
      signIns.push(signIn(began, user, session, { stream: 'otel:provider' }));
      for (const minute of [1, 40, 80]) accesses.push(access(began + minute * MINUTE, user, session));
    }
  }
  return { signIns, accesses };
}

const forged = (hour: number, user: string): EventRow =>
  access(TODAY + hour * HOUR, user, `forged at ${hour}`, fromHosting);

/** What became of the findings, each told in words; of ordinary sessions the different ones. */
interface Told {
  readonly gaps: readonly string[];
  readonly ordinary: readonly string[];
  readonly forged: Readonly<Record<string, string>>;
}

const inWords = ({ state, withdrawn_because, severity }: FindingNow): string =>
  [state, withdrawn_because, severity].filter((word) => word !== '').join(' ');

describe("a provider's log that stops while people work on", () => {
  let judge: Judging;
  let judgedUpTo: number;
  beforeEach(async () => {
    judge = await judging({ alone: true });
    judgedUpTo = TODAY - 10 * DAY;
  });
  afterEach(() => judge.close());

  /** Stores what has happened by an hour, each row as arriving when it happened, and judges as a minute's run does. */
  async function live(day: readonly EventRow[], hour: number): Promise<void> {
    const now = TODAY + hour * HOUR;
    const arrived = day.filter((row) => row.ingested_at > at(judgedUpTo) && row.ingested_at <= at(now));
    await judge.database.insertRows('events', arrived);
    const window = { from: judgedUpTo, to: now, now, lookAtClocks: true };
    // The streams are learned before sessions are judged by what was learned, as hours of live running would do.
    await judgeCells(judge.database, [], window, true);
    const run = await runOnce(judge.database, judge.correlations, window);
    const cells = await judgeCells(judge.database, judge.correlations, window, false);
    expect([...run.correlations, ...cells.correlations].filter(({ error }) => error !== '')).toEqual([]);
    judgedUpTo = now;
  }

  async function told(): Promise<Told> {
    const findings = await judge.findings();
    const about = (kind: string) => findings.filter(({ session_key }) => session_key.startsWith(kind));
    const ordinary = findings.filter((finding) => USERS.includes(finding.session_key.split(' ')[0] ?? ''));
    return {
      gaps: findings.filter(({ session_key }) => session_key === '').map(inWords),
      ordinary: [...new Set(ordinary.map(inWords))].sort(),
      forged: Object.fromEntries(about('forged').map((each) => [each.session_key, inWords(each)])),
    };
  }

  /** Rows that arrive when they happen, or where it was stopped until an hour, then. */
  const arriving = (rows: readonly EventRow[], stopped = -240): EventRow[] =>
    rows.map((row) => {
      const arrivedAt = Math.max(Date.parse(`${row.ts}Z`), TODAY + stopped * HOUR);
      return { ...row, ingested_at: at(arrivedAt) };
    });
  const history = (): EventRow[] => {
    const { signIns, accesses } = visits(-9 * 24, 8);
    return arriving([...signIns, ...accesses]);
  };

  it('raises one gap, accuses nobody, and judges everything again once the log has come', async () => {
    const day = [
      ...history(),
      ...arriving([...visits(8, 22).accesses, forged(10.5, 'bo')]),
      ...arriving(visits(8, 22).signIns, 20.2),
    ];
    await live(day, 7.5);
    expect(await told()).toEqual({ gaps: [], ordinary: [], forged: {} });
    for (const hour of [11, 20]) {
      await live(day, hour);
      expect(await told()).toEqual({
        gaps: ['open low'],
        ordinary: ['provisional info'],
        forged: { 'forged at 10.5': 'provisional low' },
      });
    }
    await live(day, 20.5);
    expect(await told()).toEqual({
      gaps: ['withdrawn evidence low'],
      ordinary: ['withdrawn evidence info'],
      forged: { 'forged at 10.5': 'open medium' },
    });
  });

  it('says after a day that it cannot tell, and accuses nobody when the log goes on without what it lost', async () => {
    const day = [
      ...history(),
      ...arriving([...visits(8, 44).accesses, forged(10.5, 'bo'), forged(34.5, 'cy')]),
      ...arriving(visits(36, 44).signIns),
    ];
    for (const hour of [7.5, 20, 35]) await live(day, hour);
    expect(await told()).toEqual({
      gaps: ['open low'],
      ordinary: ['provisional info', 'withdrawn coverage info'],
      forged: { 'forged at 10.5': 'withdrawn coverage low', 'forged at 34.5': 'provisional low' },
    });
    await live(day, 43);
    const { gaps, ordinary, forged: found } = await told();
    expect(gaps).toEqual(['withdrawn evidence low']);
    expect(ordinary.filter((each) => /medium|high|critical/.test(each))).toEqual([]);
    expect(found).toMatchObject({ 'forged at 34.5': 'open medium' });
  });

  it('raises nothing while sessions go on that were begun before it stopped', async () => {
    const goingOn = [9, 12, 15, 18].flatMap((hour) =>
      USERS.map((user, index) => access(TODAY + hour * HOUR + index * MINUTE, user, `${user} at 6`)),
    );
    const day = [...history(), ...arriving(goingOn)];
    for (const hour of [7.5, 19]) await live(day, hour);
    expect(await judge.findings()).toEqual([]);
  });
});
