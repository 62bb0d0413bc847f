import { readFile } from 'node:fs/promises';
import type { Planted } from '../../deploy/demo/story/planted.js';

const folder = new URL('../../deploy/demo/', import.meta.url);

/** What `labels.json` says about the sample. */
export interface Labels {
  readonly start: string;
  readonly end: string;
  readonly planted: readonly Planted[];
  readonly benign: readonly {
    readonly id: string;
    readonly what: string;
    readonly users: readonly string[];
  }[];
}

/** An OTLP log record in OTLP's JSON form. */
export interface OtlpLogRecord {
  timeUnixNano: string;
  observedTimeUnixNano: string;
  body?: { readonly stringValue: string };
  readonly attributes: readonly { readonly key: string; readonly value: object }[];
}

/** What a `ResourceLogs` of OTLP says besides its records. */
export interface LogOrigin {
  readonly resource: object;
  readonly scope: object;
}

/** A log record on its way to a collector. */
export interface Delivery {
  /** When it happened, in milliseconds. */
  readonly at: number;
  /** When a collector has it: seconds later from an application, minutes later from CloudTrail. */
  readonly arrivesAt: number;
  readonly origin: LogOrigin;
  readonly record: OtlpLogRecord;
}

const CLOUDTRAIL_ORIGIN: LogOrigin = {
  resource: { attributes: [{ key: 'service.name', value: { stringValue: 'cloudtrail-reader' } }] },
  scope: { name: 'demo' },
};
const FILE_EVERY_MS = 5 * 60_000;
const FILE_DELAY_MS = 4 * 60_000;

export async function readLabels(): Promise<Labels> {
  return JSON.parse(await readFile(new URL('labels.json', folder), 'utf8')) as Labels;
}

/** The sample's log records in the order in which they arrive. */
export async function readSample(): Promise<Delivery[]> {
  const [cloud, applications] = await Promise.all([
    readFile(new URL('cloudtrail.ndjson', folder), 'utf8'),
    readFile(new URL('applications.ndjson', folder), 'utf8'),
  ]);
  const deliveries = [
    ...textLines(cloud).map(cloudTrailDelivery),
    ...textLines(applications).flatMap(applicationDeliveries),
  ];
  return deliveries.sort((a, b) => a.arrivesAt - b.arrivesAt);
}

/** CloudTrail hands out a file every five minutes, some minutes after what it holds. */
function cloudTrailDelivery(line: string): Delivery {
  const { eventTime } = JSON.parse(line) as { eventTime: string };
  const at = Date.parse(eventTime);
  const arrivesAt = Math.ceil(at / FILE_EVERY_MS) * FILE_EVERY_MS + FILE_DELAY_MS;
  const record = {
    timeUnixNano: `${at}000000`,
    observedTimeUnixNano: `${arrivesAt}000000`,
    body: { stringValue: line },
    attributes: [{ key: 'vouchtrail.source', value: { stringValue: 'cloudtrail' } }],
  };
  return { at, arrivesAt, origin: CLOUDTRAIL_ORIGIN, record };
}

function applicationDeliveries(line: string): Delivery[] {
  const { resourceLogs } = JSON.parse(line) as {
    resourceLogs: { resource: object; scopeLogs: { scope: object; logRecords: OtlpLogRecord[] }[] }[];
  };
  return resourceLogs.flatMap(({ resource, scopeLogs }) =>
    scopeLogs.flatMap(({ scope, logRecords }) => {
      const origin = { resource, scope };
      return logRecords.map((record) => ({
        at: milliseconds(record.timeUnixNano),
        arrivesAt: milliseconds(record.observedTimeUnixNano),
        origin,
        record,
      }));
    }),
  );
}

function milliseconds(nanoseconds: string): number {
  return Number(BigInt(nanoseconds) / 1_000_000n);
}

function textLines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
