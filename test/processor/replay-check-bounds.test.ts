import { expect, it } from 'vitest';
import { EvidenceTally } from '../../processor/commands/replay-check/evidence.js';
import { Interned } from '../../processor/commands/replay-check/interned.js';
import { Reasons } from '../../processor/commands/replay-check/reasons.js';
import { Sessions } from '../../processor/commands/replay-check/sessions.js';
import { type Event, emptyEvent } from '../../schema/event.js';

// What is kept of files of any size is bounded, and what is left out is told.

const numbers = { source: 0, place: 0, user: 0 };

function use(session: string, day: number): Event {
  const ts = BigInt(day) * 86_400_000_000_000n;
  return { ...emptyEvent('otel'), ts, activity: 'access', outcome: 'success', session_key: session };
}

const keysOf = (sessions: Sessions): string[] => [...sessions.values()].map(({ key }) => key);

it('sessions that no gate asks for any more give way to new ones', () => {
  const sessions = new Sessions(3);
  for (const [session, day] of [
    ['old', 20_000],
    ['older', 19_990],
    ['kept', 20_030],
    ['new', 20_040],
  ] as const) {
    sessions.add(use(session, day), numbers);
  }
  expect(keysOf(sessions)).toEqual(['kept', 'new']);
  expect(sessions.leftOut).toBe(0);
});

it('sessions that have no place are counted by their records, unless they are too old to matter', () => {
  const sessions = new Sessions(2);
  for (const session of ['one', 'two', 'three', 'one', 'three']) sessions.add(use(session, 20_040), numbers);
  sessions.add(use('ancient', 19_000), numbers);
  expect(keysOf(sessions)).toEqual(['one', 'two']);
  expect(sessions.leftOut).toBe(2);
});

it('a session used a thousand times on a day by one user is one user-day', () => {
  const sessions = new Sessions();
  for (let i = 0; i < 1_000; i++) sessions.add(use('one', 20_040), numbers);
  const [session] = sessions.values();
  expect(session?.uses).toEqual([
    { place: 0, firstUse: 20_040 * 86_400_000, userDays: [{ user: 0, day: 20_040 }] },
  ]);
});

it('of evidence that differs in time only the earliest is kept', () => {
  const evidence = new EvidenceTally();
  for (const day of [5, 3, 9]) {
    const signIn: Event = { ...use('one', day), activity: 'sign_in', evidence: 'mfa', vouches_for: ['one'] };
    evidence.add(signIn, [], 0);
  }
  expect(evidence.of('one')).toMatchObject([{ ts: 3 * 86_400_000, user: 0, isProof: true }]);
});

it('texts beyond the most get no number, and are counted', () => {
  const interned = new Interned(2);
  expect(['a', 'b', 'c', 'a', 'c'].map((text) => interned.of(text))).toEqual([0, 1, undefined, 0, undefined]);
  expect(interned.leftOut).toBe(2);
});

it('reasons beyond the first hundred are counted together', () => {
  const reasons = new Reasons();
  for (let i = 0; i < 150; i++)
    reasons.add({ source: 'okta', reason: `reason ${i}`, first: `file:${i}` }, 1 + (i % 2));
  const list = reasons.list();
  expect(list).toHaveLength(101);
  expect(list[0]).toEqual({ source: '', reason: 'other reasons', records: 75, first: 'file:100' });
  expect(list.reduce((sum, { records }) => sum + records, 0)).toBe(225);
});
