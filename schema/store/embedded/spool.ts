import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/**
 * A folder for rows on their way in and answers on their way out.
 *
 * Rows come in by file because the engine ends inline rows at the first blank line and runs what follows as
 * SQL. Answers leave by file because the engine's buffered output of a failed statement turns up in the next
 * answer of the connection, its streamed output is only valid in some formats, and starting a stream blocks
 * the whole process while subqueries run. A file has none of this, and bounds memory.
 */
export class Spool {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Removes what an earlier process left. Call before the first use; the folder is this process's alone. */
  async sweep(): Promise<void> {
    const names = await readdir(this.#folder);
    await Promise.all(names.map((name) => rm(join(this.#folder, name), { force: true })));
  }

  newPath(): string {
    return join(this.#folder, randomUUID());
  }

  /**
   * Writes a stream into a new file.
   * @returns its path and size in bytes; the caller removes it
   */
  async receive(rows: Readable): Promise<{ path: string; bytes: number }> {
    const path = this.newPath();
    const file = createWriteStream(path, { mode: 0o600, highWaterMark: 256 * 1024 });
    try {
      await pipeline(rows, file);
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
    return { path, bytes: file.bytesWritten };
  }
}
