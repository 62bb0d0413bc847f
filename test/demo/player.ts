import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Delivery, LogOrigin, OtlpLogRecord } from './sample.js';

const BATCH = 250;
/** Milliseconds that a service which says "later" is asked again. */
const PATIENCE_MS = 60_000;

/** The service did not take what the demo sent. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

export interface Playing {
  /** Without a path, such as `http://127.0.0.1:4318`. */
  readonly otlpHttpUrl: string;
  readonly signal: AbortSignal;
  /** Told how many records are acknowledged so far. */
  readonly onProgress: (acknowledged: number) => void;
}

/**
 * Sends log records in the given order as OTLP/HTTP requests, each after the one before was acknowledged.
 * @returns when the last acknowledgement came, in milliseconds since the epoch
 * @throws {RefusedError} if a record is not taken
 */
export async function play(deliveries: readonly Delivery[], playing: Playing): Promise<number> {
  for (let start = 0; start < deliveries.length; start += BATCH) {
    const batch = deliveries.slice(start, start + BATCH);
    await send(exportRequest(batch), playing);
    playing.onProgress(start + batch.length);
  }
  return Date.now();
}

/** An ExportLogsServiceRequest in JSON: records of the same origin share their resource and scope. */
export function exportRequest(batch: readonly Delivery[]): object {
  const groups = new Map<string, LogOrigin & { logRecords: OtlpLogRecord[] }>();
  for (const { origin, record } of batch) {
    const key = JSON.stringify(origin);
    const group = groups.get(key) ?? { ...origin, logRecords: [] };
    group.logRecords.push(record);
    groups.set(key, group);
  }
  return {
    resourceLogs: [...groups.values()].map(({ resource, scope, logRecords }) => ({
      resource,
      scopeLogs: [{ scope, logRecords }],
    })),
  };
}

async function send(request: object, { otlpHttpUrl, signal }: Playing): Promise<void> {
  const url = `${otlpHttpUrl}/v1/logs`;
  const body = gzipSync(JSON.stringify(request));
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (;;) {
    const response = await fetch(url, { method: 'POST', headers, body, signal });
    const answer = await response.text();
    if (response.status === 503 && Date.now() < giveUpAt) {
      await pause(1000 * Number(response.headers.get('retry-after') ?? 1), undefined, { signal });
      continue;
    }
    if (response.status !== 200) {
      throw new RefusedError(`${url} answered ${response.status}: ${answer.slice(0, 500)}`);
    }
    const { partialSuccess } = JSON.parse(answer) as { partialSuccess?: Rejection };
    if (Number(partialSuccess?.rejectedLogRecords ?? 0) > 0) {
      throw new RefusedError(`${url} rejected records of the sample: ${partialSuccess?.errorMessage ?? ''}`);
    }
    return;
  }
}

interface Rejection {
  readonly rejectedLogRecords?: string | number;
  readonly errorMessage?: string;
}
