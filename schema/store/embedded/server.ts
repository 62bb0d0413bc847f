/**
 * The embedded store's child process. It opens the engine on a data folder and serves it until its parent
 * says stop or has gone. Started by start.ts with an IPC channel; everything it must know comes through it.
 */
import { rm } from 'node:fs/promises';
import { Endpoint } from './endpoint.js';
import { type Engine, EngineNotInstalledError, openEngine } from './engine.js';
import { reclaimInactiveParts } from './inactive-parts.js';
import type { ChildMessage, FailureReason, ParentMessage, ServeOrder } from './messages.js';

const STOP_LIMIT_MS = 20_000;

let engine: Engine | undefined;
let endpoint: Endpoint | undefined;
let stopReclaiming: (() => Promise<void>) | undefined;
let temporaryFolder: string | undefined;
let stopping = false;

function tell(message: ChildMessage): void {
  if (process.connected) process.send?.(message);
}

function fail(reason: FailureReason, error: unknown): void {
  tell({ type: 'failed', reason, message: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
  void stop();
}

async function serve(order: ServeOrder): Promise<void> {
  try {
    engine = await openEngine(order.dataDir, order.memoryLimitBytes);
    // Only now: before, the folder may be another process's.
    if (order.temporary) temporaryFolder = order.dataDir;
    const session = engine.connect();
    await session.queryAsync(`CREATE DATABASE IF NOT EXISTS \`${order.database}\` ENGINE = Atomic`);
    session.close();
    stopReclaiming = reclaimInactiveParts(engine, (error) =>
      tell({ type: 'warning', message: 'Old parts could not be removed.', detail: String(error) }),
    );
    endpoint = await Endpoint.create({ engine, ...order });
  } catch (error) {
    fail(error instanceof EngineNotInstalledError ? 'engine-missing' : 'engine', error);
    return;
  }
  try {
    const port = await endpoint.listen(order.port);
    tell({ type: 'ready', port, engineVersion: engine.version });
  } catch (error) {
    fail('port', error);
  }
}

async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  // Nobody is left to end a child that hangs when its parent has been killed.
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), STOP_LIMIT_MS).unref();
  await endpoint?.close();
  await stopReclaiming?.();
  await engine?.close();
  if (temporaryFolder !== undefined)
    await rm(temporaryFolder, { recursive: true, force: true, maxRetries: 3 });
  process.exit();
}

// Ctrl-C reaches the whole process group. The parent drains first and still needs the store for it.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.on('SIGHUP', () => {});
process.on('disconnect', () => void stop());
process.on('message', (message: ParentMessage) => {
  if (message.type === 'serve') void serve(message);
  else void stop();
});
