import type { Link, SessionKind } from '../../../schema/words.js';
import type { Faults } from '../replay/replay-summary.js';
import type { SessionLink } from './judged-sessions.js';
import type { ReasonCount } from './reasons.js';

/** What a file holds. */
export interface CheckedFile extends Faults {
  readonly path: string;
  records: number;
  /** Events that the records hold: usually one each, several where a vendor's file came as one record. */
  events: number;
  /** Records that are not about identity. */
  unrecognised: number;
  /** Records that should have been understood and were not. */
  deadLetters: number;
  /** Lines and elements that are no records, and records that the service would refuse. */
  rejected: number;
}

/** Whether a correlation could raise findings that stand, once these records are all that is in store. */
export interface CheckedFiring {
  readonly correlation: string;
  /** Null where the correlation is judged for the source as a whole. */
  readonly cell: {
    readonly organization: string;
    readonly application: string;
    readonly applicationName: string;
    readonly sessionKind: SessionKind;
  } | null;
  readonly canFire: boolean;
  readonly reason: string;
  readonly gate: {
    readonly userDays: number;
    readonly closed: number;
    readonly users: number;
    readonly closure: number;
    readonly needed: number;
  } | null;
}

/** What a source brings. Times are RFC 3339. */
export interface CheckedSource {
  readonly source: string;
  readonly events: number;
  /** Shares of its events, 0 to 1. */
  readonly shares: {
    readonly sessionId: number;
    readonly device: number;
    readonly address: number;
    readonly userAgent: number;
    readonly mfa: number;
  };
  /** The best link between a use and its evidence that these records can give. */
  readonly bestLink: Link;
  readonly first: string;
  readonly last: string;
  /** Days (UTC) with records. */
  readonly days: number;
  /** Records whose time was impossible or missing. */
  readonly withoutTime: number;
  /** Users with uses or sign-ins from public addresses; those with enough earlier days to be compared with. */
  readonly users: number;
  readonly usersWithPast: number;
  readonly sessions: {
    /** Sessions with an id, by kind. */
    readonly kinds: Readonly<Partial<Record<SessionKind, number>>>;
    /** Of those that were used here, how many are tied to their evidence, and by which link. */
    readonly links: Readonly<Partial<Record<SessionLink, number>>>;
  };
  /** Records of a user without a session id. */
  readonly withoutSessionId: number;
  readonly firings: readonly CheckedFiring[];
}

/** What `replay --check` tells of files. */
export interface CheckReport {
  readonly files: readonly CheckedFile[];
  /** The newest event time, RFC 3339: everything is told as of then. Null where there is no event. */
  readonly clock: string | null;
  readonly sources: readonly CheckedSource[];
  readonly unrecognised: readonly ReasonCount[];
  readonly deadLetters: readonly ReasonCount[];
  /** What was too much to keep, in words; what is told of sessions and users then leaves it out. */
  readonly leftOut: readonly string[];
}

/** True if every line was a record and every record about identity was understood. */
export function isUnderstood({ files }: CheckReport): boolean {
  return files.every((file) => file.faults.length === 0 && file.rejected === 0 && file.deadLetters === 0);
}
