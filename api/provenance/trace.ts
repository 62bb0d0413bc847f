import type { Verdict } from '../../schema/words.js';
import type { Context } from '../context.js';
import type { EventPlace } from '../reading/event-key.js';
import { toRfc3339 } from '../reading/store-time.js';
import { traceChain } from './chain.js';
import type { ProvenanceEdge, ProvenanceKind, ProvenanceShape } from './provenance.js';

const NOUNS: Readonly<Record<ProvenanceKind, string>> = {
  token: 'issue of the token',
  session: 'beginning of the session',
  mfa: 'second factor',
  credential: 'credential',
};

const OPENINGS: Readonly<Record<Verdict, string>> = {
  proven: 'Proven',
  asserted: 'Asserted only',
  unproven: 'Unproven',
  unvouched: 'Unvouched',
};

function listing(parts: readonly string[]): string {
  return parts.length < 2
    ? parts.join('')
    : `${parts.slice(0, -1).join(', ')} and ${parts[parts.length - 1]}`;
}

function foundText(edge: ProvenanceEdge): string {
  return `the ${NOUNS[edge.kind]} at ${toRfc3339(edge.to?.ts as string)} (link ${edge.link})`;
}

/** One sentence about a chain and how the use was judged. */
function chainText(edges: readonly ProvenanceEdge[], verdict: Verdict): string {
  const there = edges.filter((edge) => edge.to);
  const gone = edges.filter((edge) => !edge.to);
  const opening = OPENINGS[verdict];
  if (gone.length === 0) return `${opening}: in store are ${listing(there.map(foundText))}.`;
  const absent = `no ${listing(gone.map((edge) => NOUNS[edge.kind])).replace(' and ', ' or ')} is in store`;
  if (there.length === 0) return `${opening}: ${absent}.`;
  return `${opening}: in store ${there.length === 1 ? 'is' : 'are'} ${listing(there.map(foundText))}; ${absent}.`;
}

/** A chain is complete only where every edge is in store and tied by what nobody could have made up. */
function isComplete(edges: readonly ProvenanceEdge[]): boolean {
  return edges.every((edge) => edge.to && (edge.link === 'session' || edge.link === 'derived'));
}

/**
 * What vouches for a use of a session, edge by edge.
 * @param verdict how that use was judged
 */
export async function traceProvenance(
  context: Context,
  sessionKey: string,
  use: EventPlace | null,
  verdict: Verdict,
): Promise<ProvenanceShape> {
  const edges = await traceChain(context, sessionKey, use);
  return { edges, complete: isComplete(edges), text: chainText(edges, verdict) };
}
