import type { Event } from '../../../schema/event.js';
import { evidenceOf, isFederated } from './event-uses.js';

/** Something that vouches for a session, a token or a principal. */
export interface Evidence {
  /** Milliseconds since 1970. */
  ts: number;
  /** Number of the user who gave it; undefined if that is not known. */
  readonly user: number | undefined;
  readonly userId: string;
  readonly isProof: boolean;
  readonly isFederated: boolean;
  /** The session in which a token was issued from a public address; '' if it was not. */
  readonly issuedIn: string;
}

const MOST_PIECES = 500_000;
/** Of one session or token: of a long-lived one each new sign-in adds nothing. */
const MOST_OF_A_KEY = 8;

/** The evidence in the records, filed under the keys that it vouches for; bounded. */
export class EvidenceTally {
  readonly #byKey = new Map<string, Evidence[]>();
  readonly #byPrincipal = new Map<string, Evidence[]>();
  #pieces = 0;
  /** Pieces that had no place. */
  leftOut = 0;

  /** `principals`: those of the keys that it vouches for which are principals'. `user`: its user's number. */
  add(event: Event, principals: readonly string[], user: number | undefined): void {
    const grade = evidenceOf(event);
    if (grade === undefined) return;
    const isIssue = event.activity === 'token_issue';
    const isPublic = event.network !== '' && event.network_class !== 'private';
    const evidence: Evidence = {
      ts: Number(event.ts / 1_000_000n),
      user,
      userId: event.user_id,
      isProof: grade === 'proof',
      isFederated: isFederated(event),
      issuedIn: isIssue && isPublic ? event.session_key : '',
    };
    for (const key of event.vouches_for) {
      if (principals.includes(key)) this.#file(this.#byPrincipal, key, evidence);
      else this.#merge(key, evidence);
    }
  }

  of(key: string): readonly Evidence[] {
    return this.#byKey.get(key) ?? [];
  }

  /** All that vouches for sessions of a principal, each for the one that began nearest to it. */
  ofPrincipal(key: string): readonly Evidence[] {
    return this.#byPrincipal.get(key) ?? [];
  }

  /** Of what differs in time only, the earliest decides. */
  #merge(key: string, evidence: Evidence): void {
    const same = this.#byKey
      .get(key)
      ?.find(
        (each) =>
          each.user === evidence.user &&
          each.userId === evidence.userId &&
          each.isProof === evidence.isProof &&
          each.isFederated === evidence.isFederated &&
          each.issuedIn === evidence.issuedIn,
      );
    if (same !== undefined) same.ts = Math.min(same.ts, evidence.ts);
    else if (this.of(key).length < MOST_OF_A_KEY) this.#file(this.#byKey, key, { ...evidence });
  }

  #file(filed: Map<string, Evidence[]>, key: string, evidence: Evidence): void {
    if (this.#pieces >= MOST_PIECES) {
      this.leftOut += 1;
      return;
    }
    this.#pieces += 1;
    const list = filed.get(key);
    if (list === undefined) filed.set(key, [evidence]);
    else list.push(evidence);
  }
}
