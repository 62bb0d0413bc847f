import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { type Child, spawnChild } from './child-process.js';
import { removeEndpointFile, writeEndpointFile } from './endpoint-file.js';
import { DataFolderInUseError, EmbeddedStoreError, EngineMissingError } from './errors.js';
import type { ChildMessage, ServeOrder } from './messages.js';
import { memoryFolderOf } from './spool.js';

/** Where the store says what happens to its child; a pino logger fits. */
export interface StoreLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface ChildExit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** An embedded store that runs. URL and passwords stay the same when its child has to be started again. */
export interface EmbeddedStore {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  readonly database: string;
  /** A user that can read and nothing else. */
  readonly reader: { readonly username: string; readonly password: string };
  /** The child that runs now; undefined while none does. */
  readonly pid: number | undefined;
  /** False while the child is down: requests fail at once then. */
  readonly ready: boolean;
  /** How often the child had to be started again. */
  readonly restarts: number;
  /** Calls the listener at each unexpected end of the child. @returns takes the listener away */
  onExit(listener: (exit: ChildExit) => void): () => void;
  /** Resolves when the store answers; rejects with EmbeddedStoreError after the timeout or when stopped. */
  whenReady(timeoutMs?: number): Promise<void>;
  /** Ends the child after its statements have been stopped. Safe to call twice. */
  stop(): Promise<void>;
}

/** The folder's lock outlives a killed parent until its child has ended: so long is it worth trying again. */
const LOCK_PATIENCE_MS = 10_000;
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 15_000;
const MAX_BACKOFF_MS = 5_000;
/** A child that ran so long earns a fresh start of the backoff. */
const STABLE_MS = 30_000;

/** Starts the child, watches it, and starts it again when it dies. */
export class Supervisor implements EmbeddedStore {
  readonly username: string;
  readonly password: string;
  readonly database: string;
  readonly reader: { readonly username: string; readonly password: string };
  readonly #logger: StoreLogger;
  readonly #listeners = new Set<(exit: ChildExit) => void>();
  readonly #wakeUp = new AbortController();
  #order: ServeOrder;
  #child: Child | undefined;
  #ready = false;
  #restarts = 0;
  #stopped: Promise<void> | undefined;
  #waiting: (() => void)[] = [];

  static async start(order: ServeOrder, logger: StoreLogger): Promise<EmbeddedStore> {
    const supervisor = new Supervisor(order, logger);
    const deadline = Date.now() + LOCK_PATIENCE_MS;
    for (;;) {
      try {
        await supervisor.#launch();
        return supervisor;
      } catch (error) {
        if (!(error instanceof DataFolderInUseError) || Date.now() > deadline) throw error;
        await delay(250);
      }
    }
  }

  private constructor(order: ServeOrder, logger: StoreLogger) {
    this.#order = order;
    this.#logger = logger;
    this.username = order.writer.username;
    this.password = order.writer.password;
    this.database = order.database;
    this.reader = order.reader;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#order.port}`;
  }

  get pid(): number | undefined {
    return this.#child?.process.pid;
  }

  get ready(): boolean {
    return this.#ready;
  }

  get restarts(): number {
    return this.#restarts;
  }

