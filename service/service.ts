import { resolve } from 'node:path';
import { startApi } from '../api/server.js';
import { type Config, isLoopback } from '../config.js';
import type { EnrichPolicy } from '../processor/enrich/enrich.js';
import { type Processor, startProcessor } from '../processor/processor.js';
import { type CorrelationFile, loadCorrelations } from '../schema/detection/correlation-file.js';
import { startScheduler } from '../schema/detection/scheduler.js';
import type { Database } from '../schema/store/database.js';
import { greeting } from './greeting.js';
import { startHealthServer } from './health-server.js';
import { readOrCreateKey } from './key-file.js';
import type { Logger } from './logger.js';
import type { Metrics } from './metrics/metrics.js';
import { observe, type RunningParts } from './observed.js';
import { OpenParts } from './open-parts.js';
import { enrichPolicy, enrichPolicyOf, readPolicyFile } from './policy.js';
import { onPorts } from './ports.js';
import { prepareStore, repairAfterExits } from './prepare-store.js';
import type { Readiness } from './readiness.js';
import { followRequests } from './request-id.js';
import { HostNotLoopbackError, StartAbortedError } from './start-errors.js';
import { openStore, type Store, whenStoreAnswers } from './store.js';
import { openTraces, type Traces } from './traces/open-traces.js';
import { version } from './version.js';

export { HostNotLoopbackError, isExplained, PortBusyError, StartAbortedError } from './start-errors.js';

/** A service that is ready. */
export interface Service {
  /** Without a path: POST to `${otlpHttpUrl}/v1/logs`. Undefined without the processor role. */
  readonly otlpHttpUrl: string | undefined;
  /** `http://127.0.0.1:4317`, as exporters take it. Undefined without the processor role. */
  readonly otlpGrpcUrl: string | undefined;
  /** Without a path: `${apiUrl}/graphql`. Undefined without the api role. */
  readonly apiUrl: string | undefined;
  /** Without a path: `${healthUrl}/readyz`. The API's where there is one. */
  readonly healthUrl: string;
  readonly dataDir: string;
  /** Undefined where nothing is stored. */
  readonly database: Database | undefined;
  /** Drains: stops receiving, finishes inserts, then ends judging, the API and the store. Safe to call twice. */
  close(): Promise<void>;
}

export interface Surroundings {
  logger: Logger;
  /** Where the greeting goes, once everything answers. */
  out: (text: string) => void;
  /** Take a free port where a configured one is in use, instead of throwing PortBusyError. */
  anyPortIfBusy?: boolean;
  /** Ends a start that waits; StartAbortedError then. */
  signal?: AbortSignal;
}

const portSettings = {
  otlpHttp: 'VOUCHTRAIL_OTLP_HTTP_PORT',
  otlpGrpc: 'VOUCHTRAIL_OTLP_GRPC_PORT',
} as const;

/**
 * Starts what the configuration asks for, in the order in which the parts need one another: store, API (so
 * that /readyz can say "starting"), tables, key, policy, scheduler, processor.
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
  const { logger, out, signal } = surroundings;
  const traces = await openTraces(logger);
  if (traces !== undefined) parts.add('traces', () => traces.close());
  const policyFile = config.policyFile === undefined ? undefined : await readPolicyFile(config.policyFile);
  const correlations = await loadCorrelations();
  const running: RunningParts = {};
  if (config.store.kind !== 'off') running.store = await openStore(config, config.store, logger, parts);
  const { store } = running;
  parts.add('request ids', followRequests());
  const { readiness, metrics } = observe(running, config, correlations);
  parts.add('metrics', () => metrics.close());
  const web = await startWeb({ config, surroundings, correlations, readiness, metrics, store, traces });
  parts.add('API', () => web.close());

  let key = config.key;
  let policy: EnrichPolicy = policyFile === undefined ? {} : enrichPolicyOf(policyFile);
  if (store !== undefined) {
    const storeKey = key ?? (await readOrCreateKey(config.dataDir, (warning) => logger.warn(warning)));
    await whenStoreAnswers(store.options.url, surroundings, async () => {
      const inForce = await prepareStore(store, { config, key: storeKey, policyFile, logger });
      policy = enrichPolicy(inForce, logger);
    });
    key = storeKey;
    parts.add('repair', repairAfterExits(store, logger));
  }
  if (config.roles.includes('scheduler') && store !== undefined) {
    const scheduler = startScheduler({
      database: traces?.forDetection(store.database) ?? store.database,
      correlations,
      logger,
      retentionDays: shortestRetention(config),
      onRun: (outcome, seconds) => {
        outcome.correlations.forEach(metrics.correlationRan);
        traces?.detectionRan(outcome, seconds);
      },
    });
    parts.add('scheduler', () => scheduler.close());
    running.scheduler = scheduler;
  }
  if (config.roles.includes('processor')) {
    const processor = await startReceiving(config, surroundings, { store, key, policy, traces });
    parts.add('processor', () => processor.close());
    running.processor = processor;
  }
  signal?.throwIfAborted();
  readiness.phase = 'ready';

  const urls = {
    otlpHttpUrl: running.processor?.otlpHttp.url,
    otlpGrpcUrl: running.processor?.otlpGrpc?.url,
    apiUrl: config.roles.includes('api') ? web.url : undefined,
    healthUrl: web.url,
  };
  out(greeting({ version, ...urls, forwardTo: config.forward?.url, ...whereDataIs(config) }));
  return {
    ...urls,
    dataDir: config.dataDir,
    database: store?.database,
    close: () => {
      readiness.phase = 'draining';
      return parts.close();
    },
  };
}

/** Of any part of an event, in days: what is held back from it must be renewed before. */
function shortestRetention({ retention: { events, evidence, raw } }: Config): number {
  return Math.min(events, evidence, raw);
}

