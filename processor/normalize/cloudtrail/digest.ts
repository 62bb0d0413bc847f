import { eventId, recordHash } from '../../../schema/keys.js';
import type { LogRecord } from '../../receiver/log-record.js';
import { baseEvent, setTimes, tenantOf } from '../base-event.js';
import { type JsonObject, textIn } from '../json-record.js';
import { type NormalizeContext, type Normalized, noIdentifiers } from '../normalized.js';
import { attributeTexts, redactRecord } from '../secrets.js';
import { hiddenSessionIds } from '../session-ids.js';
import { parseTimestamp } from '../timestamps.js';
import type { Vendor, VendorRecord } from '../vendor.js';

const SOURCE = 'cloudtrail';

/** `AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/2026/03/02/...`, with a prefix or the organization before. */
const REGION_IN_PATH = /\/CloudTrail-Digest\/([a-z0-9-]{1,32})\//;

/**
 * CloudTrail's digest files, which lie beside its logs and list the files of an hour with their hashes. They say that
 * the trail was running, and nothing of any person. Fields: CloudTrail digest file structure, AWS user guide.
 */
export const digest: Vendor = {
  source: SOURCE,
  marks: ['digestStartTime', 'digestS3Object'],
  matches: ({ digestStartTime, digestS3Object, awsAccountId }: JsonObject) =>
    typeof digestStartTime === 'string' &&
    typeof digestS3Object === 'string' &&
    typeof awsAccountId === 'string',
  normalize: normalizeDigest,
};

function normalizeDigest(
  { record, text }: VendorRecord,
  log: LogRecord,
  context: NormalizeContext,
): Normalized {
  const hidden = hiddenSessionIds(log, tenantOf(log, context), context.keys);
  const event = baseEvent(SOURCE, log, context, hidden);
  setTimes(event, parseTimestamp(textIn(record, 'digestEndTime')) ?? null, log, context);
  const path = textIn(record, 'digestS3Object');
  event.event_id = path === '' ? recordHash(text) : eventId(SOURCE, path);
  event.vendor_event_id = path;
  event.vendor_event_type = 'CloudTrailDigest';
  // Delivered once an hour, later than the files that it lists.
  event.stream = `${SOURCE}:digest`;
  event.organization = textIn(record, 'awsAccountId');
  event.region = REGION_IN_PATH.exec(path)?.[1] ?? '';
  event.outcome = 'success';
  event.client_kind = 'service';
  event.attributes = attributeTexts(log.attributes, hidden, (key) => record[key] === undefined);
  event.raw = redactRecord(record, text, hidden);
  return { event, identifiers: noIdentifiers() };
}
