import { resolve } from 'node:path';
import { startApi } from '../api/server.js';
import { type Config, isLoopback } from '../config.js';
import { type Processor, type ProcessorOptions, startProcessor } from '../processor/processor.js';
import { type CorrelationFile, loadCorrelations } from '../schema/detection/correlation-file.js';
import { type Scheduler, startScheduler } from '../schema/detection/scheduler.js';
import type { Database } from '../schema/store/database.js';
import { greeting } from './greeting.js';
import { startHealthServer } from './health-server.js';
import { readOrCreateKey } from './key-file.js';
import type { Logger } from './logger.js';
import { createMetrics, type Metrics } from './metrics/metrics.js';
import { OpenParts } from './open-parts.js';
import { enrichPolicyOf, readPolicyFile } from './policy.js';
import { onPorts } from './ports.js';
import { prepareStore, repairAfterRestarts } from './prepare-store.js';
import { Readiness } from './readiness.js';
import { HostNotLoopbackError, StartAbortedError } from './start-errors.js';
import { openStore, type Store, whenStoreAnswers } from './store.js';
import { storeFigures } from './store-figures.js';
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
    return await new Start(config, surroundings, parts).run();
  } catch (error) {
    await parts.close();
    throw surroundings.signal?.aborted === true ? new StartAbortedError() : error;
  }
}

/** A start under way: what has been started so far. */
class Start {
  readonly #config: Config;
  readonly #surroundings: Surroundings;
  readonly #parts: OpenParts;
  #store: Store | undefined;
  #processor: Processor | undefined;
  #scheduler: Scheduler | undefined;

  constructor(config: Config, surroundings: Surroundings, parts: OpenParts) {
    this.#config = config;
    this.#surroundings = surroundings;
    this.#parts = parts;
  }

  async run(): Promise<Service> {
    const { roles, dataDir, store: storeConfig, policyFile } = this.#config;
    const { logger, out, signal } = this.#surroundings;
    const policy = policyFile === undefined ? undefined : await readPolicyFile(policyFile);
    const correlations = await loadCorrelations();
    if (storeConfig.kind !== 'off') {
      this.#store = await openStore(this.#config, storeConfig, logger, this.#parts);
    }
    const store = this.#store;
    const readiness = this.#readiness();
    const metrics = this.#metrics(readiness);
    const web = await this.#startWeb(readiness, metrics, correlations);
    let destination: Pick<ProcessorOptions, 'database' | 'key' | 'policy'> = this.#unstored(policy);
    if (store !== undefined) {
      const key = this.#config.key ?? (await readOrCreateKey(dataDir, (warning) => logger.warn(warning)));
      await whenStoreAnswers(store.options.url, this.#surroundings, async () => {
        destination = await prepareStore(store, { key, policy, config: this.#config, logger });
      });
      this.#parts.add('repair', repairAfterRestarts(store, logger));
    }
  }
}
