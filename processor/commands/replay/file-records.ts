import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { jsonValues } from './json-values.js';
import { STDIN } from './replay-files.js';
import { type ReplayRecord, replayRecords } from './replay-records.js';
import { textLines, unzipped } from './text-lines.js';

export interface FileReading {
  /** Read in place of the standard input. */
  readonly input: Readable | undefined;
  /** Told of each piece of the file that is read. */
  readonly onBytes: (bytes: number) => void;
}

/**
 * The log records of a file or of the standard input, one after the other; of a large file only the line at hand is in
 * memory, unless the file is one JSON value.
 *
 * @throws whatever reading or unzipping fails with
 */
export async function* fileRecords(path: string, reading: FileReading): AsyncGenerator<ReplayRecord> {
  for await (const found of jsonValues(textLines(unzipped(bytesOf(path, reading))))) {
    yield* replayRecords(found);
  }
}

async function* bytesOf(path: string, { input, onBytes }: FileReading): AsyncGenerator<Buffer> {
  const stream = path === STDIN ? (input ?? process.stdin) : createReadStream(path);
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    onBytes(chunk.length);
    yield chunk;
  }
}
