import type { Context } from '../context.js';
import { evidenceLoader, sessionLoader, tokensLoader } from '../reading/session-loaders.js';
import type { EvidenceRow, SessionRow } from '../reading/session-queries.js';

/** What is in store of a session: how it was judged, and the evidence that is tied to it. */
export interface SessionLife {
  readonly key: string;
  /** Undefined where no record of it is in store, or it has not been judged yet. */
  readonly state: SessionRow | undefined;
  /** Oldest first. */
  readonly evidence: readonly EvidenceRow[];
  readonly claimedMfa: boolean;
  /** The stream of its first use; '' where there was none. */
  readonly stream: string;
}

export async function sessionLife(context: Context, key: string): Promise<SessionLife> {
  const [state, evidence, tokens] = await Promise.all([
    sessionLoader(context).load(key),
    evidenceLoader(context).load(key),
    tokensLoader(context).load(key),
  ]);
  const { claimed_mfa, first_use_stream: stream = '' } = tokens ?? {};
  return { key, state, evidence: evidence ?? [], claimedMfa: claimed_mfa === 1, stream };
}
