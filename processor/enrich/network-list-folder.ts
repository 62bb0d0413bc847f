import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isListName, NetworkListError, type NetworkTable, readNetworkLists } from './network-lists.js';

/** Lists of networks that may change while they are used. */
export interface NetworkLists {
  readonly table: NetworkTable;
  /** Another number after each change: what was looked up before no longer holds. */
  readonly generation: number;
}

export interface FollowedNetworkLists extends NetworkLists {
  /** Reads the lists again now, if one of them changed. */
  check(): void;
  /** Ends following. May be called again. */
  close(): void;
}

export interface FollowOptions {
  /** How often the folder is looked at. */
  readonly everyMs?: number;
  readonly onChange?: (networks: number) => void;
  /** The lists cannot be used; those that were read last go on being used. Said once for each change. */
  readonly onError?: (error: NetworkListError) => void;
}

const EVERY_MS = 10_000;
const MOST_BYTES = 32 * 1024 * 1024;

interface Seen {
  readonly names: readonly string[];
  /** Another text whenever a list is written, replaced, added or removed. */
  readonly fingerprint: string;
}

/**
 * Reads the lists of a folder, and again whenever one of them is written, replaced, added or removed. The folder is
 * looked at instead of being watched, since mounted volumes do not report changes.
 *
 * @throws {NetworkListError} if the folder cannot be read or a list is wrong
 */
export function followNetworkLists(folder: string, options: FollowOptions = {}): FollowedNetworkLists {
  const { everyMs = EVERY_MS, onChange, onError } = options;
  const first = look(folder);
  let { fingerprint } = first;
  let table = read(folder, first);
  let generation = 0;

  const check = (): void => {
    let seen: Seen;
    try {
      seen = look(folder);
    } catch (error) {
      const { message } = listError(error);
      if (message !== fingerprint) onError?.(listError(error));
      // A folder that cannot be looked at has no fingerprint: what is wrong stands for it, so that it is said once.
      fingerprint = message;
      return;
    }
    if (seen.fingerprint === fingerprint) return;
    fingerprint = seen.fingerprint;
    try {
      table = read(folder, seen);
    } catch (error) {
      onError?.(listError(error));
      return;
    }
    generation++;
    onChange?.(table.size);
  };
  const timer = setInterval(check, everyMs).unref();
  return {
    get table() {
      return table;
    },
    get generation() {
      return generation;
    },
    check,
    close: () => clearInterval(timer),
  };
}

function listError(error: unknown): NetworkListError {
  if (error instanceof NetworkListError) return error;
  throw error;
}

function look(folder: string): Seen {
  return readable(folder, () => {
    const names = readdirSync(folder).filter(isListName).sort();
    const marks: string[] = [];
    let bytes = 0;
    for (const name of names) {
      const { size, mtimeMs, ino } = statSync(join(folder, name));
      bytes += size;
      marks.push(`${name} ${size} ${mtimeMs} ${ino}`);
    }
    if (bytes > MOST_BYTES) {
      throw new NetworkListError(folder, [
        `${bytes} bytes are more than ${MOST_BYTES}: list larger networks`,
      ]);
    }
    return { names, fingerprint: marks.join('\n') };
  });
}

function read(folder: string, { names }: Seen): NetworkTable {
  const files = readable(folder, () =>
    names.map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') })),
  );
  return readNetworkLists(files, folder);
}

function readable<Result>(folder: string, act: () => Result): Result {
  try {
    return act();
  } catch (cause) {
    if (cause instanceof NetworkListError) throw cause;
    const { path = folder, code = String(cause) } = cause as NodeJS.ErrnoException;
    throw new NetworkListError(folder, [`${path} cannot be read (${code})`], { cause });
  }
}
