import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Stands for the standard input among the files. */
export const STDIN = '-';

const LOG_FILE = /\.(?:json|jsonl|ndjson|gz)$/i;

export interface ReplayFile {
  /** As it is shown: the path, or `-`. */
  readonly path: string;
  /** Bytes on disk; undefined where that is not known beforehand. */
  readonly bytes: number | undefined;
}

/** A path given to replay does not lead to a log file. */
export class ReplayPathError extends Error {
  override readonly name = 'ReplayPathError';
}

/**
 * The files behind the paths: a file is itself, a folder is every `.json`, `.jsonl`, `.ndjson` and `.gz` below
 * it in order of path, `-` is the standard input.
 *
 * @throws ReplayPathError if a path does not exist or a folder holds no such file
 */
export async function findReplayFiles(paths: readonly string[]): Promise<ReplayFile[]> {
  const found: ReplayFile[] = [];
  for (const path of paths) {
    if (path === STDIN) {
      found.push({ path, bytes: undefined });
      continue;
    }
    const stats = await stat(path).catch((error: NodeJS.ErrnoException) => {
      throw new ReplayPathError(
        error.code === 'ENOENT' ? `There is no file ${path}.` : `${path} cannot be read: ${error.message}`,
      );
    });
    if (stats.isDirectory()) found.push(...(await filesBelow(path)));
    else found.push({ path, bytes: stats.isFile() ? stats.size : undefined });
  }
  return found;
}

/** Of all files; 0 if it is not known: a bar that ends before the work does would be worse than none. */
export function totalBytes(files: readonly ReplayFile[]): number {
  let total = 0;
  for (const { bytes } of files) {
    if (bytes === undefined) return 0;
    total += bytes;
  }
  return total;
}

async function filesBelow(folder: string): Promise<ReplayFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && LOG_FILE.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  if (paths.length === 0) {
    throw new ReplayPathError(`The folder ${folder} holds no .json, .jsonl, .ndjson or .gz file.`);
  }
  return Promise.all(paths.map(async (path) => ({ path, bytes: (await stat(path)).size })));
}
