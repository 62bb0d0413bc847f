import type { SessionKind } from '../../../schema/words.js';
import { isTrueIn, type JsonObject, textIn } from '../json-record.js';
import { isToSecond, parseTimestamp, secondText } from '../timestamps.js';
import type { Identity } from './identity.js';

/** The session that a CloudTrail record was made in. */
export interface Session {
  /** `principalId|creationDate` to the second, the same over all of a session's access keys; '' = none on record. */
  readonly id: string;
  /** Nanoseconds since the epoch; 0n = unknown. */
  readonly createdAt: bigint;
  readonly kind: SessionKind;
}

/** Events that begin the session which their own user identity names, at the time of the event. */
const BEGINNINGS = new Set(['ConsoleLogin', 'SwitchRole']);

/** How the console's own back ends sign requests that they make with the person's credentials and address. */
const CONSOLE_AGENT =
  /^(?:\[?[\w .-]*Console[/,\s\]]|AWSConsole|(?:console|signin)\.amazonaws\.com|\[?[^[\]()]*, ?aws-internal\/)/;

/** `eventTime` in nanoseconds, `undefined` if unreadable. A refused login begins nothing. */
export function readSession(
  record: JsonObject,
  eventName: string,
  succeeded: boolean,
  identity: Identity,
  eventTime: bigint | undefined,
): Session {
  const begins = textIn(record, 'eventSource') === 'signin.amazonaws.com' && BEGINNINGS.has(eventName);
  const createdAt = begins
    ? succeeded
      ? eventTime
      : undefined
    : identity.creationDate === ''
      ? undefined
      : parseTimestamp(identity.creationDate);
  const kind = kindOf(record, begins, identity);
  if (createdAt === undefined || identity.principalId === '') return { id: '', createdAt: 0n, kind };
  // Nearly always the text is in its final form, and writing it anew costs a microsecond.
  const id =
    !begins && isToSecond(identity.creationDate)
      ? `${identity.principalId}|${identity.creationDate}`
      : sessionId(identity.principalId, createdAt);
  return { id, createdAt, kind };
}

/** AWS writes creation times to the second; a record that has more must not make another session of the same. */
export function sessionId(principalId: string, createdAt: bigint): string {
  return `${principalId}|${secondText(createdAt)}`;
}

/** Of one record: a session is of the most specific kind that any of its records says. */
function kindOf(record: JsonObject, begins: boolean, identity: Identity): SessionKind {
  if (begins || isTrueIn(record, 'sessionCredentialFromConsole')) return 'console';
  if (identity.invokedBy === 'signin.amazonaws.com') return 'console';
  if (identity.type === 'AWSService' || identity.invokedBy !== '') return 'service';
  const inSession = identity.creationDate !== '';
  if (inSession && CONSOLE_AGENT.test(textIn(record, 'userAgent'))) return 'console';
  if (identity.type === 'AssumedRole') return 'role';
  if (inSession) return 'cli';
  return identity.accessKeyId === '' ? 'implied' : 'api';
}
