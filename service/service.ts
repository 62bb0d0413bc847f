import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PortInUseError as ApiPortInUseError, startApi } from '../api/server.js';
import { type Config, isLoopback } from '../config.js';
import { greeting } from './greeting.js';
import { startHealthServer } from './health-server.js';
import { KeyFileError, readOrCreateKey } from './key-file.js';
import type { Logger } from './logger.js';
import { createMetrics } from './metrics.js';
import { AddressDatabaseError } from '../processor/enrich/address-database-error.js';
import { type Processor, startProcessor } from '../processor/processor.js';
import { PortInUseError as OtlpPortInUseError } from '../processor/receiver/port-in-use-error.js';
import { Readiness } from './readiness.js';
import { CorrelationFileError, loadCorrelations } from '../schema/detection/correlation-file.js';
import { type Scheduler, startScheduler } from '../schema/detection/scheduler.js';
import {
  createDatabase,
  type Database,
  type DatabaseOptions,
  openDatabase,
} from '../schema/store/database.js';
import { installDefinitions } from '../schema/store/definitions.js';
import { EmbeddedStoreError } from '../schema/store/embedded/errors.js';
import { type EmbeddedStore, startEmbeddedStore } from '../schema/store/embedded/start.js';
import { StoreError, StoreUnavailableError } from '../schema/store/errors.js';
import { assertSameKey, KeyMismatchError } from '../schema/store/key-fingerprint.js';
import { MigrationError, migrate } from '../schema/store/migrate.js';
import { version } from './version.js';

/** A service that is ready. */
export interface Service {
  /** Without a path: POST to `${otlpHttpUrl}/v1/logs`. Undefined without the processor role. */
  readonly otlpHttpUrl: string | undefined;
  /** Without a path: `${apiUrl}/graphql`. Undefined without the api role. */
  readonly apiUrl: string | undefined;
  /** Without a path: `${healthUrl}/readyz`. The API's where there is one. */
  readonly healthUrl: string;
  readonly dataDir: string;
  readonly database: Database;
  /** Drains: stops receiving, finishes inserts, then ends judging, the API and the store. Safe to call twice. */
  close(): Promise<void>;
}

export interface Surroundings {
  logger: Logger;
  /** Where the greeting goes, once everything answers. */
  out: (text: string) => void;
  /** Take a free port where the configured one is in use, instead of throwing PortBusyError. */
  anyPortIfBusy?: boolean;
  /** Ends a start that waits; StartAbortedError then. */
  signal?: AbortSignal;
}

const longestWaitMs = 5_000;

/** Refused: whoever reaches the ports could send and read everything. */
export class HostNotLoopbackError extends Error {
  constructor(host: string) {
    super(
      `VOUCHTRAIL_HOST is ${JSON.stringify(host)}, which other machines may reach. Until authentication exists, ` +
        'only a loopback address is served: unset VOUCHTRAIL_HOST, or set it to 127.0.0.1, ::1 or localhost. To ' +
        'receive from other machines, run an OpenTelemetry Collector that authenticates its senders on this one.',
    );
    this.name = 'HostNotLoopbackError';
  }
}

/** Another program listens where this one should. */
export class PortBusyError extends Error {
  readonly setting: string;
  readonly port: number;

  constructor(setting: string, port: number, cause: Error) {
    super(
      `Port ${port} is in use by another program. Stop that one, or set ${setting} to another port (0 = any free one).`,
      { cause },
    );
    this.name = 'PortBusyError';
    this.setting = setting;
    this.port = port;
  }
}

/** The data folder cannot be made or written to. */
class DataFolderError extends Error {
  constructor(dataDir: string, cause: NodeJS.ErrnoException) {
    super(
      `The data folder ${dataDir} cannot be used (${cause.code}). Set VOUCHTRAIL_DATA_DIR to a folder that this user ` +
        'may make and write to.',
      { cause },
    );
    this.name = 'DataFolderError';
  }
}

/** The start was given up because its signal asked for that. */
export class StartAbortedError extends Error {
  constructor() {
    super('The start was aborted.');
    this.name = 'StartAbortedError';
  }
}

const explained = [
  HostNotLoopbackError,
  DataFolderError,
  EmbeddedStoreError,
  StoreError,
  MigrationError,
  KeyMismatchError,
  KeyFileError,
  CorrelationFileError,
  AddressDatabaseError,
  PortBusyError,
];

/** What has been opened, to be closed in the opposite order; a failing close does not keep the rest open. */
class OpenParts {
  readonly #parts: [name: string, close: () => Promise<void>][] = [];
  readonly #logger: Logger;
  #closed: Promise<void> | undefined;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  add(name: string, close: () => Promise<void>): void {
    this.#parts.push([name, close]);
  }

  close(): Promise<void> {
    this.#closed ??= this.#closeAll();
    return this.#closed;
  }

  async #closeAll(): Promise<void> {
    for (const [name, close] of this.#parts.reverse()) {
      try {
        await close();
      } catch (error) {
        this.#logger.error({ err: error, part: name }, 'could not be closed');
      }
    }
  }
}

/**
 * Starts what the configuration asks for, in the order in which the parts need one another: store, API (so
 * that /readyz can say "starting"), migrations, definitions, key, scheduler, processor.
 *
 * @returns when everything answers
 * @throws HostNotLoopbackError, StartAbortedError, or the typed error of the part that could not start, after
 *   what had been started is closed again
 */
