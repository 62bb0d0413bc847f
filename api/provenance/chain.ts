import { EVIDENCE_GRADES, LINKS, type Link } from '../../schema/words.js';
import type { Context } from '../context.js';
import type { EventPlace } from '../reading/event-key.js';
import { loadEvent } from '../reading/event-loaders.js';
import type { EvidenceRow } from '../reading/session-queries.js';
import { knownTime, plusNanoseconds, type StoreTime, toRfc3339 } from '../reading/store-time.js';
import { gradeOf, wordOf } from '../reading/stored-words.js';
import { absence } from './absence.js';
import type { ProvenanceEdge, ProvenanceKind } from './provenance.js';
import { type SessionLife, sessionLife } from './session-life.js';

/** Evidence may be stamped a little later than the use that it vouches for; the judging allows as much. */
const CLOCK_ALLOWANCE = 300_000_000_000n;
/** Sessions that issued sessions are followed upwards so far, like the judging does. */
const MOST_ISSUES = 3;

const isAtLeast = (row: EvidenceRow, grade: 'credential' | 'mfa') =>
  EVIDENCE_GRADES.indexOf(gradeOf(row.grade)) >= EVIDENCE_GRADES.indexOf(grade);

/** Of evidence, oldest first: the strongest, the latest of that strength. */
function strongest(rows: readonly EvidenceRow[]): EvidenceRow | undefined {
  const strength = (row: EvidenceRow) => EVIDENCE_GRADES.indexOf(gradeOf(row.grade));
  return rows.reduce<EvidenceRow | undefined>(
    (best, row) => (best && strength(best) > strength(row) ? best : row),
    undefined,
  );
}

function latestFor(use: EventPlace): StoreTime {
  return plusNanoseconds(use.ts, CLOCK_ALLOWANCE);
}

/** Evidence of the session that was given before the use, or so shortly after that clocks may explain it. */
function givenBefore(life: SessionLife, use: EventPlace | null): readonly EvidenceRow[] {
  return use ? life.evidence.filter((row) => row.ts <= latestFor(use)) : life.evidence;
}

/** An implied session is a user and a day: what is filed under it shares the user, and no more. */
function linkOf(life: SessionLife, stored: string): Link {
  return life.state?.implied ? 'user' : wordOf(LINKS, stored, 'none');
}

function found(
  kind: ProvenanceKind,
  life: SessionLife,
  from: EventPlace | null,
  row: EvidenceRow,
): ProvenanceEdge {
  const to = { ts: row.ts, event_id: row.event_id };
  return { kind, link: linkOf(life, row.link), key: row.filed_under, from, to, missing: null };
}

function notFound(
  kind: ProvenanceKind,
  from: EventPlace | null,
  missing: string,
  link: Link = 'none',
): ProvenanceEdge {
  return { kind, link, key: null, from, to: null, missing };
}

/** The issue of the token that was used, or of the session itself by another one: the latest before the use. */
function issueOf(
  life: SessionLife,
  given: readonly EvidenceRow[],
  tokenKey: string,
): EvidenceRow | undefined {
  const issues = given.filter((row) => row.activity === 'token_issue');
  return (
    issues.findLast((row) => tokenKey !== '' && row.filed_under === tokenKey) ??
    issues.findLast((row) => row.given_in !== life.key)
  );
}

async function sessionEdge(
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

async function factorEdge(
  context: Context,
  life: SessionLife,
  given: readonly EvidenceRow[],
  from: EventPlace | null,
): Promise<ProvenanceEdge> {
  const factor = strongest(given.filter((row) => isAtLeast(row, 'mfa')));
  if (factor) return found('mfa', life, from, factor);
  if (life.claimedMfa) {
    const claim = 'The records themselves claim that MFA happened. ';
    return notFound(
      'mfa',
      from,
      claim + (await absence(context, life, 'the factor that was passed')),
      'asserted',
    );
  }
  const credential = strongest(given.filter((row) => isAtLeast(row, 'credential')));
  if (!credential) return notFound('mfa', from, await absence(context, life, 'a passed factor'));
  const methods = credential.amr.length > 0 ? ` (${credential.amr.join(', ')})` : '';
  return notFound(
    'mfa',
    from,
    `The credential in store was checked without a second factor${methods}, and no passed factor is filed under the session.`,
  );
}

/** A passed factor alone is no credential: what checked one is. */
function checksCredential(row: EvidenceRow): boolean {
  return isAtLeast(row, 'credential') && row.activity !== 'mfa_success' && row.activity !== 'mfa_challenge';
}

/**
 * The chain from a use to what vouches for it: the issue of its token, the beginning of its session (or of the one
 * that issued it), the factor and the credential. A session whose token was issued unlogged has no token edge where
 * the session itself is tied to evidence: the record names both.
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
      if (tokenKey !== '' && given.length === 0) {
        edges.push({
          ...notFound('token', from, await absence(context, life, 'the issue of the token that was used')),
          key: tokenKey,
        });
      }
      break;
    }
    edges.push(found('token', life, from, issue));
    from = { ts: issue.ts, event_id: issue.event_id };
    if (issue.given_in === life.key) break;
    if (issue.given_in === '') {
      const outside = 'The token was issued outside of any session: to a service, or with a long-term key.';
      return [
        ...edges,
        ...(['session', 'mfa', 'credential'] as const).map((kind) => notFound(kind, from, outside)),
      ];
    }
    life = await sessionLife(context, issue.given_in);
    given = givenBefore(life, from);
  }
  const session = await sessionEdge(context, life, from);
  const factor = await factorEdge(context, life, given, session.to ?? from);
  const checked = strongest(given.filter(checksCredential));
  const before = factor.to ?? session.to ?? from;
  const credential = checked
    ? found('credential', life, before, checked)
    : notFound('credential', before, await absence(context, life, 'a checked credential'));
  return [...edges, session, factor, credential];
}
