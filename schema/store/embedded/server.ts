/**
 * The embedded store's child process. It opens the engine on a data folder and serves it until its parent
 * says stop or has gone. Started by start.ts with an IPC channel; everything it must know comes through it.
 */
import { rm } from 'node:fs/promises';
import { Endpoint } from './endpoint.js';
import { EngineNotInstalledError, openEngine } from './engine.js';
import { Executor } from './executor.js';
import { reclaimInactiveParts } from './inactive-parts.js';
import type { ChildMessage, FailureReason, ParentMessage, ServeOrder } from './messages.js';
import { sqlName } from './quoting.js';
import { Spool } from './spool.js';

const STOP_LIMIT_MS = 20_000;

/** What has been opened so far, and how to close it: the last one first. */
const closers: (() => void | Promise<void>)[] = [];
let stopping = false;
let temporary = false;

function tell(message: ChildMessage): void {
  if (process.connected) process.send?.(message);
}

function fail(reason: FailureReason, error: unknown): void {
  tell({ type: 'failed', reason, message: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
  void stop();
}

async function serve(order: ServeOrder): Promise<void> {
  let endpoint: Endpoint;
  let engineVersion: string;
  try {
    const engine = await openEngine(order.dataDir, order.memoryLimitBytes);
    // Only from here on: before, the folder may be another process's.
    temporary = order.temporary;
    if (temporary) closers.push(() => rm(order.dataDir, { recursive: true, force: true, maxRetries: 3 }));
    closers.push(() => engine.close());
    engineVersion = engine.version;
    const session = engine.connect();
    // The database "default" is of a kind that cannot do without the engine's own folder layout.
    await session.queryAsync(`CREATE DATABASE IF NOT EXISTS ${sqlName(order.database)} ENGINE = Atomic`);
    session.close();
    closers.push(
      reclaimInactiveParts(engine, (error) =>
        tell({ type: 'warning', message: 'Old parts could not be removed.', detail: String(error) }),
      ),
    );
    const spool = await Spool.create(order.dataDir);
    closers.push(() => spool.close());
    const executor = await Executor.create(engine, spool, order.database);
    endpoint = new Endpoint(executor, order);
    closers.push(
      () => executor.close(),
      () => endpoint.close(),
    );
  } catch (error) {
    fail(error instanceof EngineNotInstalledError ? 'engine-missing' : 'engine', error);
    return;
  }
  try {
    tell({ type: 'ready', port: await endpoint.listen(order.port), engineVersion });
  } catch (error) {
    fail('port', error);
  }
}

async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  // Nobody is left to end a child that hangs when its parent has been killed.
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), STOP_LIMIT_MS).unref();
  for (const close of closers.reverse()) await close();
  process.exit();
}

// Ctrl-C reaches the whole process group. The parent drains first and still needs the store for it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
process.on('disconnect', () => {
  if (temporary) void stop();
  // The next parent waits for the folder, and closing the engine waits for whatever runs, with the whole process.
  // What was acknowledged is on the disk, and the next start clears the rest.
  else process.kill(process.pid, 'SIGKILL');
});
process.on('message', (message: ParentMessage) => {
  if (message.type === 'serve') void serve(message);
  else void stop();
});
