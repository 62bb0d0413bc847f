import { createReadStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { createGzip, gzipSync } from 'node:zlib';

/** A statement's output: in memory when it is small, else in a file of the spool. */
export type Output =
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  | { readonly kind: 'file'; readonly path: string; readonly size: number };

export const NO_OUTPUT: Output = { kind: 'bytes', bytes: Buffer.alloc(0) };

export interface Answer {
  readonly output: Output;
  readonly format: string;
  /** Rows and bytes that the engine read; undefined where it does not say. */
  readonly read: { readonly rows: number; readonly bytes: number } | undefined;
  readonly resultRows: number;
  readonly elapsedSeconds: number;
}

/** Below, compressing costs more than it saves. */
const MIN_GZIP_BYTES = 1024;
/** On loopback, speed is worth more than the last percent. */
const GZIP_LEVEL = 3;

const TEXT = /^(?:TabSeparated|TSV|TSKV|Pretty|Vertical|Values|LineAsString|Markdown|Raw)/;

function contentType(format: string): string {
  if (/^(?:JSON|PrettyJSON)/.test(format)) {
    return /EachRow|JSONLines|NDJSON/.test(format)
      ? 'application/x-ndjson; charset=UTF-8'
      : 'application/json; charset=UTF-8';
  }
  if (/^CSV/.test(format)) return 'text/csv; charset=UTF-8; header=absent';
  if (TEXT.test(format)) return 'text/plain; charset=UTF-8';
  return 'application/octet-stream';
}

/** The header that ClickHouse sends with the figures of a statement; figures are strings there. */
function summary(answer: Answer): string {
  return JSON.stringify({
    ...(answer.read ? { read_rows: String(answer.read.rows), read_bytes: String(answer.read.bytes) } : {}),
    written_rows: '0',
    written_bytes: '0',
    total_rows_to_read: '0',
    result_rows: String(answer.resultRows),
    result_bytes: '0',
    elapsed_ns: String(Math.round(answer.elapsedSeconds * 1e9)),
  });
}

const TAIL_BYTES = 512;

async function tailOf(output: Output): Promise<string> {
  if (output.kind === 'bytes') return output.bytes.subarray(-TAIL_BYTES).toString('latin1');
  const file = await open(output.path);
  try {
    const { buffer } = await file.read(Buffer.alloc(TAIL_BYTES), 0, TAIL_BYTES, output.size - TAIL_BYTES);
    return buffer.toString('latin1');
  } finally {
    await file.close();
  }
}

/** The figures that JSON formats carry at their end: the one place where the engine tells what it read. */
export async function statisticsOf(output: Output): Promise<Answer['read']> {
  const tail = await tailOf(output);
  const statistics = tail.slice(Math.max(0, tail.lastIndexOf('"statistics":')));
  const rows = /"rows_read":\s*(\d+)/.exec(statistics);
  const bytes = /"bytes_read":\s*(\d+)/.exec(statistics);
  return rows && bytes ? { rows: Number(rows[1]), bytes: Number(bytes[1]) } : undefined;
}

/** Formats that end with statistics. */
export function hasStatistics(format: string): boolean {
  return /^JSON(?:Compact|Strings|CompactStrings|ColumnsWithMetadata)?$/.test(format);
}

/** Sends a statement's answer and removes its file. */
export async function sendAnswer(response: ServerResponse, answer: Answer, gzip: boolean): Promise<void> {
  response.setHeader('X-ClickHouse-Summary', summary(answer));
  response.setHeader('X-ClickHouse-Format', answer.format);
  response.setHeader('Content-Type', contentType(answer.format));
  const { output } = answer;
  const size = output.kind === 'bytes' ? output.bytes.length : output.size;
  const zipped = gzip && size > MIN_GZIP_BYTES;
  if (zipped) response.setHeader('Content-Encoding', 'gzip');
  else response.setHeader('Content-Length', size);
  if (output.kind === 'bytes') {
    response.end(zipped ? gzipSync(output.bytes, { level: GZIP_LEVEL }) : output.bytes);
    return;
  }
  try {
    const file = createReadStream(output.path, { highWaterMark: 256 * 1024 });
    if (zipped) await pipeline(file, createGzip({ level: GZIP_LEVEL }), response);
    else await pipeline(file, response);
  } finally {
    await rm(output.path, { force: true });
  }
}
