import type { Chance } from '../chance.js';
import type { Seat } from '../people.js';
import { isoSecond } from '../time.js';
import type { Session, Told } from '../told.js';

/** A session at AWS: whose records name who made it and when. */
export interface CloudSession extends Session {
  readonly account: string;
  readonly identity: Readonly<Record<string, unknown>>;
  readonly mfa: boolean;
  readonly kind: 'console' | 'cli' | 'role';
  /** Access keys: the console takes a dozen, others one. */
  readonly keys: readonly string[];
}

/** Whose calls they are: a person by a long-term key, a machine by its role. */
export interface Principal {
  readonly who: string;
  readonly account: string;
  readonly identity: Readonly<Record<string, unknown>>;
}

/** The id of a temporary access key. */
export function temporaryKey(chance: Chance): string {
  return `ASIA${chance.hex(16).toUpperCase()}`;
}

/** What the records of a session say of it. */
export function contextOf({ createdAt, mfa, identity }: CloudSession) {
  const { issuer } = identity as { issuer?: object };
  return {
    ...(issuer && { sessionIssuer: issuer }),
    attributes: { creationDate: isoSecond(createdAt), mfaAuthenticated: String(mfa) },
  };
}

/** What differs from one record to another. */
export interface Entry {
  readonly who: string;
  readonly at: number;
  readonly service: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly identity: Readonly<Record<string, unknown>>;
  readonly seat: Seat | undefined;
  readonly more?: object;
}

/** A management record; by AWS itself where nobody sits. */
export function entry(
  chance: Chance,
  { who, at, service, name, account, region, identity, seat, more }: Entry,
): Told {
  const { issuer: _, ...userIdentity } = identity;
  const body = {
    eventVersion: '1.11',
    userIdentity,
    eventTime: isoSecond(at),
    eventSource: service,
    eventName: name,
    awsRegion: region,
    sourceIPAddress: seat?.address ?? 'AWS Internal',
    userAgent: seat?.userAgent ?? 'AWS Internal',
    requestParameters: null,
    responseElements: null,
    requestID: chance.uuid(),
    eventID: chance.uuid(),
    readOnly: true,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: account,
    eventCategory: 'Management',
    ...more,
  };
  return { at, stream: 'cloudtrail', who, body: JSON.stringify(body) };
}
