import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { companyRequests } from '../company/requests.js';

/** Requests in a folder, so that processes that measure the same need not make them each. */
export interface RequestFiles {
  readonly folder: string;
  readonly bytesPerRecord: number;
  readonly gzippedBytesPerRecord: number;
}

/** Writes so many gzipped requests of so many records into a temporary folder; the caller removes it. */
export function writeRequests(seed: number, requests: number, records: number): RequestFiles {
  const folder = mkdtempSync(join(tmpdir(), 'vouchtrail-bench-'));
  let [bytes, gzippedBytes, number] = [0, 0, 0];
  for (const { encoded, gzipped } of companyRequests(seed, requests, records)) {
    writeFileSync(join(folder, `${String(number++).padStart(6, '0')}.gz`), gzipped);
    bytes += encoded.length;
    gzippedBytes += gzipped.length;
  }
  const count = requests * records;
  return { folder, bytesPerRecord: bytes / count, gzippedBytesPerRecord: gzippedBytes / count };
}

/** The requests of a folder, gzipped, in the order in which they were made. */
export function readRequests(folder: string): Buffer[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.gz'))
    .sort()
    .map((file) => readFileSync(join(folder, file)));
}

export function removeRequests({ folder }: RequestFiles): void {
  rmSync(folder, { recursive: true, force: true });
}
