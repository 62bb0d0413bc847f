import { address } from './networks.js';
import type { Desk, Person } from './people.js';
import { type Chance, chanceFor } from './random.js';

/** The company's two web applications, as `service.name` says them. */
export type ApplicationName = 'payroll' | 'expenses';

/** An OTLP log record in OTLP's JSON form, as far as the story uses it. */
export interface ApplicationRecord {
  timeUnixNano: string;
  observedTimeUnixNano: string;
  readonly severityNumber: number;
  readonly eventName: string;
  readonly attributes: readonly Attribute[];
  readonly traceId: string;
  readonly spanId: string;
}

export interface Attribute {
  readonly key: string;
  readonly value: AttributeValue;
}

export type AttributeValue =
  | { readonly stringValue: string }
  | { readonly intValue: string }
  | { readonly arrayValue: { readonly values: readonly { readonly stringValue: string }[] } };

/** An application's log record with when a collector saw it, and whose log it is in. */
export interface ApplicationEntry {
  readonly application: ApplicationName;
  readonly observedAt: number;
  readonly record: ApplicationRecord;
}

/** Somebody's session at an application, and the browser that holds its cookie. */
export interface ApplicationSession {
  readonly application: ApplicationName;
  readonly id: string;
  readonly person: Person;
  readonly deviceId: string;
}

/** What is logged: with where it was done and how long the record took to arrive. */
export interface Moment {
  readonly at: number;
  readonly desk: Desk;
  readonly subnet?: number;
  /** Milliseconds from the event to the collector; some 200 unless said. */
  readonly delay?: number;
}

/** A sign-in with a password, and perhaps a second factor in the same step (`amr` of RFC 8176). */
export function signIn(
  chance: Chance,
  session: ApplicationSession,
  moment: Moment,
  amr: string[],
): ApplicationEntry {
  return entry(chance, session, moment, 'app.sign_in', [
    text('vouchtrail.activity', 'sign_in'),
    text('vouchtrail.outcome', 'success'),
    texts('vouchtrail.amr', amr),
  ]);
}

/** A second factor that was passed. */
export function factorPassed(
  chance: Chance,
  session: ApplicationSession,
  moment: Moment,
  amr: string[],
): ApplicationEntry {
  return entry(chance, session, moment, 'app.mfa', [
    text('vouchtrail.activity', 'mfa_success'),
    text('vouchtrail.outcome', 'success'),
    texts('vouchtrail.amr', amr),
  ]);
}

export function sessionStart(chance: Chance, session: ApplicationSession, moment: Moment): ApplicationEntry {
  return entry(chance, session, moment, 'session.start', []);
}

export function sessionEnd(chance: Chance, session: ApplicationSession, moment: Moment): ApplicationEntry {
  return entry(chance, session, moment, 'session.end', []);
}

/** A page or a download that was served to the session. */
export function access(
  chance: Chance,
  session: ApplicationSession,
  moment: Moment,
  page: { method: string; path: string },
): ApplicationEntry {
  return entry(chance, session, moment, 'app.access', [
    text('http.request.method', page.method),
    text('url.path', page.path),
    { key: 'http.response.status_code', value: { intValue: '200' } },
  ]);
}

/** A session at an application in the browser of a desk. Real ones come from the application's random numbers. */
export function newSession(
  chance: Chance,
  application: ApplicationName,
  person: Person,
  device: 'desk' | 'phone' | 'none',
): ApplicationSession {
  const deviceId = device === 'none' ? '' : chanceFor(`${device} device of ${person.login}`).uuid();
  return { application, id: chance.hex(32), person, deviceId };
}

function entry(
  chance: Chance,
  session: ApplicationSession,
  moment: Moment,
  eventName: string,
  more: readonly Attribute[],
): ApplicationEntry {
  const { person } = session;
  const observedAt = moment.at + (moment.delay ?? chance.between(80, 400));
  const record = {
    timeUnixNano: nanoseconds(moment.at),
    observedTimeUnixNano: nanoseconds(observedAt),
    severityNumber: 9,
    eventName,
    attributes: [
      text('session.id', session.id),
      text('user.id', chanceFor(`employee number of ${person.login}`).hex(8)),
      text('user.name', person.login),
      text('user.email', person.email),
      text('client.address', address(moment.desk.network, moment.desk.host, moment.subnet)),
      text('user_agent.original', moment.desk.userAgent),
      ...(session.deviceId === '' ? [] : [text('device.id', session.deviceId)]),
      ...more,
    ],
    traceId: chance.hex(32),
    spanId: chance.hex(16),
  };
  return { application: session.application, observedAt, record };
}

function nanoseconds(at: number): string {
  return `${at}000000`;
}

function text(key: string, value: string): Attribute {
  return { key, value: { stringValue: value } };
}

function texts(key: string, values: readonly string[]): Attribute {
  return { key, value: { arrayValue: { values: values.map((value) => ({ stringValue: value })) } } };
}
