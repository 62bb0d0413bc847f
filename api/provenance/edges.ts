import { LINKS, type Link } from '../../schema/words.js';
import type { Context } from '../context.js';
import type { EventPlace } from '../reading/event-key.js';
import type { EvidenceRow } from '../reading/session-queries.js';
import { knownTime, toRfc3339 } from '../reading/store-time.js';
import { wordOf } from '../reading/stored-words.js';
import { absence } from './absence.js';
import { credentialOf, factorOf, latestFor, weakerText } from './given-evidence.js';
import type { ProvenanceEdge, ProvenanceKind } from './provenance.js';
import type { SessionLife } from './session-life.js';

/** An implied session is a user and a day: what is filed under it shares the user, and no more. */
function linkOf(life: SessionLife, stored: string): Link {
  return life.state?.implied ? 'user' : wordOf(LINKS, stored, 'none');
}

/** The edge to a piece of evidence. */
export function found(
  kind: ProvenanceKind,
  life: SessionLife,
  from: EventPlace | null,
  row: EvidenceRow,
): ProvenanceEdge {
  const to = { ts: row.ts, event_id: row.event_id };
  return { kind, link: linkOf(life, row.link), key: row.filed_under, from, to, missing: null };
}

/** The edge to what is not in store. */
export function notFound(
  kind: ProvenanceKind,
  from: EventPlace | null,
  missing: string,
  link: Link = 'none',
): ProvenanceEdge {
  return { kind, link, key: null, from, to: null, missing };
}

/** The edge to the beginning of a session. */
export async function sessionEdge(
  context: Context,
  life: SessionLife,
  from: EventPlace | null,
): Promise<ProvenanceEdge> {
  const { state } = life;
  const created = state ? knownTime(state.created_at) : null;
  const what = 'a sign-in, a session start or an issue';
  if (!state || created === null) return notFound('session', from, await absence(context, life, what));
  if (state.creation_event_id === '') {
    const claim = `The records say that the session was created at ${toRfc3339(created)}. `;
    return notFound('session', from, claim + (await absence(context, life, what)), 'asserted');
  }
  if (from && created > latestFor(from)) {
    const later = `The first sign-in in store, at ${toRfc3339(created)}, is later than the use. `;
    return notFound('session', from, later + (await absence(context, life, what)));
  }
  const to = { ts: created, event_id: state.creation_event_id };
  const key = life.evidence.find((row) => row.event_id === to.event_id)?.filed_under ?? life.key;
  return { kind: 'session', link: linkOf(life, state.creation_link), key, from, to, missing: null };
}

/** The edge to the factor that was passed before the use. */
export async function factorEdge(
  context: Context,
  life: SessionLife,
  given: readonly EvidenceRow[],
  from: EventPlace | null,
): Promise<ProvenanceEdge> {
  const factor = factorOf(given);
  if (factor) return found('mfa', life, from, factor);
  const weaker = weakerText(given);
  if (life.claimedMfa) {
    const claim = `The records themselves claim that MFA happened. ${weaker}`;
    return notFound(
      'mfa',
      from,
      claim + (await absence(context, life, 'the factor that was passed')),
      'asserted',
    );
  }
  const credential = credentialOf(given);
  if (!credential) return notFound('mfa', from, weaker + (await absence(context, life, 'a passed factor')));
  const methods = credential.amr.length > 0 ? ` (${credential.amr.join(', ')})` : '';
  return notFound(
    'mfa',
    from,
    `${weaker}The credential in store was checked without a second factor${methods}, and no passed factor is filed under the session.`,
  );
}

/** The edge to the credential that was checked before the use. */
export async function credentialEdge(
  context: Context,
  life: SessionLife,
  given: readonly EvidenceRow[],
  from: EventPlace | null,
): Promise<ProvenanceEdge> {
  const credential = credentialOf(given);
  if (credential) return found('credential', life, from, credential);
  return notFound(
    'credential',
    from,
    weakerText(given) + (await absence(context, life, 'a checked credential')),
  );
}
