import {
  type ApplicationEntry,
  type ApplicationName,
  type ApplicationSession,
  access,
  factorPassed,
  type Moment,
  sessionEnd,
  sessionStart,
  signIn,
} from './application-records.js';
import { MINUTE, SECOND } from './calendar.js';
import type { Diary } from './diary.js';
import type { Chance } from './random.js';

const PAGES: Record<ApplicationName, readonly { method: string; path: string }[]> = {
  payroll: [
    { method: 'GET', path: '/' },
    { method: 'GET', path: '/payslips' },
    { method: 'GET', path: '/payslips/2026-06' },
    { method: 'GET', path: '/time-off' },
    { method: 'POST', path: '/time-off/requests' },
    { method: 'GET', path: '/people' },
    { method: 'GET', path: '/runs/2026-07' },
    { method: 'POST', path: '/runs/2026-07/approve' },
  ],
  expenses: [
    { method: 'GET', path: '/' },
    { method: 'GET', path: '/reports' },
    { method: 'POST', path: '/reports' },
    { method: 'POST', path: '/receipts' },
    { method: 'GET', path: '/cards' },
  ],
};

/** How a person shows who they are at an application. */
export type Proof = 'code' | 'passkey' | 'remembered device';

/** Sign-in, factor and session start, within half a minute; when the last of them was done. */
export function begin(
  diary: Diary<ApplicationEntry>,
  chance: Chance,
  session: ApplicationSession,
  moment: Moment,
  proof: Proof,
): number {
  const write = (entry: ApplicationEntry, at: number): void => diary.write(at, entry);
  let { at } = moment;
  write(signIn(chance, session, moment, proof === 'passkey' ? ['hwk', 'user'] : ['pwd']), at);
  if (proof === 'code') {
    at += chance.between(6, 22) * SECOND;
    write(factorPassed(chance, session, { ...moment, at }, ['otp', 'mfa']), at);
  }
  at += chance.between(150, 900);
  write(sessionStart(chance, session, { ...moment, at }), at);
  return at;
}

/** Pages read at the given moments. */
export function browse(
  diary: Diary<ApplicationEntry>,
  chance: Chance,
  session: ApplicationSession,
  moments: readonly Moment[],
): void {
  for (const moment of moments) {
    diary.write(moment.at, access(chance, session, moment, chance.pick(PAGES[session.application])));
  }
}

/** A whole visit: in, a few pages, and mostly out again. */
export function visit(
  diary: Diary<ApplicationEntry>,
  chance: Chance,
  session: ApplicationSession,
  arrival: Moment,
  proof: Proof,
  pages: number,
): void {
  const began = begin(diary, chance, session, arrival, proof);
  const moments = pageTimes(chance, began, pages).map((at) => ({ ...arrival, at }));
  browse(diary, chance, session, moments);
  const last = moments.at(-1);
  if (last === undefined || chance.happens(0.4)) return;
  const at = last.at + chance.between(1, 6) * MINUTE;
  diary.write(at, sessionEnd(chance, session, { ...arrival, at }));
}

/** Moments of reading: seconds to minutes from page to page. */
export function pageTimes(chance: Chance, from: number, pages: number): number[] {
  let at = from + chance.between(300, 1500);
  return Array.from({ length: pages }, () => {
    const now = at;
    at += chance.happens(0.7) ? chance.between(4, 70) * SECOND : chance.between(2, 14) * MINUTE;
    return now + chance.between(0, 999);
  });
}
