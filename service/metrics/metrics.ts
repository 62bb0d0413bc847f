import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Meter } from '@opentelemetry/api';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import type { CorrelationOutcome } from '../../schema/detection/run.js';
import { insertSeconds } from './insert-histogram.js';
import { loopDelayResolutionMs, processCounters, processGauges } from './process-readings.js';
import {
  forwardingCounters,
  forwardingGauges,
  intakeCounters,
  type MeasuredProcessor,
  queueGauges,
  storingCounters,
} from './processor-readings.js';
import type { Reading } from './reading.js';
import { type StoreSources, storeCounters, storeGauges } from './store-readings.js';

// docs/metrics.md lists every name and label; a test compares it with what scrapes hold.

/** Where the figures are read at each scrape. */
export interface MetricSources {
  readonly version: string;
  readonly processor: MeasuredProcessor;
  /** Whether records go on to another receiver. */
  readonly forwards: boolean;
  /** Undefined where nothing is stored. */
  readonly store: StoreSources | undefined;
  /** Ids of those that run here. */
  readonly correlations: readonly string[];
}

export interface Metrics {
  /** Counts a run of a correlation that has ended. */
  correlationRan(run: CorrelationOutcome): void;
  /** Prometheus text format 0.0.4. */
  render(): Promise<string>;
  close(): Promise<void>;
}

/** The service's own metrics. */
export function createMetrics(sources: MetricSources): Metrics {
  const { version, processor, forwards, store } = sources;
  const loopDelay = monitorEventLoopDelay({ resolution: loopDelayResolutionMs });
  loopDelay.enable();
  const reader = new PrometheusExporter({
    preventServerStart: true,
    metricProducers:
      store === undefined ? [] : [{ collect: async () => insertSeconds(processor()?.counters) }],
  });
  const provider = new MeterProvider({ readers: [reader] });
  const meter = provider.getMeter('vouchtrail');
  counters(meter, [
    ...intakeCounters(processor),
    ...(forwards ? forwardingCounters(processor) : []),
    ...(store === undefined ? [] : [...storingCounters(processor), ...storeCounters(store)]),
    ...processCounters(),
  ]);
  gauges(meter, [
    ...processGauges(version, loopDelay),
    ...(forwards ? forwardingGauges(processor) : []),
    ...(store === undefined ? [] : [...queueGauges(processor), ...storeGauges(store)]),
  ]);
  // Without target_info and scope labels: one service, one scope, and every label costs each query a match.
  const serializer = new PrometheusSerializer(undefined, false, undefined, true, true);
  return {
    correlationRan: correlationMetrics(meter, sources.correlations),
    render: async () => {
      const { resourceMetrics, errors } = await reader.collect();
      if (errors.length > 0) throw new AggregateError(errors, 'some metrics could not be read');
      return serializer.serialize(resourceMetrics);
    },
    close: async () => {
      loopDelay.disable();
      await provider.shutdown();
    },
  };
}

function counters(meter: Meter, readings: readonly Reading[]): void {
  for (const [name, description, read] of readings) {
    const counter = meter.createObservableCounter(name, { description });
    counter.addCallback((result) => read(result.observe.bind(result)));
  }
}

function gauges(meter: Meter, readings: readonly Reading[]): void {
  for (const [name, description, read] of readings) {
    const gauge = meter.createObservableGauge(name, { description });
    gauge.addCallback((result) => read(result.observe.bind(result)));
  }
}

function correlationMetrics(meter: Meter, correlations: readonly string[]): Metrics['correlationRan'] {
  const runs = meter.createCounter('vouchtrail_correlation_runs', {
    description: 'Correlation runs that ended',
  });
  const rowsRead = meter.createCounter('vouchtrail_correlation_rows_read', {
    description: 'Rows that correlation runs read',
  });
  const findings = meter.createCounter('vouchtrail_findings', {
    description: 'Findings that correlation runs raised or withdrew',
  });
  const seconds = meter.createHistogram('vouchtrail_correlation_run_seconds', {
    description: 'Seconds that a correlation run took',
    advice: { explicitBucketBoundaries: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] },
  });
  // From the start, at 0: Prometheus sees no increase in a series that begins with its first count.
  for (const correlation of correlations) {
    for (const result of ['ok', 'error']) runs.add(0, { correlation, result });
    for (const change of ['raised', 'withdrawn']) findings.add(0, { correlation, change });
    rowsRead.add(0, { correlation });
  }
  return ({ correlation, error, ...run }) => {
    runs.add(1, { correlation, result: error === '' ? 'ok' : 'error' });
    rowsRead.add(run.rowsRead, { correlation });
    findings.add(run.raised, { correlation, change: 'raised' });
    findings.add(run.withdrawn, { correlation, change: 'withdrawn' });
    seconds.record(run.durationMs / 1000, { correlation });
  };
}
