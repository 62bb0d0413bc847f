import { firingsOf } from '../../../schema/log-coverage/firing.js';
import { closureOf, LEAST_CLOSURE } from '../../../schema/log-coverage/gate.js';
import { PAST_DAYS } from '../../../schema/log-coverage/needs.js';
import {
  type CellFacts,
  type CellPlace,
  isDeclaredComplete,
  type PlaceFacts,
} from '../../../schema/log-coverage/place.js';
import { longestSessionLifeSeconds } from '../../../schema/log-coverage/session-life.js';
import { LINKS, type Link, type SessionKind } from '../../../schema/words.js';
import { type CellGate, CellGates } from './cell-gates.js';
import type { CheckedFiring, CheckedSource } from './check-report.js';
import type { CoverageTally } from './coverage-tally.js';
import { judgedSessions, type SessionLink } from './judged-sessions.js';
import type { Place } from './places.js';
import { kindOf } from './sessions.js';
import type { SourceFigures } from './source-figures.js';

const DAY_MS = 86_400_000;
const FUTURE_MS = 300_000;

/** What decides besides the records. */
export interface Deciding {
  /** Ids of the correlations that there are. */
  readonly correlations: readonly string[];
  /** What the policy declares complete. */
  readonly complete: readonly CellPlace[];
  /** The wall clock, in milliseconds. */
  readonly now: number;
}

/** What is counted of the sessions that a source names. */
interface SessionCounts {
  issued: number;
  readonly links: Partial<Record<SessionLink, number>>;
  readonly kinds: Partial<Record<SessionKind, number>>;
}

interface KnownCell extends CellFacts {
  readonly place: Place;
}

/** The newest event time in milliseconds, at most 5 minutes ahead of now: what a tenant's clock would show. */
export function clockOf({ newest }: CoverageTally, now: number): number {
  return Math.min(Number(newest / 1_000_000n), now + FUTURE_MS);
}

/** What each source brings, in the order of their names, as of the newest record. */
export function checkedSources(tally: CoverageTally, deciding: Deciding): CheckedSource[] {
  const clock = clockOf(tally, deciding.now);
  const gates = new CellGates(tally.places);
  const sessions = tally.figures.map((): SessionCounts => {
    return { issued: 0, links: {}, kinds: {} };
  });
  for (const session of tally.sessions.values()) {
    const kind = kindOf(session);
    for (const source of session.sources) {
      const kinds = sessions[source]?.kinds ?? {};
      kinds[kind] = (kinds[kind] ?? 0) + 1;
    }
  }
  for (const [session, judgement] of judgedSessions(tally)) {
    gates.add(session, judgement);
    for (const counts of usedIn(session.uses, tally, sessions)) {
      if (judgement.isIssued) counts.issued += 1;
      counts.links[judgement.link] = (counts.links[judgement.link] ?? 0) + 1;
    }
  }
  const cells = gates.on(Math.floor(clock / DAY_MS));
  return tally.figures
    .map((figures, number) => {
      const own = cells.filter(({ place }) => place.source === figures.source);
      return checkedSource({ tally, deciding, clock, figures, number, cells: own, counts: sessions[number] });
    })
    .sort((a, b) => (a.source < b.source ? -1 : 1));
}

function usedIn(
  uses: readonly { readonly place: number }[],
  { figures, places }: CoverageTally,
  sessions: readonly SessionCounts[],
): Set<SessionCounts> {
  const found = new Set<SessionCounts>();
  for (const { place } of uses) {
    const { source } = places.get(place);
    const counts = sessions[figures.findIndex((each) => each.source === source)];
    if (counts !== undefined) found.add(counts);
  }
  return found;
}

/** Of a session's own links and those of its user, the strongest that there is. */
function bestOf(links: SessionCounts['links'], weak: Link): Link {
  return (
    LINKS.find((link) => link === weak || ((links as Partial<Record<Link, number>>)[link] ?? 0) > 0) ?? 'none'
  );
}

interface SourceParts {
  readonly tally: CoverageTally;
  readonly deciding: Deciding;
  readonly clock: number;
  readonly figures: SourceFigures;
  readonly number: number;
  readonly cells: readonly CellGate[];
  readonly counts: SessionCounts | undefined;
}

function checkedSource(parts: SourceParts): CheckedSource {
  const { tally, deciding, clock, figures, number, counts } = parts;
  const { source, records, withSession, withDevice, withAddress, withUserAgent, withMfa } = figures;
  const share = (part: number) => part / records;
  const pasts = tally.users.pasts(number, Math.floor(clock / DAY_MS), PAST_DAYS);
  const first = rfc3339(Number(figures.first / 1_000_000n));
  const facts: PlaceFacts<KnownCell> = {
    clock: rfc3339(clock),
    records,
    withSession,
    withAddress,
    withUserAgent,
    withDevice,
    isDeclaredComplete: isDeclaredComplete(deciding.complete, {
      source,
      organization: '',
      application_id: '',
    }),
    firstRecord: first,
    sourceBegan: first,
    sessionLifeSeconds: longestSessionLifeSeconds(source),
    cells: parts.cells.map((cell) => knownCell(cell, tally, deciding)),
    content: {
      located: figures.located,
      ...pasts,
      issuedSessions: counts?.issued ?? 0,
      ends: tally.ends,
      changes: tally.changes,
    },
  };
  return {
    source,
    events: records,
    shares: {
      sessionId: share(withSession),
      device: share(withDevice),
      address: share(withAddress),
      userAgent: share(withUserAgent),
      mfa: share(withMfa),
    },
    bestLink: bestOf(counts?.links ?? {}, tally.users.weakLink(number)),
    first,
    last: rfc3339(Number(figures.last / 1_000_000n)),
    days: figures.days,
    withoutTime: figures.clamped,
    ...pasts,
    sessions: { kinds: counts?.kinds ?? {}, links: counts?.links ?? {} },
    withoutSessionId: figures.withoutSessionId,
    firings: deciding.correlations.flatMap((id) => checkedFirings(id, facts)),
  };
}

function knownCell(cell: CellGate, { places }: CoverageTally, { complete }: Deciding): KnownCell {
  const { place, kind, gate, openedOn, shutForOwn } = cell;
  const began = places.began(place);
  return {
    place,
    kind,
    gate,
    isDeclaredComplete: isDeclaredComplete(complete, place),
    firstRecord: began === undefined ? undefined : rfc3339(began),
    openedOn: openedOn === undefined ? undefined : rfc3339(openedOn * DAY_MS).slice(0, 10),
    shutForOwn,
  };
}

/** Those that can fire first, then by how much there is to judge by. */
function checkedFirings(correlation: string, facts: PlaceFacts<KnownCell>): CheckedFiring[] {
  return firingsOf(correlation, facts)
    .sort(
      (a, b) =>
        Number(b.canFire) - Number(a.canFire) ||
        (b.cell?.gate.user_days ?? 0) - (a.cell?.gate.user_days ?? 0),
    )
    .map(({ cell, canFire, reason }) => {
      if (cell === null) return { correlation, cell, canFire, reason, gate: null };
      const { place, kind, gate } = cell;
      return {
        correlation,
        cell: {
          organization: place.organization,
          application: place.application_id,
          applicationName: place.application_name,
          sessionKind: kind,
        },
        canFire,
        reason,
        gate: {
          userDays: gate.user_days,
          closed: gate.closed,
          users: gate.users,
          closure: closureOf(gate),
          needed: LEAST_CLOSURE,
        },
      };
    });
}

/** To the second, if it is a whole one. */
export function rfc3339(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}