export async function startService(config: Config, surroundings: Surroundings): Promise<Service> {
  if (!isLoopback(config.host)) throw new HostNotLoopbackError(config.host);
  const parts = new OpenParts(surroundings.logger);
  try {
    return await start(config, surroundings, parts);
  } catch (error) {
    await parts.close();
    throw surroundings.signal?.aborted === true ? new StartAbortedError() : error;
  }
}

async function start(config: Config, surroundings: Surroundings, parts: OpenParts): Promise<Service> {
  const { logger, out, anyPortIfBusy = false, signal } = surroundings;
  const { host, roles } = config;
  const correlations = await loadCorrelations();
  const { options, embedded } = await startStore(config, logger, parts);
  const database = openDatabase(options);
  parts.add('database', () => database.close());
  const key = config.key ?? (await readOrCreateKey(config.dataDir, (warning) => logger.warn(warning)));

  let processor: Processor | undefined;
  let scheduler: Scheduler | undefined;
  const readiness = new Readiness(
    database,
    () => embedded?.ready !== false,
    () => processor?.canStore !== false,
  );
  const metrics = createMetrics({
    version,
    processor: () => processor?.counters,
    cursorLagMs: () => scheduler?.status().cursorLagMs,
    storeAnswers: () => readiness.storeAnswers(),
    storeRestarts: () => embedded?.restarts ?? 0,
  });
  parts.add('metrics', () => metrics.close());

  const routes = { host, logger, version, readiness: () => readiness.report(), metrics: metrics.render };
  const withApi = roles.includes('api');
  const web = await onPort('VOUCHTRAIL_API_PORT', config.apiPort, anyPortIfBusy, (port) =>
    withApi ? startApi({ ...routes, port, database, correlations }) : startHealthServer({ ...routes, port }),
  );
  parts.add('API', () => web.close());

  await whenStoreAnswers(options.url, surroundings, async () => {
    if (embedded === undefined) await createDatabase(options);
    for (const { version, name } of await migrate(database)) logger.info({ version, name }, 'migrated');
    await installDefinitions(database);
    await assertSameKey(database, key);
  });

  if (roles.includes('scheduler')) {
    const started = startScheduler({
      database,
      correlations,
      logger,
      onRun: (outcome) => outcome.correlations.forEach(metrics.correlationRan),
    });
    parts.add('scheduler', () => started.close());
    scheduler = started;
  }
  if (roles.includes('processor')) {
    const started = await onPort(
      'VOUCHTRAIL_OTLP_HTTP_PORT',
      config.otlpHttpPort,
      anyPortIfBusy,
      (otlpHttpPort) =>
        startProcessor({ database, key, host, otlpHttpPort, logger, ...addressDatabases(config) }),
    );
    parts.add('processor', () => started.close());
    processor = started;
  }
  signal?.throwIfAborted();
  readiness.phase = 'ready';

  const urls = {
    otlpHttpUrl: processor?.otlpHttp.url,
    apiUrl: withApi ? web.url : undefined,
    healthUrl: web.url,
  };
  out(greeting({ version, ...urls, ...whereDataIs(config) }));
  return {
    ...urls,
    dataDir: config.dataDir,
    database,
    close: () => {
      readiness.phase = 'draining';
      return parts.close();
    },
  };
}

interface Store {
  options: DatabaseOptions;
  embedded: EmbeddedStore | undefined;
}

async function startStore({ store, dataDir }: Config, logger: Logger, parts: OpenParts): Promise<Store> {
  if (store.kind === 'external') return { options: store, embedded: undefined };
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    await access(dataDir, constants.W_OK);
  } catch (error) {
    throw new DataFolderError(dataDir, error as NodeJS.ErrnoException);
  }
  const embedded = await startEmbeddedStore({ dataDir, database: store.database, logger });
  parts.add('embedded store', () => embedded.stop());
  const { url, username, password, database } = embedded;
  return { options: { url, username, password, database }, embedded };
}

/**
 * Prepares the store, again and again while it does not answer: where program and server start together, the
 * server is often the slower one. Whatever else goes wrong is thrown.
 */
async function whenStoreAnswers(
  url: string,
  { logger, signal }: Surroundings,
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

async function onPort<T>(
  setting: string,
  port: number,
  anyIfBusy: boolean,
  open: (port: number) => Promise<T>,
): Promise<T> {
  try {
    return await open(port);
  } catch (error) {
    if (!(error instanceof ApiPortInUseError || error instanceof OtlpPortInUseError)) throw error;
    if (anyIfBusy) return await open(0);
    throw new PortBusyError(setting, port, error);
  }
}

function addressDatabases({ geoDb, asnDb }: Config): { geoDb?: string; asnDb?: string } {
  return { ...(geoDb === undefined ? {} : { geoDb }), ...(asnDb === undefined ? {} : { asnDb }) };
}

function whereDataIs({ store, dataDir }: Config): { dataIn: string; sqlEnvironment: string[] } {
  if (store.kind === 'external')
    return { dataIn: `${store.url} (database ${store.database})`, sqlEnvironment: [] };
  const usual = dataDir === resolve('data');
  return { dataIn: dataDir, sqlEnvironment: usual ? [] : [`VOUCHTRAIL_DATA_DIR=${dataDir}`] };
}

/** Whether an error of the start says by itself what was wrong and what to do, so that no stack is needed. */
export function isExplained(error: unknown): error is Error {
  return explained.some((kind) => error instanceof kind);
}
