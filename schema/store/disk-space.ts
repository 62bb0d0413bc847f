import { statfs as statfsOf } from 'node:fs/promises';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** Below so many bytes a merge, which writes its parts anew before it drops them, may not end. */
const LEAST_BYTES = 512 * MIB;
const LEAST_SHARE = 0.02;
/** Of a large disk the share is more than anything here needs. */
const MOST_BYTES = 8 * GIB;
/** So much more must be free before events are taken again, or a disk at the limit would go to and fro. */
const RECOVERY_BYTES = 64 * MIB;
const RECOVERY_SHARE = 0.05;
const EVERY_MS = 1_000;

/** What a file system says of itself: Node's `statfs` fits. */
export type ReadFileSystem = (
  folder: string,
) => Promise<{ readonly bavail: number; readonly blocks: number; readonly bsize: number }>;

export interface DiskGuardOptions {
  /** The data folder. */
  readonly folder: string;
  /** Bytes that must stay free. Default: 512 MiB or 2 % of the disk, whichever is more, at most 8 GiB. */
  readonly minimumFreeBytes?: number;
  /** Milliseconds between two looks. */
  readonly everyMs?: number;
  readonly statfs?: ReadFileSystem;
  /** pino fits. */
  readonly logger?: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
  };
}

/** Knows whether the disk of the data folder still has room, so that nothing is accepted that could not be stored. */
export interface DiskGuard {
  readonly nearlyFull: boolean;
  /** Why events are not taken, in words for a person; undefined while there is room. */
  readonly reason: string | undefined;
  /** As of the last look; undefined if the file system could not be asked. */
  readonly freeBytes: number | undefined;
  /** Bytes that must stay free, as of the last look. */
  readonly minimumFreeBytes: number | undefined;
  /** Stops looking. */
  close(): void;
}

/**
 * Looks at the disk now and then every second. A folder that cannot be looked at counts as having room: the store
 * itself says what is wrong with it.
 */
export async function createDiskGuard(options: DiskGuardOptions): Promise<DiskGuard> {
  const guard = new FolderGuard(options);
  await guard.look();
  guard.lookOn();
  return guard;
}

class FolderGuard implements DiskGuard {
  readonly #options: DiskGuardOptions;
  readonly #statfs: ReadFileSystem;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  #unreadable = false;
  freeBytes: number | undefined;
  minimumFreeBytes: number | undefined;
  reason: string | undefined;

  constructor(options: DiskGuardOptions) {
    this.#options = options;
    this.#statfs = options.statfs ?? statfsOf;
  }

  get nearlyFull(): boolean {
    return this.reason !== undefined;
  }

  async look(): Promise<void> {
    const { folder, logger } = this.#options;
    try {
      const { bavail, blocks, bsize } = await this.#statfs(folder);
      this.#found(bavail * bsize, blocks * bsize);
      this.#unreadable = false;
    } catch (error) {
      this.freeBytes = undefined;
      this.minimumFreeBytes = undefined;
      this.reason = undefined;
      if (!this.#unreadable) logger?.warn({ err: error, folder }, 'the room on the disk cannot be found out');
      this.#unreadable = true;
    }
  }

  lookOn(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(
      () => void this.look().then(() => this.lookOn()),
      this.#options.everyMs ?? EVERY_MS,
    );
    this.#timer.unref();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #found(free: number, size: number): void {
    const { folder, logger, minimumFreeBytes } = this.#options;
    const minimum = minimumFreeBytes ?? Math.max(LEAST_BYTES, Math.min(size * LEAST_SHARE, MOST_BYTES));
    const recovery = Math.min(minimum * RECOVERY_SHARE, RECOVERY_BYTES);
    const wasFull = this.nearlyFull;
    this.freeBytes = free;
    this.minimumFreeBytes = minimum;
    this.reason =
      free < (wasFull ? minimum + recovery : minimum)
        ? `The disk of ${folder} is nearly full: ${inMib(free)} are free, and ${inMib(minimum)} must stay free. ` +
          'Make room, and events are taken again.'
        : undefined;
    if (this.nearlyFull && !wasFull) logger?.warn({ folder, free, minimum }, this.reason ?? '');
    if (!this.nearlyFull && wasFull) {
      logger?.info({ folder, free, minimum }, 'the disk has room again: events are taken');
    }
  }
}

function inMib(bytes: number): string {
  return `${Math.floor(bytes / MIB)} MiB`;
}
