import type { SessionKind } from '../words.js';
import type { GateFigures } from './gate.js';

/** Where absence is judged, but for the kind of session. */
export interface CellPlace {
  readonly source: string;
  readonly organization: string;
  readonly application_id: string;
}

/** The name of a cell, as `cellOf` of judging/functions.sql makes it. */
export function cellOf(place: CellPlace, kind: string): string {
  return [place.source, place.organization, kind, place.application_id].join('|');
}

/** Whether a place is declared complete; an organization or application that a declaration leaves out may be any. */
export function isDeclaredComplete(declared: readonly CellPlace[], place: CellPlace): boolean {
  return declared.some(
    (each) =>
      each.source === place.source &&
      ['', place.organization].includes(each.organization) &&
      ['', place.application_id].includes(each.application_id),
  );
}

/** Sessions of one kind in a place: the absence of their evidence is judged together. Times are RFC 3339. */
export interface CellFacts {
  readonly kind: SessionKind;
  readonly gate: GateFigures;
  readonly isDeclaredComplete: boolean;
  /** Of its source and organization; undefined if there is none. */
  readonly firstRecord: string | undefined;
  /** The latest day, within `MISSED_DAYS` before, on which its gate was open; undefined if it was not. */
  readonly openedOn: string | undefined;
  /** A stream that carries its evidence and is silent. */
  readonly silentStream?: { readonly name: string; readonly since: string } | undefined;
  /** Since when a finding says that its evidence is missing. */
  readonly missingSince?: string | undefined;
  /** Of the users that were counted, those for whom it is shut, since their own days do not count for them. */
  readonly shutForOwn?: number | undefined;
}

/** What the records of a place bring: what decides which correlations can fire there. Times are RFC 3339. */
export interface PlaceFacts<Cell extends CellFacts = CellFacts> {
  /** Now, for this tenant: the newest event time, and what has passed since that arrived. */
  readonly clock: string;
  readonly records: number;
  readonly withSession: number;
  readonly withAddress: number;
  readonly withUserAgent: number;
  readonly withDevice: number;
  readonly isDeclaredComplete: boolean;
  /** Of its source and organization; undefined if there is none. */
  readonly firstRecord: string | undefined;
  /** The same of its source in any organization. */
  readonly sourceBegan: string | undefined;
  /** How long a session of its source may live, in seconds. */
  readonly sessionLifeSeconds: number;
  readonly cells: readonly Cell[];
  /** What only who reads every record can tell. */
  readonly content?: RecordContent | undefined;
}

/** What is in the records of a place and of those that are judged with them. */
export interface RecordContent {
  /** Uses and sign-ins with a public address, by people or programs: what strands are made of. */
  readonly located: number;
  /** Users of those, and how many of them have such records on three days before the clock's day. */
  readonly users: number;
  readonly usersWithPast: number;
  /** Used sessions that were issued, in another session, from a public address. */
  readonly issuedSessions: number;
  /** Log-outs and revocations, in whatever source. */
  readonly ends: number;
  /** Changes to accounts, factors and rights by a user, in whatever source. */
  readonly changes: number;
}
