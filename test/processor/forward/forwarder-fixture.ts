import { onTestFinished } from 'vitest';
import { ForwardCounts } from '../../../processor/forward/forward-counts.js';
import type { ForwardLimits, ForwardProtocol } from '../../../processor/forward/forward-options.js';
import { createForwarder, type Forwarder } from '../../../processor/forward/forwarder.js';
import type { LogBatch, LogBatchResult } from '../../../processor/receiver/log-batch.js';
import { RetryLaterError } from '../../../processor/receiver/retry-later-error.js';
import { encodeLogsRequest } from '../receiver/otlp-descriptor.js';
import { appendedOf, batchOf, eventOf } from './enriched-batch.js';

export interface TestForwarder {
  readonly forwarder: Forwarder;
  readonly counters: ForwardCounts;
  /** What it said in the log. */
  readonly lines: { readonly message: string; readonly fields: object }[];
  /** Forwards a request whose records are all enriched. */
  send(batch: LogBatch): Promise<LogBatchResult>;
}

/** A forwarder that does not wait long; it ends with the test. */
export function forwarderTo(
  target: { readonly url: string; readonly protocol: ForwardProtocol },
  limits: Partial<ForwardLimits> = {},
  headers: Record<string, string> = {},
): TestForwarder {
  const counters = new ForwardCounts();
  const lines: TestForwarder['lines'] = [];
  const write = (fields: object, message: string) => lines.push({ fields, message });
  const forwarder = createForwarder({
    ...target,
    headers,
    version: '1.2.3',
    logger: { info: write, warn: write, error: write },
    counters,
    limits: { firstBackoffMs: 40, mostBackoffMs: 80, ...limits },
  });
  onTestFinished(() => forwarder.close());
  const send = (batch: LogBatch) =>
    forwarder.forward(
      batch,
      appendedOf(batch.records, () => eventOf()),
    );
  return { forwarder, counters, lines, send };
}

/** A protobuf request of so many records, of about so many bytes each. */
export function protobufBatch(records: number, bytes = 0): LogBatch {
  return batchOf(encodeLogsRequest(requestOf(records, bytes)));
}

/** The same as JSON. */
export function jsonBatch(records: number, bytes = 0): LogBatch {
  return batchOf(Buffer.from(JSON.stringify(requestOf(records, bytes))), 'json');
}

function requestOf(records: number, bytes: number) {
  const logRecords = Array.from({ length: records }, (_, i) => ({
    body: { stringValue: `record ${i}`.padEnd(bytes, 'x') },
  }));
  return { resourceLogs: [{ scopeLogs: [{ logRecords }] }] };
}

/** The numbers of the records of a request made so, as they stand in its bytes. */
export function recordNumbers(body: Buffer): number[] {
  return [...body.toString('latin1').matchAll(/record (\d+)/g)].map((match) => Number(match[1]));
}

/** The RetryLaterError that a promise rejects with. */
export async function putOff(result: Promise<unknown>): Promise<RetryLaterError> {
  const error = await result.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof RetryLaterError) return error;
  throw new Error('it was not put off', { cause: error });
}
