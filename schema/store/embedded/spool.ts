import { createHash, randomUUID } from 'node:crypto';
import { constants, copyFile, lstat, mkdir, open, readdir, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

/** In memory there must be this much room, or everything goes to the disk (containers often have 64 MiB). */
const MIN_FREE_BYTES = 1024 ** 3;
/** Rows beyond this go on to the disk. */
const MAX_FAST_BYTES = 64 * 1024 ** 2;
const MEMORY_FILES = '/dev/shm';

/**
 * Folders for rows on their way in and answers on their way out: one in memory, where there is one, for what
 * is small, since making files on a disk that syncs inserts takes milliseconds; and one in the data folder.
 *
 * Rows come in by file because the engine ends inline rows at the first blank line and runs what follows as
 * SQL. Answers leave by file because the engine's buffered output of a failed statement turns up in the next
 * answer of the connection, its streamed output is only valid in some formats, and starting a stream blocks
 * the whole process while subqueries run. A file has none of this, and bounds memory.
 */
export class Spool {
  readonly #large: string;
  readonly #small: string;

  /** Makes the folders, and removes what an earlier process left. They are this process's alone. */
  static async create(dataDir: string): Promise<Spool> {
    const large = join(dataDir, 'spool');
    await mkdir(large, { recursive: true, mode: 0o700 });
    const small = (await memoryFolder(dataDir)) ?? large;
    for (const folder of new Set([large, small])) {
      const names = await readdir(folder);
      await Promise.all(names.map((name) => rm(join(folder, name), { force: true })));
    }
    return new Spool(large, small);
  }

  private constructor(large: string, small: string) {
    this.#large = large;
    this.#small = small;
  }

  /** A path for a file to come; its maker removes it. */
  newPath(isSmall: boolean): string {
    return join(isSmall ? this.#small : this.#large, randomUUID());
  }

  /**
   * Writes a stream into a new file.
   * @returns its path and size in bytes; the caller removes it
   */
  async receive(rows: Readable): Promise<{ path: string; bytes: number }> {
    let path = this.newPath(true);
    let file = await open(path, 'wx', 0o600);
    let bytes = 0;
    let moved = this.#small === this.#large;
    try {
      for await (const chunk of rows as AsyncIterable<Buffer>) {
        await file.appendFile(chunk);
        bytes += chunk.length;
        if (bytes > MAX_FAST_BYTES && !moved) {
          const from = path;
          path = this.newPath(false);
          await copyFile(from, path, constants.COPYFILE_EXCL);
          await Promise.all([file.close(), rm(from)]);
          file = await open(path, 'a');
          moved = true;
        }
      }
    } catch (error) {
      await Promise.all([file.close(), rm(path, { force: true })]);
      throw error;
    }
    await file.close();
    return { path, bytes };
  }

  /** Removes the folder in memory. */
  async close(): Promise<void> {
    if (this.#small !== this.#large) await rm(this.#small, { recursive: true, force: true });
  }
}

/** Where a data folder has its folder in memory, when it has one. */
export function memoryFolderOf(dataDir: string): string {
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  return join(MEMORY_FILES, `vouchtrail-${name}`);
}

/** The data folder's own folder in memory; undefined where there is none to trust, or no room. */
async function memoryFolder(dataDir: string): Promise<string | undefined> {
  const folder = memoryFolderOf(dataDir);
  try {
    const { bavail, bsize } = await statfs(MEMORY_FILES);
    if (bavail * bsize < MIN_FREE_BYTES) return undefined;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // Everyone may make files there: it must not be someone else's, nor lead elsewhere.
    const found = await lstat(folder);
    const isOurs = found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o077) === 0;
    return isOurs ? folder : undefined;
  } catch {
    return undefined;
  }
}
