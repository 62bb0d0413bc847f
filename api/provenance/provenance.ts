import type { Link } from '../../schema/words.js';
import type { EventPlace } from '../reading/event-key.js';

/** What an edge of the chain leads to. */
export const PROVENANCE_KINDS = ['token', 'session', 'mfa', 'credential'] as const;
export type ProvenanceKind = (typeof PROVENANCE_KINDS)[number];

/** One step from a use towards what vouches for it. */
export interface ProvenanceEdge {
  readonly kind: ProvenanceKind;
  readonly link: Link;
  /** The key that the two sides share; null where nothing was found. */
  readonly key: string | null;
  readonly from: EventPlace | null;
  readonly to: EventPlace | null;
  /** Of an edge without `to`: what was looked for, where, and whether its absence counts. */
  readonly missing: string | null;
}

/** The chain from a use over its token and session to the factor and the credential that were given. */
export interface ProvenanceShape {
  readonly edges: readonly ProvenanceEdge[];
  /** Every edge is in store and tied by a session id or a derived key: the whole chain is proven. */
  readonly complete: boolean;
  readonly text: string;
}
