import type { Link } from '../../../schema/words.js';
import type { Evidence, EvidenceTally } from './evidence.js';
import type { Places } from './places.js';
import type { PlaceUse, Sessions, TalliedSession } from './sessions.js';
import type { Users } from './users.js';

/** What of the records vouches for a session. */
export interface Judgement {
  /** The earliest, in milliseconds; Infinity where nothing does. */
  readonly vouchedAt: number;
  /** The strongest link to it: `session`, `derived`, `asserted` or `none`. */
  readonly link: SessionLink;
  /** Whether it was issued in another session, from a public address. */
  readonly isIssued: boolean;
}

/** Links that are told of a session; the weaker ones are of its user. Strongest first. */
export const SESSION_LINKS = ['session', 'derived', 'asserted', 'none'] as const satisfies readonly Link[];
export type SessionLink = (typeof SESSION_LINKS)[number];

/** Clocks differ by so much: evidence after a first use by less is no later than it. */
const CLOCK_TOLERANCE_MS = 300_000;
/** A principal's evidence and a session's beginning are of one sign-in if so close (judging/judged-evidence.sql). */
const CREATION_TOLERANCE_MS = 3_000;

export interface Tallies {
  readonly sessions: Sessions;
  readonly evidence: EvidenceTally;
  readonly places: Places;
  readonly users: Users;
}

/**
 * Ties each used session to its evidence, by the links that judging/judged-evidence.sql and judged-legs.sql tie by.
 * Once every record has been read, since evidence may come after what it vouches for.
 */
export function* judgedSessions(tallies: Tallies): Generator<[TalliedSession, Judgement]> {
  const ofPrincipal = principalEvidence(tallies);
  for (const session of tallies.sessions.values()) {
    if (session.uses.length > 0) yield [session, judgementOf(session, ofPrincipal, tallies)];
  }
}

function judgementOf(
  session: TalliedSession,
  ofPrincipal: (session: TalliedSession) => readonly Evidence[],
  tallies: Tallies,
): Judgement {
  const source = tallies.places.get(session.uses[0]?.place ?? 0).source;
  const direct: SessionLink = source === 'cloudtrail' ? 'derived' : 'session';
  const found: [SessionLink, readonly Evidence[]][] = [
    [direct, tallies.evidence.of(session.key)],
    ...session.tokens.map((token): [SessionLink, readonly Evidence[]] => [
      'session',
      tallies.evidence.of(token),
    ]),
    ['derived', ofPrincipal(session)],
  ];
  let vouchedAt = Number.POSITIVE_INFINITY;
  let link: SessionLink = 'none';
  let isIssued = false;
  let isFederated = false;
  for (const [kind, pieces] of found) {
    for (const piece of pieces) {
      // An application's session id can be chosen by its client: it links only the same user.
      if (source === 'otel' && !isSameUser(session, piece)) continue;
      vouchedAt = Math.min(vouchedAt, piece.ts);
      link = stronger(link, piece.isProof ? kind : 'asserted');
      isIssued ||= piece.issuedIn !== '' && piece.issuedIn !== session.key;
      isFederated ||= piece.isFederated;
    }
  }
  if (isFederated && hasLeg(session, tallies)) link = stronger(link, 'derived');
  // A provider's assertion counts with the provider's own record only.
  const isBare =
    (isFederated && link === 'asserted') || !session.uses.every((use) => isTimely(vouchedAt, use));
  if (isBare || link === 'none') link = session.claimsMfa ? 'asserted' : 'none';
  return { vouchedAt, link, isIssued };
}

/** Whether what vouches was there at the first use in a place. */
export function isTimely(vouchedAt: number, { firstUse }: Pick<PlaceUse, 'firstUse'>): boolean {
  return vouchedAt <= firstUse + CLOCK_TOLERANCE_MS;
}

function stronger(one: SessionLink, other: SessionLink): SessionLink {
  return SESSION_LINKS.indexOf(other) < SESSION_LINKS.indexOf(one) ? other : one;
}

function isSameUser({ uses, userId }: TalliedSession, { user, userId: givenBy }: Evidence): boolean {
  if (givenBy !== '' && givenBy === userId) return true;
  return user !== undefined && uses.some(({ userDays }) => userDays.some((each) => each.user === user));
}

/** Whether a user of the session has been seen at an identity provider on the way to where it is used. */
function hasLeg({ uses }: TalliedSession, { places, users }: Tallies): boolean {
  return uses.some(({ place, userDays }) => {
    const { source, application_id: id, application_name: name } = places.get(place);
    return userDays.some(({ user }) =>
      users.legsOf(user).some((leg) => isSameApplication(source, name || id, leg)),
    );
  });
}

/** As `isSameApplication` of judging/functions.sql. */
function isSameApplication(source: string, application: string, leg: string): boolean {
  if (source === 'cloudtrail') return /aws|amazon/i.test(leg);
  const [one, other] = [application, leg].map((name) => name.replace(/[^A-Za-z0-9]/g, '').toLowerCase());
  if (!one || other === undefined) return false;
  return one.includes(other) || other.includes(one);
}

/**
 * A principal's evidence is that of the session created nearest to it, and of that one alone: two creation times are
 * never joined.
 */
function principalEvidence({ sessions, evidence }: Tallies) {
  const created = new Map<string, number[]>();
  for (const { principal, createdAt, uses } of sessions.values()) {
    if (principal === '' || createdAt === 0 || uses.length === 0) continue;
    const times = created.get(principal);
    if (times === undefined) created.set(principal, [createdAt]);
    else times.push(createdAt);
  }
  const given = new Map<string, Evidence[]>();
  for (const [principal, times] of created) {
    times.sort((a, b) => a - b);
    for (const piece of evidence.ofPrincipal(principal)) {
      const nearest = nearestTo(piece.ts, times);
      if (Math.abs(nearest - piece.ts) > CREATION_TOLERANCE_MS) continue;
      const key = `${principal} ${nearest}`;
      const list = given.get(key);
      if (list === undefined) given.set(key, [piece]);
      else list.push(piece);
    }
  }
  return ({ principal, createdAt }: TalliedSession): readonly Evidence[] =>
    given.get(`${principal} ${createdAt}`) ?? [];
}

/** Of ascending times; of two as near, the earlier. */
function nearestTo(time: number, times: readonly number[]): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  const [before, after] = [times[low - 1], times[low]];
  if (before === undefined) return after ?? Number.NEGATIVE_INFINITY;
  if (after === undefined) return before;
  return time - before <= after - time ? before : after;
}
