import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Config, StoreConfig } from '../config.js';
import { type Database, type DatabaseOptions, openDatabase } from '../schema/store/database.js';
import { createDiskGuard, type DiskGuard } from '../schema/store/disk-space.js';
import { type EmbeddedStore, startEmbeddedStore } from '../schema/store/embedded/start.js';
import { StoreUnavailableError } from '../schema/store/errors.js';
import type { Logger } from './logger.js';
import type { OpenParts } from './open-parts.js';
import { DataFolderError } from './start-errors.js';

/** The store of a service: where it is, and what is known of the process and the disk behind it. */
export interface Store {
  readonly options: DatabaseOptions;
  readonly database: Database;
  /** Undefined where somebody else runs the server. */
  readonly embedded: EmbeddedStore | undefined;
  /** Of the embedded store's disk. */
  readonly disk: DiskGuard | undefined;
}

const longestWaitMs = 5_000;

/**
 * Starts the embedded store, or takes the server that is configured. Nothing is asked of it yet.
 *
 * @throws DataFolderError, or an EmbeddedStoreError
 */
export async function openStore(
  { dataDir, minimumFreeBytes }: Pick<Config, 'dataDir' | 'minimumFreeBytes'>,
  store: Exclude<StoreConfig, { kind: 'off' }>,
  logger: Logger,
  parts: OpenParts,
): Promise<Store> {
  const opened = (options: DatabaseOptions): Database => {
    const database = openDatabase(options);
    parts.add('database', () => database.close());
    return database;
  };
  if (store.kind === 'external') {
    return { options: store, database: opened(store), embedded: undefined, disk: undefined };
  }
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    await access(dataDir, constants.W_OK);
  } catch (error) {
    throw new DataFolderError(dataDir, error as NodeJS.ErrnoException);
  }
  const embedded = await startEmbeddedStore({ dataDir, database: store.database, logger });
  parts.add('embedded store', () => embedded.stop());
  const { url, username, password, database } = embedded;
  const options = { url, username, password, database };
  const disk = await createDiskGuard({
    folder: dataDir,
    logger,
    ...(minimumFreeBytes === undefined ? {} : { minimumFreeBytes }),
  });
  parts.add('disk guard', () => disk.close());
  return { options, database: opened(options), embedded, disk };
}

/**
 * Does something with the store, again and again while it does not answer: where program and server start
 * together, the server is often the slower one. Whatever else goes wrong is thrown.
 */
export async function whenStoreAnswers(
  url: string,
  { logger, signal }: { logger: Logger; signal?: AbortSignal | undefined },
  prepare: () => Promise<void>,
): Promise<void> {
  for (let waitMs = 250; ; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
    signal?.throwIfAborted();
    try {
      return await prepare();
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
      logger.warn({ url, reason: error.message }, `the store does not answer; trying again in ${waitMs} ms`);
      await delay(waitMs, undefined, signal === undefined ? {} : { signal });
    }
  }
}
