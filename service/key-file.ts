import { randomBytes } from 'node:crypto';
import { open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** The key file is there and cannot be used. */
export class KeyFileError extends Error {
  readonly path: string;

  constructor(path: string, reason: string) {
    super(
      `The key file ${path} ${reason}. Session keys are derived from it: put back the file that this data was ` +
        'written with, or set VOUCHTRAIL_KEY to its content.',
    );
    this.name = 'KeyFileError';
    this.path = path;
  }
}

/**
 * The key of an embedded store when none is configured: read from `<dataDir>/key`, or made there (256 random
 * bits as base64url, readable by the owner only) when the folder has none yet.
 *
 * @param warn told when other users may read the file; not an error, since some file systems have no modes
 * @throws KeyFileError when the file cannot be read or written, or is too short to be a key
 */
export async function readOrCreateKey(dataDir: string, warn: (message: string) => void): Promise<string> {
  const path = join(dataDir, 'key');
  // 'wx' decides between two processes that start on an empty folder: one writes, the other reads.
  const file = await open(path, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') return undefined;
    throw new KeyFileError(path, `cannot be written (${error.code})`);
  });
  if (file === undefined) return await readKey(path, warn);
  const key = randomBytes(32).toString('base64url');
  try {
    await file.writeFile(`${key}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  return key;
}

async function readKey(path: string, warn: (message: string) => void): Promise<string> {
  const key = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new KeyFileError(path, `cannot be read (${error.code})`);
  });
  const { mode } = await stat(path);
  if ((mode & 0o077) !== 0) warn(`other users can read the key file ${path}; chmod 600 closes it`);
  if (key.trim().length < 32) throw new KeyFileError(path, 'holds fewer than 32 characters');
  return key.trim();
}