  onExit(listener: (exit: ChildExit) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async whenReady(timeoutMs = 30_000): Promise<void> {
    if (this.#ready) return;
    if (!this.#stopped) {
      const ready = new Promise<void>((resolve) => this.#waiting.push(resolve));
      await Promise.race([ready, delay(timeoutMs, undefined, { ref: false })]);
    }
    if (!this.#ready) {
      throw new EmbeddedStoreError(
        this.#stopped
          ? 'The embedded store has been stopped.'
          : `The embedded store on ${this.#order.dataDir} did not come back within ${timeoutMs} ms.`,
      );
    }
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#end();
    return this.#stopped;
  }

  async #launch(): Promise<void> {
    const child = spawnChild();
    this.#child = child;
    child.process.on('error', (error) =>
      this.#logger.error({ err: error }, 'The embedded store cannot be told.'),
    );
    try {
      const port = await handshake(child, this.#order);
      this.#order = { ...this.#order, port };
    } catch (error) {
      this.#child = undefined;
      child.process.kill('SIGKILL');
      throw error;
    }
    const startedAt = Date.now();
    child.process.once('exit', (code, signal) => this.#onExit({ code, signal }, startedAt));
    child.process.on('message', (message: ChildMessage) => {
      if (message.type === 'warning') this.#logger.warn({ detail: message.detail }, message.message);
    });
    await writeEndpointFile(this.#order.dataDir, {
      url: this.url,
      database: this.database,
      ...this.reader,
      pid: child.process.pid as number,
      parentPid: process.pid,
    });
    if (child.process.exitCode !== null || child.process.signalCode !== null) return;
    this.#ready = true;
    this.#logger.info({ pid: child.process.pid, url: this.url }, 'The embedded store is ready.');
    this.#release();
  }

  #onExit(exit: ChildExit, startedAt: number): void {
    const said = this.#child?.stderr().trim();
    this.#ready = false;
    this.#child = undefined;
    if (this.#stopped) return;
    this.#logger.error({ ...exit, said }, 'The embedded store ended unexpectedly and is started again.');
    for (const listener of this.#listeners) listener(exit);
    void this.#restart(Date.now() - startedAt > STABLE_MS ? 0 : Math.min(this.#restarts, 6));
  }

  async #restart(attempt: number): Promise<void> {
    this.#restarts++;
    while (!this.#stopped) {
      try {
        await delay(Math.min(100 * 2 ** attempt, MAX_BACKOFF_MS), undefined, { signal: this.#wakeUp.signal });
        if (this.#stopped) return;
        await this.#launch();
        return;
      } catch (error) {
        if (this.#stopped) return;
        attempt++;
        this.#logger.error(
          { err: error },
          'The embedded store could not be started again; the next try follows.',
        );
      }
    }
  }

  async #end(): Promise<void> {
    this.#ready = false;
    this.#wakeUp.abort();
    this.#release();
    const child = this.#child?.process;
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      if (child.connected) child.send({ type: 'stop' });
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(timer);
    }
    await removeEndpointFile(this.#order.dataDir);
    if (!this.#order.temporary) return;
    // A child that was down at the end could not. Of a lasting folder, the next start clears what is left.
    for (const folder of [this.#order.dataDir, memoryFolderOf(this.#order.dataDir)]) {
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    }
  }

  #release(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/** Sends the order and waits for the port. Throws the typed reason when the child gives up. */
function handshake(child: Child, order: ServeOrder): Promise<number> {
  const { process: child_ } = child;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      done();
      reject(
        new EmbeddedStoreError(
          `The embedded store on ${order.dataDir} did not start in ${START_TIMEOUT_MS} ms.`,
        ),
      );
    }, START_TIMEOUT_MS);
    const onMessage = (message: ChildMessage) => {
      if (message.type === 'ready') {
        done();
        resolve(message.port);
      } else if (message.type === 'failed') {
        done();
        // The engine says why on stderr alone, which may arrive after the message.
        child_.once('close', () => reject(startError(order, message, child.stderr())));
      }
    };
    const onExit = (code: number | null, signal: string | null) => {
      done();
      reject(
        new EmbeddedStoreError(
          `The embedded store on ${order.dataDir} ended while it started (code ${code}, signal ${signal}): ${child.stderr().trim()}`,
        ),
      );
    };
    const done = () => {
      clearTimeout(timer);
      child_.off('message', onMessage);
      child_.off('exit', onExit);
      child_.off('error', reject);
    };
    child_.on('message', onMessage);
    child_.once('exit', onExit);
    child_.once('error', reject);
    child_.send(order);
  });
}

function startError(
  order: ServeOrder,
  failure: ChildMessage & { type: 'failed' },
  stderr: string,
): EmbeddedStoreError {
  if (failure.reason === 'engine-missing') return new EngineMissingError(failure.message);
  if (/Cannot lock file/.test(stderr)) return new DataFolderInUseError(order.dataDir, undefined);
  return new EmbeddedStoreError(
    `The embedded store on ${order.dataDir} could not start: ${failure.message} ${stderr.trim()}`.trim(),
  );
}
