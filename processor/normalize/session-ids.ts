import type { Keys } from '../../schema/keys.js';
import type { LogRecord } from '../receiver/log-record.js';
import { attributeText } from './any-value-json.js';
import type { Hidden } from './secrets.js';

const NOTHING: readonly Hidden[] = [];

/** Ids that look in a URL as they are; nearly all do. */
const SAME_IN_URL = /^[\w.~-]*$/;

/** An application's session id on a record; browser and mobile SDKs put it on the resource. '' = none. */
export function sessionIdOf(log: LogRecord): string {
  return attributeText(log.attributes, 'session.id') || attributeText(log.resource.attributes, 'session.id');
}

/** The session that an application says this one continues (`session.previous_id` of event `session.start`). */
export function previousSessionIdOf(log: LogRecord): string {
  return attributeText(log.attributes, 'session.previous_id');
}

/**
 * An application's session ids on a record, each with the key that is stored in its place: the id may be the very
 * cookie that opens the session. Without keys nothing stands in for them.
 */
export function hiddenSessionIds(log: LogRecord, tenant: string, keys: Keys | undefined): readonly Hidden[] {
  const ids = [sessionIdOf(log), previousSessionIdOf(log)].filter((id) => id !== '');
  if (ids.length === 0) return NOTHING;
  const hidden: Hidden[] = [];
  for (const secret of ids) {
    const shown = keys?.sessionKey({ tenant, source: 'otel', organization: '' }, secret) ?? '[redacted]';
    hidden.push({ secret, shown });
    if (SAME_IN_URL.test(secret)) continue;
    // Half a surrogate pair is no text, and encodeURIComponent throws on it.
    const inUrl = encodeURIComponent(Buffer.from(secret).toString());
    if (inUrl !== secret) hidden.push({ secret: inUrl, shown });
  }
  return hidden;
}
