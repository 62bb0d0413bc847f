import { isoSeconds } from '../../deploy/demo/story/calendar.js';
import { stsTime } from '../../deploy/demo/story/cloudtrail-records.js';
import type { Delivery, OtlpLogRecord } from './sample.js';

/** The fields of a CloudTrail record that hold a time. */
interface Timed {
  eventTime: string;
  userIdentity?: { sessionContext?: { attributes?: { creationDate?: string } } };
  responseElements?: { credentials?: { expiration?: string } } | null;
}

/** How far to move the sample so that its last event is at `now`: whole seconds, as CloudTrail's times are. */
export function shiftTo(now: number, end: string): number {
  return Math.floor((now - Date.parse(end)) / 1000) * 1000;
}

/** The same delivery, `by` milliseconds later, times within the record included. */
export function shifted(delivery: Delivery, by: number): Delivery {
  const { at, arrivesAt, origin, record } = delivery;
  return { at: at + by, arrivesAt: arrivesAt + by, origin, record: shiftedRecord(record, by) };
}

function shiftedRecord(record: OtlpLogRecord, by: number): OtlpLogRecord {
  const moved = {
    ...record,
    timeUnixNano: nanosecondsLater(record.timeUnixNano, by),
    observedTimeUnixNano: nanosecondsLater(record.observedTimeUnixNano, by),
  };
  const text = record.body?.stringValue;
  return text?.startsWith('{') ? { ...moved, body: { stringValue: shiftedCloudTrail(text, by) } } : moved;
}

function shiftedCloudTrail(text: string, by: number): string {
  const record = JSON.parse(text) as Timed;
  const later = (time: string): number => Date.parse(time) + by;
  record.eventTime = isoSeconds(later(record.eventTime));
  const session = record.userIdentity?.sessionContext?.attributes;
  if (session?.creationDate !== undefined) session.creationDate = isoSeconds(later(session.creationDate));
  const issued = record.responseElements?.credentials;
  if (issued?.expiration !== undefined) issued.expiration = stsTime(later(`${issued.expiration} UTC`));
  return JSON.stringify(record);
}

function nanosecondsLater(time: string, by: number): string {
  return String(BigInt(time) + BigInt(by) * 1_000_000n);
}
