import type { Event } from '../../../schema/event.js';
import { isCredential, isLocated, isProviderLeg, isSessionUse } from './event-uses.js';
import { Interned } from './interned.js';

const MOST_USERS = 200_000;
const MOST_LEGS = 8;
/** The latest days of a user that are kept: the clock's own, and as many before as a past has. */
const KEPT_DAYS = 4;

/** What is known of a user over all sources. */
interface User {
  /** Days since 1970 with a use or sign-in from a public address, the latest; unordered. */
  readonly days: number[];
  /** Whether a credential was given, and from a known network. */
  credential: boolean;
  locatedCredential: boolean;
  /** Applications that were reached through an identity provider, by name. */
  readonly legs: string[];
  /** Whether sessions were used in a source, from a known network, and from a public address; by number of source. */
  readonly used: { located: boolean; routed: boolean }[];
}

/** The users in the records and what is known of each; bounded. */
export class Users {
  readonly #numbers = new Interned(MOST_USERS);
  readonly #users: User[] = [];

  /** Records whose user had no place. */
  get leftOut(): number {
    return this.#numbers.leftOut;
  }

  /** Takes an event of a source by its number. Returns the user's number; undefined if it names none. */
  add(event: Event, source: number): number | undefined {
    if (event.user_key === '') return undefined;
    const number = this.#numbers.of(event.user_key);
    if (number === undefined) return undefined;
    this.#users[number] ??= { days: [], credential: false, locatedCredential: false, legs: [], used: [] };
    const user = this.#users[number];
    const isRouted = event.asn !== 0;
    if (isCredential(event)) {
      user.credential = true;
      user.locatedCredential ||= isRouted;
    }
    const located = isLocated(event);
    if (located) keepLatest(user.days, Number(event.ts / 86_400_000_000_000n));
    if (located || isSessionUse(event)) {
      user.used[source] ??= { located: false, routed: false };
      const used = user.used[source];
      used.located ||= located;
      used.routed ||= isRouted && isSessionUse(event);
    }
    if (isProviderLeg(event) && user.legs.length < MOST_LEGS && !user.legs.includes(event.application_name)) {
      user.legs.push(event.application_name);
    }
    return number;
  }

  legsOf(user: number): readonly string[] {
    return this.#users[user]?.legs ?? [];
  }

  /** Users with a strand in a source, and how many of them have as many days before `day` as a past needs. */
  pasts(source: number, day: number, pastDays: number): { users: number; usersWithPast: number } {
    let users = 0;
    let usersWithPast = 0;
    for (const { days, used } of this.#users) {
      if (used[source]?.located !== true) continue;
      users += 1;
      if (days.filter((each) => each < day).length >= pastDays) usersWithPast += 1;
    }
    return { users, usersWithPast };
  }

  /** The best that ties the uses of a source to what the same users gave elsewhere. */
  weakLink(source: number): 'network' | 'user' | 'none' {
    let best: 'user' | 'none' = 'none';
    for (const { used, credential, locatedCredential } of this.#users) {
      const uses = used[source];
      if (uses === undefined || !credential) continue;
      if (locatedCredential && uses.routed) return 'network';
      best = 'user';
    }
    return best;
  }
}

function keepLatest(days: number[], day: number): void {
  if (days.includes(day)) return;
  if (days.length < KEPT_DAYS) {
    days.push(day);
    return;
  }
  const earliest = Math.min(...days);
  if (day > earliest) days[days.indexOf(earliest)] = day;
}
