import type { Person, Seat } from './people.js';

/** A stream of logs with a delay of its own, as the normaliser names it, but for CloudTrail's regions. */
export type Stream =
  | 'okta'
  | 'entra:interactive'
  | 'entra:noninteractive'
  | 'entra:graph'
  | 'entra:serviceprincipal'
  | 'entra:audit'
  | 'cloudtrail'
  | 'otel';

/** A record as its vendor's log has it, on its way to the receiver. */
export interface Told {
  /** When it happened, in milliseconds since 1970. */
  readonly at: number;
  readonly stream: Stream;
  /** Login of the person it is about, or the name of the machine. */
  readonly who: string;
  /** The record of a vendor: JSON text, or an object where the collector parses it. */
  readonly body?: string | object;
  readonly eventName?: string;
  readonly attributes?: Readonly<Record<string, string | boolean | readonly string[]>>;
  readonly resource?: Readonly<Record<string, string>>;
  /** Arrives later than the stream's usual delay, by so many milliseconds. */
  readonly late?: number;
}

/** How somebody proves who they are. */
export type Proof =
  | 'password'
  | 'push'
  | 'totp'
  | 'phishing-resistant'
  /** The password alone, since the device is remembered. */
  | 'remembered'
  /** By another provider's assertion. */
  | 'federated'
  | 'device-code'
  | 'transfer';

/** What a thief does to stay, and an owner does now and then. */
export type Change = 'factor' | 'consent' | 'credential';

/** A session as its vendor knows it. */
export interface Session {
  readonly person: Person;
  /** The most root id. */
  readonly id: string;
  readonly createdAt: number;
  /** The application that was signed in to. */
  readonly application: string;
}

/** Tells in a vendor's records what happens. Every method gives the records that the vendor writes of it. */
export interface Teller {
  /** The ids of a session, of which nothing is told yet. */
  session(person: Person, at: number, application?: string): Session;
  signIn(session: Session, seat: Seat, at: number, proof: Proof): readonly Told[];
  use(session: Session, seat: Seat, at: number, application?: string): readonly Told[];
  /** A token of the session is renewed without the person. */
  refresh(session: Session, seat: Seat, at: number): readonly Told[];
  logOut(session: Session, seat: Seat, at: number): readonly Told[];
  /** An administrator ends all sessions of a person. */
  revoke(person: Person, at: number): readonly Told[];
  /** The person refuses a factor that somebody at the seat asks for. */
  refuse(person: Person, seat: Seat, at: number): readonly Told[];
  /** A wrong password. */
  fail(person: Person, seat: Seat, at: number): readonly Told[];
  change(session: Session, seat: Seat, at: number, what: Change): readonly Told[];
}
