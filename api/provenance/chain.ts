import type { Context } from '../context.js';
import type { EventPlace } from '../reading/event-key.js';
import { loadEvent } from '../reading/event-loaders.js';
import { absence } from './absence.js';
import { credentialEdge, factorEdge, found, notFound, sessionEdge } from './edges.js';
import { givenBefore, issueOf } from './given-evidence.js';
import type { ProvenanceEdge } from './provenance.js';
import { sessionLife } from './session-life.js';

/** Sessions that were issued by sessions are followed upwards so far, like the judging does. */
const MOST_ISSUES = 3;

const OUTSIDE =
  'The token was issued outside of any session that has an id: with a long-term key, or to a service.';

/**
 * The chain from a use to what vouches for it: the issue of its token, the beginning of its session (or of the one
 * that issued it), the factor and the credential. Where the issue of a token is not logged and its session is tied to
 * evidence all the same, there is no token edge: the record of the use names both.
 */
export async function traceChain(
  context: Context,
  sessionKey: string,
  use: EventPlace | null,
): Promise<readonly ProvenanceEdge[]> {
  const edges: ProvenanceEdge[] = [];
  let life = await sessionLife(context, sessionKey);
  let from = use;
  let given = givenBefore(life, from);
  for (let issues = 0; issues < MOST_ISSUES; issues++) {
    const tokenKey = from ? ((await loadEvent(context, from))?.token_key ?? '') : '';
    const issue = issueOf(life, given, tokenKey);
    if (!issue) {
      if (tokenKey !== '' && given.length === 0 && issues === 0) {
        const missing = await absence(context, life, 'the issue of the token that was used');
        edges.push({ ...notFound('token', from, missing), key: tokenKey });
      }
      break;
    }
    edges.push(found('token', life, from, issue));
    from = { ts: issue.ts, event_id: issue.event_id };
    if (issue.given_in === life.key) break;
    const issuer = issue.given_in === '' ? undefined : await sessionLife(context, issue.given_in);
    if (!issuer || (issuer.state?.implied && issuer.evidence.length === 0)) {
      const kinds = ['session', 'mfa', 'credential'] as const;
      return [...edges, ...kinds.map((kind) => notFound(kind, from, OUTSIDE))];
    }
    life = issuer;
    given = givenBefore(life, from);
  }
  const session = await sessionEdge(context, life, from);
  const factor = await factorEdge(context, life, given, session.to ?? from);
  const credential = await credentialEdge(context, life, given, factor.to ?? session.to ?? from);
  return [...edges, session, factor, credential];
}
