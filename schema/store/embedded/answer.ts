import { createReadStream } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { createGzip, gzipSync } from 'node:zlib';

/** Where a statement's output is: nowhere, in memory (short notices), or in a file of the spool. */
export type Output =
  | { readonly kind: 'none' }
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  | { readonly kind: 'file'; readonly path: string };

export interface Answer {
  readonly output: Output;
  readonly format: string;
  /** Rows and bytes that the engine read; undefined where it does not say. */
  readonly read: { readonly rows: number; readonly bytes: number } | undefined;
  readonly resultRows: number;
  readonly elapsedSeconds: number;
}

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

/** The figures that JSON formats carry at their end: the one place where the engine tells what it read. */
export async function statisticsOf(path: string): Promise<Answer['read']> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const length = Math.min(size, 512);
    const tail = (await file.read(Buffer.alloc(length), 0, length, size - length)).buffer.toString('latin1');
    const at = tail.lastIndexOf('"statistics":');
    const rows = /"rows_read":\s*(\d+)/.exec(tail.slice(at));
    const bytes = /"bytes_read":\s*(\d+)/.exec(tail.slice(at));
    if (at === -1 || !rows || !bytes) return undefined;
    return { rows: Number(rows[1]), bytes: Number(bytes[1]) };
  } finally {
    await file.close();
  }
}

/** Formats that end with statistics. */
export function hasStatistics(format: string): boolean {
  return /^JSON(?:Compact|Strings|CompactStrings|ColumnsWithMetadata)?$/.test(format);
}

/** Sends a statement's answer and removes its file. Small answers go in one piece with their length. */
export async function sendAnswer(response: ServerResponse, answer: Answer, gzip: boolean): Promise<void> {
  response.setHeader('X-ClickHouse-Summary', summary(answer));
  response.setHeader('X-ClickHouse-Format', answer.format);
  response.setHeader('Content-Type', contentType(answer.format));
  const { output } = answer;
  if (output.kind === 'none') {
    response.end();
    return;
  }
  if (output.kind === 'bytes') {
    sendBytes(response, output.bytes, gzip);
    return;
  }
  try {
    const { size } = await stat(output.path);
    const file = createReadStream(output.path, { highWaterMark: 256 * 1024 });
    if (gzip && size > 1024) {
      response.setHeader('Content-Encoding', 'gzip');
      await pipeline(file, createGzip({ level: 3 }), response);
    } else {
      response.setHeader('Content-Length', size);
      await pipeline(file, response);
    }
  } finally {
    await rm(output.path, { force: true });
  }
}

function sendBytes(response: ServerResponse, bytes: Buffer, gzip: boolean): void {
  if (gzip && bytes.length > 1024) {
    response.setHeader('Content-Encoding', 'gzip');
    response.end(gzipSync(bytes, { level: 3 }));
  } else response.end(bytes);
}
