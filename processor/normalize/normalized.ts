import type { Event } from '../../schema/event.js';
import type { Keys } from '../../schema/keys.js';

/** The ids on a record as its vendor wrote them ('' = none), which `enrich` turns into keys. */
export interface Identifiers {
  session: string;
  /** Other session ids on the record, below `session`: an Okta record's external session beside its root session. */
  aliases: readonly string[];
  /** The session that the application says this one continues. */
  previousSession: string;
  token: string;
  /** Who the session belongs to at its cloud, by ARN: sessions are joined to their issue by it and by time. */
  principal: string;
  device: string;
  /** Whether the vendor's device id names one device and does not travel with a stolen cookie jar. */
  deviceIsStrong: boolean;
  /** What this event gave out: new sessions and tokens, and the principals that new sessions will act as. */
  issued: Issued;
}

export interface Issued {
  readonly sessions: readonly string[];
  readonly tokens: readonly string[];
  readonly principals: readonly string[];
}

/** Of every event that is no issue. */
export const NOTHING_ISSUED: Issued = Object.freeze({ sessions: [], tokens: [], principals: [] });

/** An event that knows what its record says; keys, place and client are still to be added. */
export interface Normalized {
  readonly event: Event;
  readonly identifiers: Identifiers;
}

/** The identifiers of a record that has none, to be filled in. */
export function noIdentifiers(): Identifiers {
  return {
    session: '',
    aliases: [],
    previousSession: '',
    token: '',
    principal: '',
    device: '',
    deviceIsStrong: false,
    issued: NOTHING_ISSUED,
  };
}

/** A vendor's record that should have been understood and was not: a dead letter. */
export interface Failure {
  readonly tenant: string;
  readonly source: string;
  /** Where in the log record, such as `body.Records[3].eventName`. */
  readonly path: string;
  readonly reason: string;
  /** The record's text, secrets removed, at most 64 KiB. */
  readonly text: string;
}

/** What is known besides the log record. */
export interface NormalizeContext {
  /** When its request arrived, in milliseconds since the epoch. */
  readonly receivedAt: number;
  /** The authenticated tenant. Absent where no authentication is on: then the sender says. */
  readonly tenant?: string;
  /** Applications' session ids become their keys in the raw text; without keys they are removed from it. */
  readonly keys?: Keys;
}

export interface NormalizeResult {
  readonly events: readonly Normalized[];
  readonly failures: readonly Failure[];
  /** 1 if the record is not about identity, else how many are not of those that it holds. */
  readonly unrecognised: number;
}
