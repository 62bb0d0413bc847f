import type { Event } from '../../../schema/event.js';
import { GATE_DAYS, MISSED_DAYS } from '../../../schema/log-coverage/gate.js';
import { SESSION_KINDS, type SessionKind } from '../../../schema/words.js';
import { isSessionUse } from './event-uses.js';

const MOST_SESSIONS = 200_000;
const MOST_TOKENS = 64;
/** Of one session in one place: a service's key may be used by thousands for weeks. */
const MOST_USER_DAYS = 1_000;
const DAY_MS = 86_400_000;
/** Days that a gate within the days looked back on still counts. */
const WINDOW_DAYS = GATE_DAYS + MISSED_DAYS;

/** The use of a session in one place. */
export interface PlaceUse {
  readonly place: number;
  /** Milliseconds since 1970. */
  firstUse: number;
  readonly userDays: { readonly user: number; readonly day: number }[];
}

/** What is known of a session with an id, in place of what the store's `sessions` has. */
export interface TalliedSession {
  readonly key: string;
  /** Numbers of the sources that name it. */
  readonly sources: number[];
  /** Position in SESSION_KINDS. */
  kindRank: number;
  /** The earliest that a record says, in milliseconds; 0 if none does. */
  createdAt: number;
  principal: string;
  readonly tokens: string[];
  claimsMfa: boolean;
  userId: string;
  lastSeen: number;
  readonly uses: PlaceUse[];
}

/** Where and by whom an event was made, by their numbers. */
export interface EventNumbers {
  readonly source: number;
  readonly place: number | undefined;
  readonly user: number | undefined;
}

/** The sessions with an id in the records; bounded: those that no gate asks for any more give way. */
export class Sessions {
  readonly #sessions = new Map<string, TalliedSession>();
  readonly #most: number;
  #newest = 0;
  #searchedAt = 0;
  /** Records whose session had no place. */
  leftOut = 0;

  constructor(most = MOST_SESSIONS) {
    this.#most = most;
  }

  add(event: Event, { source, place, user }: EventNumbers): void {
    if (event.session_key === '' || event.session_implied) return;
    const ts = Number(event.ts / 1_000_000n);
    this.#newest = Math.max(this.#newest, ts);
    const session = this.#session(event.session_key);
    if (session === undefined) {
      if (ts >= this.#windowBegan()) this.leftOut += 1;
      return;
    }
    if (!session.sources.includes(source)) session.sources.push(source);
    session.kindRank = Math.max(session.kindRank, SESSION_KINDS.indexOf(event.session_kind));
    const created = Number(event.session_created_at / 1_000_000n);
    if (created > 0) session.createdAt = Math.min(created, session.createdAt || created);
    if (event.principal_key > session.principal) session.principal = event.principal_key;
    const { token_key: token } = event;
    if (token !== '' && session.tokens.length < MOST_TOKENS && !session.tokens.includes(token)) {
      session.tokens.push(token);
    }
    session.lastSeen = Math.max(session.lastSeen, ts);
    if (!isSessionUse(event)) return;
    session.claimsMfa ||= event.claimed_mfa;
    session.userId ||= event.user_id;
    if (place !== undefined) addUse(session, place, ts, user);
  }

  values(): Iterable<TalliedSession> {
    return this.#sessions.values();
  }

  #session(key: string): TalliedSession | undefined {
    const known = this.#sessions.get(key);
    if (known !== undefined) return known;
    if (this.#sessions.size >= this.#most && !this.#makeRoom()) return undefined;
    const session: TalliedSession = {
      key,
      sources: [],
      kindRank: 0,
      createdAt: 0,
      principal: '',
      tokens: [],
      claimsMfa: false,
      userId: '',
      lastSeen: 0,
      uses: [],
    };
    this.#sessions.set(key, session);
    return session;
  }

  /** Lets go of sessions that are older than what any gate counts. Looked for again once the newest is a day later. */
  #makeRoom(): boolean {
    if (this.#newest < this.#searchedAt + DAY_MS) return false;
    this.#searchedAt = this.#newest;
    const since = this.#windowBegan();
    for (const [key, { lastSeen }] of this.#sessions) if (lastSeen < since) this.#sessions.delete(key);
    return this.#sessions.size < this.#most;
  }

  /** What is older is counted by no gate. */
  #windowBegan(): number {
    return this.#newest - (WINDOW_DAYS + 1) * DAY_MS;
  }
}

export function kindOf({ kindRank }: TalliedSession): SessionKind {
  return SESSION_KINDS[kindRank] ?? 'implied';
}

function addUse(session: TalliedSession, place: number, ts: number, user: number | undefined): void {
  let use = session.uses.find((each) => each.place === place);
  if (use === undefined) {
    use = { place, firstUse: ts, userDays: [] };
    session.uses.push(use);
  }
  use.firstUse = Math.min(use.firstUse, ts);
  if (user === undefined || use.userDays.length >= MOST_USER_DAYS) return;
  const day = Math.floor(ts / DAY_MS);
  // Nearly always it is the same again.
  if (!use.userDays.some((each) => each.day === day && each.user === user)) use.userDays.push({ user, day });
}
