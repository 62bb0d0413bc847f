import type { PlaceFacts } from './place.js';

/** Something that a correlation needs to find in the records of a place. */
export interface Need {
  /** What is lacking; undefined if it can fire as far as this goes. */
  lacking(place: PlaceFacts): string | undefined;
  /** What there is, and what limits it; undefined if that is said elsewhere. Of a place that lacks nothing. */
  met(place: PlaceFacts): string | undefined;
}

const DAY_MS = 86_400_000;
/** Earlier days that a user must have for a use to be compared with them (strand-pasts.sql). */
export const PAST_DAYS = 3;
/** Days in which a source's strands raise at most LOW (strand-points.sql). */
const EARLY_DAYS = 5;

export const sessionIds: Need = {
  lacking: ({ records, withSession }) =>
    withSession === 0 ? `no session ids: none of its ${records} records names a session` : undefined,
  met: ({ records, withSession }) => `${percent(withSession, records)} of its records name a session`,
};

/** Strands are told apart by network, client and device; a use without an address makes none. */
export const strands: Need = {
  lacking({ records, withAddress, content }) {
    if (withAddress === 0) return `no addresses: none of its ${records} records has one`;
    if (content?.located !== 0) return undefined;
    return `nothing to compare: none of its ${records} records is a use or sign-in from a public address`;
  },
  met(place) {
    const { content } = place;
    const past = content === undefined ? '' : `; ${pastText(content)}`;
    return `strands are told apart by ${marksOf(place)}${past}${beginning(place)}`;
  },
};

/** `address (on 100 % of its records), client (98 %)`: what its records have of what tells strands apart. */
function marksOf({ records, withAddress, withUserAgent, withDevice }: PlaceFacts): string {
  const marks = [
    ['address', withAddress],
    ['client', withUserAgent],
    ['device', withDevice],
  ] as const;
  return marks
    .filter(([, count]) => count > 0)
    .map(([name, count], i) =>
      i === 0
        ? `${name} (on ${percent(count, records)} of its records)`
        : `${name} (${percent(count, records)})`,
    )
    .join(', ');
}

/** In the first days of a source there is little to compare with; '' after them. */
function beginning({ sourceBegan, clock }: PlaceFacts): string {
  if (sourceBegan === undefined) return '';
  const until = Date.parse(sourceBegan) + EARLY_DAYS * DAY_MS;
  if (until <= Date.parse(clock)) return '';
  return `; LOW at most before ${toSecond(until)}, in the first ${EARLY_DAYS} days of its source`;
}

/** What a use is far from, where nothing in its session can tell: earlier days of the same user. */
export const pasts: Need = {
  lacking({ content, sourceBegan, clock }) {
    if (content !== undefined) {
      return content.usersWithPast > 0 || content.located === 0
        ? undefined
        : `too little history: none of its ${content.users} users has ${PAST_DAYS} earlier days to compare with`;
    }
    if (sourceBegan === undefined) return undefined;
    const first = Math.floor(Date.parse(sourceBegan) / DAY_MS);
    const days = Math.floor(Date.parse(clock) / DAY_MS) - first;
    return days >= PAST_DAYS
      ? undefined
      : `too little history: a use is compared with ${PAST_DAYS} earlier days of its user, and the first record is of ${sourceBegan}`;
  },
  met: ({ content }) =>
    content === undefined ? `a user needs ${PAST_DAYS} earlier days to be compared with` : undefined,
};

export const issues: Need = {
  lacking: ({ content }) =>
    content?.issuedSessions === 0
      ? 'no session was used whose issue is recorded with a public address'
      : undefined,
  met: ({ content }) =>
    content === undefined
      ? 'where the issue of temporary credentials is recorded with a public address'
      : `used sessions whose issue is recorded with a public address: ${content.issuedSessions}`,
};

export const ends: Need = {
  lacking: ({ content }) => (content?.ends === 0 ? 'no log-out and no revocation is recorded' : undefined),
  met: ({ content }) =>
    content === undefined
      ? 'where log-outs and revocations are recorded'
      : `log-outs and revocations: ${content.ends}`,
};

export const changes: Need = {
  lacking: ({ content }) =>
    content?.changes === 0 ? 'no change to an account, a factor or a right is recorded' : undefined,
  met: ({ content }) =>
    content === undefined
      ? 'where changes to accounts, factors and rights are recorded'
      : `changes to accounts, factors and rights: ${content.changes}`,
};

function pastText({ users, usersWithPast }: { users: number; usersWithPast: number }): string {
  const known = `${usersWithPast} of ${users} users have ${PAST_DAYS} earlier days to compare with`;
  return usersWithPast === users ? known : `${known} (others are compared with their session only)`;
}

/** A whole number of percent; what is little is not nothing, and what is nearly all is not all. */
export function percent(part: number, whole: number): string {
  if (part === 0 || whole === 0) return '0 %';
  if (part >= whole) return '100 %';
  return `${Math.min(99, Math.max(1, Math.round((100 * part) / whole)))} %`;
}

function toSecond(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
