import { HOUR, isoSeconds } from './calendar.js';
import { address } from './networks.js';
import type { Desk } from './people.js';
import type { Chance } from './random.js';

export const ACCOUNT = '111122223333';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** CloudTrail's `userIdentity`. */
export interface Identity {
  readonly type: 'IAMUser' | 'AssumedRole' | 'AWSService';
  readonly principalId?: string;
  readonly arn?: string;
  readonly accountId?: string;
  readonly accessKeyId?: string;
  readonly userName?: string;
  readonly sessionContext?: {
    readonly sessionIssuer?: object;
    readonly attributes: { readonly creationDate: string; readonly mfaAuthenticated: 'true' | 'false' };
  };
  readonly invokedBy?: string;
}

/** A CloudTrail record, as far as the story looks at it again. */
export interface CloudTrailRecord {
  readonly eventID: string;
  readonly eventTime: string;
  readonly eventName: string;
  readonly awsRegion: string;
  readonly sourceIPAddress: string;
  readonly userIdentity: Identity;
}

/** An operation of an AWS service, and whether it only reads. */
export interface Call {
  readonly service: string;
  readonly operation: string;
  readonly reads: boolean;
  readonly parameters?: object;
}

/** Who did it, when, where and from where. */
export interface Circumstances {
  readonly at: number;
  readonly region: string;
  readonly identity: Identity;
  /** A desk, or the name that an AWS service gives instead of an address and a user agent. */
  readonly origin: Desk | string;
  /** The desk's IPv6 subnet of the day. */
  readonly subnet?: number;
}

/** The record of a call to an AWS API. */
export function apiCall(
  chance: Chance,
  circumstances: Circumstances,
  call: Call,
  outcome: { response?: object; more?: object } = {},
): CloudTrailRecord {
  return record(circumstances, call, {
    requestParameters: call.parameters ?? null,
    responseElements: outcome.response ?? null,
    requestID: chance.uuid(),
    eventID: chance.uuid(),
    readOnly: call.reads,
    eventType: 'AwsApiCall',
    ...outcome.more,
  });
}

/** The record of a sign-in page: `ConsoleLogin`, `Logout` or `SwitchRole`, which went well. */
export function signInPage(
  chance: Chance,
  circumstances: Circumstances,
  operation: 'ConsoleLogin' | 'Logout' | 'SwitchRole',
  additionalEventData: object,
): CloudTrailRecord {
  return record(
    circumstances,
    { service: 'signin', operation, reads: false },
    {
      requestParameters: null,
      responseElements: { [operation]: 'Success' },
      additionalEventData,
      eventID: chance.uuid(),
      readOnly: false,
      eventType: 'AwsConsoleSignIn',
    },
  );
}

/** What STS answers when it issues a temporary credential; the token itself is shortened to its beginning. */
export function issuedCredentials(accessKeyId: string, at: number, hours: number): object {
  return {
    accessKeyId,
    sessionToken: 'IQoJb3JpZ2luX2VjEXAMPLETOKEN',
    expiration: stsTime(at + hours * HOUR),
  };
}

/**
 * STS's own way to write a time: `Jul 24, 2026, 4:40:00 PM`. Spelled out here because `toLocaleString` puts
 * another kind of space before `PM` in some versions of Node.
 */
export function stsTime(at: number): string {
  const date = new Date(at);
  const month = MONTHS[date.getUTCMonth()];
  const hour = date.getUTCHours();
  const clock = `${hour % 12 || 12}:${twoDigits(date.getUTCMinutes())}:${twoDigits(date.getUTCSeconds())}`;
  return `${month} ${date.getUTCDate()}, ${date.getUTCFullYear()}, ${clock} ${hour < 12 ? 'AM' : 'PM'}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

function record(
  circumstances: Circumstances,
  call: Call,
  rest: { eventID: string; [field: string]: unknown },
): CloudTrailRecord {
  const { at, region, identity, origin, subnet } = circumstances;
  const byService = typeof origin === 'string';
  return {
    eventVersion: '1.11',
    userIdentity: identity,
    eventTime: isoSeconds(at),
    eventSource: `${call.service}.amazonaws.com`,
    eventName: call.operation,
    awsRegion: region,
    sourceIPAddress: byService ? origin : address(origin.network, origin.host, subnet),
    userAgent: byService ? origin : origin.userAgent,
    ...rest,
    managementEvent: true,
    recipientAccountId: ACCOUNT,
    eventCategory: 'Management',
  } as CloudTrailRecord;
}
