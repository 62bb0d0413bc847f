import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { processRuns, readEmbeddedEndpoint } from './endpoint-file.js';
import { DataFolderInUseError } from './errors.js';
import type { ServeOrder } from './messages.js';
import { type EmbeddedStore, type StoreLogger, Supervisor } from './supervisor.js';

export type { EmbeddedStore, StoreLogger } from './supervisor.js';

export interface EmbeddedStoreOptions {
  /** Made when missing. The engine's files live in `clickhouse`, backups in `backups` inside it. */
  readonly dataDir: string;
  /** The program's own database, made when missing. Default `vouchtrail`. */
  readonly database?: string;
  /** What the engine may use, in bytes. Default: half of the machine's memory, at most 4 GiB. */
  readonly memoryLimitBytes?: number;
  /** The child removes the data folder when it ends, even if this process is killed. For demos and tests. */
  readonly temporary?: boolean;
  readonly logger?: StoreLogger;
}

const SILENT: StoreLogger = { info: () => {}, warn: () => {}, error: () => {} };

function secret(): string {
  return randomBytes(24).toString('base64url');
}

/**
 * Starts the embedded store in a child process and waits until it answers. If the child dies it is started
 * again under the same URL and password.
 * Throws DataFolderInUseError, EngineMissingError, or EmbeddedStoreError with what the engine said.
 */
export async function startEmbeddedStore(options: EmbeddedStoreOptions): Promise<EmbeddedStore> {
  const dataDir = resolve(options.dataDir);
  const database = options.database ?? 'vouchtrail';
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(database) || database === 'default') {
    throw new TypeError(
      `The database name ${JSON.stringify(database)} is not usable: give letters, digits and underscores, and not "default", which the embedded engine keeps for itself.`,
    );
  }
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await refuseRunning(dataDir);
  const order: ServeOrder = {
    type: 'serve',
    dataDir,
    temporary: options.temporary ?? false,
    database,
    port: 0,
    memoryLimitBytes: options.memoryLimitBytes ?? Math.min(Math.floor(totalmem() / 2), 4 * 1024 ** 3),
    writer: { username: 'vouchtrail', password: secret() },
    reader: { username: 'reader', password: secret() },
  };
  return Supervisor.start(order, options.logger ?? SILENT);
}

const ASK_AGAIN_MS = 200;
/** Orphans end as soon as they notice that they are. */
const ORPHAN_PATIENCE_MS = 10_000;

/** A child whose parent was killed a moment ago may still answer; one that answers for longer has a parent. */
async function refuseRunning(dataDir: string): Promise<void> {
  const began = Date.now();
  for (let attempt = 0; ; attempt++) {
    const running = await readEmbeddedEndpoint(dataDir);
    if (!running) return;
    const isOrphan = !processRuns(running.parentPid) && Date.now() - began < ORPHAN_PATIENCE_MS;
    if (attempt >= 2 && !isOrphan) throw new DataFolderInUseError(dataDir, running.parentPid);
    await delay(ASK_AGAIN_MS);
  }
}
