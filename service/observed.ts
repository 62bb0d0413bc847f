import type { Config } from '../config.js';
import type { Processor } from '../processor/processor.js';
import type { CorrelationFile } from '../schema/detection/correlation-file.js';
import type { Scheduler } from '../schema/detection/scheduler.js';
import { createMetrics, type Metrics } from './metrics/metrics.js';
import { Readiness } from './readiness.js';
import type { Store } from './store.js';
import { storeFigures } from './store-figures.js';
import { version } from './version.js';

/** The parts that run, as far as they have been started. */
export interface RunningParts {
  store?: Store;
  processor?: Processor;
  scheduler?: Scheduler;
}

/** Readiness and metrics of parts; both ask them when they are asked, so that parts may start later. */
export function observe(
  parts: RunningParts,
  { forward, roles }: Config,
  correlations: readonly CorrelationFile[],
): { readiness: Readiness; metrics: Metrics } {
  const { store } = parts;
  const judges = roles.includes('scheduler') && store !== undefined;
  const readiness = new Readiness({
    database: store?.database,
    storeRuns: () => store?.embedded?.ready !== false,
    disk: () => store?.disk,
    processor: () => parts.processor,
    scheduler: () => parts.scheduler?.status(),
  });
  const metrics = createMetrics({
    version,
    processor: () => parts.processor,
    forwards: forward !== undefined,
    store: store && {
      storeAnswers: async () => (await readiness.storeAnswers()) === true,
      storeRestarts: () => store.embedded?.restarts,
      disk: () => store.disk,
      cursorLagMs: () => parts.scheduler?.status().cursorLagMs,
      // Figures of the whole store: those who judge show them, not every receiver and API beside.
      figures: judges ? storeFigures(store.database) : async () => undefined,
    },
    correlations: judges ? correlations.map(({ id }) => id) : [],
  });
  return { readiness, metrics };
}