interface Web {
  config: Config;
  surroundings: Surroundings;
  correlations: readonly CorrelationFile[];
  readiness: Readiness;
  metrics: Metrics;
  store: Store | undefined;
  traces: Traces | undefined;
}

/** The API, or where this process has none, the health, readiness and metrics that it would serve as well. */
function startWeb({ config, surroundings, correlations, readiness, metrics, store, traces }: Web) {
  const { host, roles, apiPort } = config;
  const { logger, anyPortIfBusy = false } = surroundings;
  const routes = { host, logger, version, readiness: () => readiness.report(), metrics: metrics.render };
  const database = roles.includes('api') ? store?.database : undefined;
  const watched = traces === undefined ? {} : { onOperation: traces.onOperation };
  return onPorts({ VOUCHTRAIL_API_PORT: apiPort }, anyPortIfBusy, ({ VOUCHTRAIL_API_PORT: port }) =>
    database === undefined
      ? startHealthServer({ ...routes, port })
      : startApi({ ...routes, port, database, correlations, ...watched }),
  );
}

interface Destination {
  store: Store | undefined;
  key: string | undefined;
  policy: EnrichPolicy;
  traces: Traces | undefined;
}

/** The processor, in front of the store, of the next receiver, or of both. */
function startReceiving(
  config: Config,
  { logger, anyPortIfBusy = false }: Surroundings,
  { store, key, policy, traces }: Destination,
): Promise<Processor> {
  const { host, geoDb, asnDb, networkLists } = config;
  const forward = config.forward && { ...config.forward, version };
  const ports = {
    [portSettings.otlpHttp]: config.otlpHttpPort,
    [portSettings.otlpGrpc]: config.otlpGrpcPort,
  };
  return onPorts(ports, anyPortIfBusy, (free) => {
    const receiving = {
      host,
      otlpHttpPort: free[portSettings.otlpHttp],
      otlpGrpcPort: free[portSettings.otlpGrpc],
      portSettings,
      policy,
      logger,
      ...(traces === undefined ? {} : { onRequest: traces.onRequest }),
      ...(geoDb === undefined ? {} : { geoDb }),
      ...(asnDb === undefined ? {} : { asnDb }),
      ...(networkLists === undefined ? {} : { networkLists }),
    };
    if (store !== undefined && key !== undefined) {
      const database = traces?.forInserts(store.database) ?? store.database;
      const stored = { database, key, ...(store.disk && { hindrance: store.disk }) };
      return startProcessor({ ...receiving, ...stored, ...(forward && { forward }) });
    }
    if (forward === undefined)
      throw new TypeError('The records have nowhere to go: no store, no next receiver.');
    return startProcessor({ ...receiving, forward, ...(key === undefined ? {} : { key }) });
  });
}

function whereDataIs({ store, dataDir }: Config): { dataIn: string | undefined; sqlEnvironment: string[] } {
  if (store.kind === 'off') return { dataIn: undefined, sqlEnvironment: [] };
  if (store.kind === 'external')
    return { dataIn: `${store.url} (database ${store.database})`, sqlEnvironment: [] };
  const usual = dataDir === resolve('data');
  return { dataIn: dataDir, sqlEnvironment: usual ? [] : [`VOUCHTRAIL_DATA_DIR=${dataDir}`] };
}
