import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type Attributes, ValueType } from '@opentelemetry/api';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { emptyResource } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  DataPointType,
  type HistogramMetricData,
  MeterProvider,
} from '@opentelemetry/sdk-metrics';
import type { ProcessorCounters } from '../processor/counters.js';
import type { CorrelationOutcome } from '../schema/detection/run.js';

// docs/metrics.md lists every name; a test compares it with what a scrape holds.

/** Where the figures are read at each scrape; undefined while (or because) that part does not run here. */
export interface MetricSources {
  version: string;
  processor: () => ProcessorCounters | undefined;
  /** Milliseconds by which judging is behind. */
  cursorLagMs: () => number | undefined;
  storeAnswers: () => Promise<boolean>;
  storeRestarts: () => number;
}

export interface Metrics {
  /** Counts a run of a correlation that has ended. */
  correlationRan(run: CorrelationOutcome): void;
  /** Prometheus text format 0.0.4. */
  render(): Promise<string>;
  close(): Promise<void>;
}

type Observe = (value: number, labels?: Attributes) => void;
type Reading = [name: string, description: string, read: (observe: Observe) => void | Promise<void>];

const loopDelayResolutionMs = 20;

/**
 * The service's own metrics. What the processor counts is plain state that is read at scrape time, so that
 * counting costs the hot path nothing.
 */
export function createMetrics(sources: MetricSources): Metrics {
  const loopDelay = monitorEventLoopDelay({ resolution: loopDelayResolutionMs });
  loopDelay.enable();
  const reader = new PrometheusExporter({
    preventServerStart: true,
    metricProducers: [{ collect: async () => insertSeconds(sources.processor()) }],
  });
  const provider = new MeterProvider({ readers: [reader] });
  const meter = provider.getMeter('vouchtrail');
  for (const [name, description, read] of [...processorCounters(sources), ...processCounters(sources)]) {
    meter
      .createObservableCounter(name, { description })
      .addCallback((result) => read(result.observe.bind(result)));
  }
  for (const [name, description, read] of [...serviceGauges(sources), ...processGauges(loopDelay)]) {
    meter
      .createObservableGauge(name, { description })
      .addCallback((result) => read(result.observe.bind(result)));
  }
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
  // Without target_info and scope labels: one service, one scope, and every label costs each query a match.
  const serializer = new PrometheusSerializer(undefined, false, undefined, true, true);
  return {
    correlationRan: ({ correlation, error, ...run }) => {
      runs.add(1, { correlation, result: error === '' ? 'ok' : 'error' });
      rowsRead.add(run.rowsRead, { correlation });
      findings.add(run.raised, { correlation, change: 'raised' });
      findings.add(run.withdrawn, { correlation, change: 'withdrawn' });
      seconds.record(run.durationMs / 1000, { correlation });
    },
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

function processorCounters({ processor }: MetricSources): Reading[] {
  const reading = (
    name: string,
    description: string,
    read: (counters: ProcessorCounters, observe: Observe) => void,
  ): Reading => [
    `vouchtrail_${name}`,
    description,
    (observe) => {
      const counters = processor();
      if (counters !== undefined) read(counters, observe);
    },
  ];
  return [
    reading('events_accepted', 'Events stored', ({ accepted }, observe) => {
      for (const [source, count] of accepted) observe(count, { source });
    }),
    reading('dead_letters', 'Records that should have been understood and were not', (counters, observe) => {
      for (const [source, count] of counters.deadLetters) observe(count, { source: source || 'unknown' });
    }),
    reading(
      'records_unrecognised',
      'Records that are not about identity: counted, not stored',
      (counters, observe) => observe(counters.unrecognised),
    ),
    reading('events_duplicate', 'Events that came twice within one request', (counters, observe) =>
      observe(counters.duplicates),
    ),
    reading('otlp_requests', 'OTLP requests answered', ({ requests }, observe) => {
      for (const [status, count] of requests) observe(count, { status: String(status) });
    }),
    reading('insert_failures', 'Inserts that the store did not take', ({ inserts }, observe) =>
      observe(inserts.failed),
    ),
    reading('insert_rows', 'Rows inserted', ({ inserts }, observe) => observe(inserts.rows)),
    reading('insert_bytes', 'Bytes sent to the store in inserts', ({ inserts }, observe) =>
      observe(inserts.bytes),
    ),
  ];
}

function serviceGauges({ version, processor, cursorLagMs, storeAnswers }: MetricSources): Reading[] {
  return [
    ['vouchtrail_build_info', 'Always 1; the label says what runs', (observe) => observe(1, { version })],
    [
      'vouchtrail_store_ready',
      '1 while the store answers',
      async (observe) => observe((await storeAnswers()) ? 1 : 0),
    ],
    [
      'vouchtrail_cursor_lag_seconds',
      'Age of the oldest stored event that has not been judged yet',
      (observe) => {
        const lag = cursorLagMs();
        if (lag !== undefined) observe(lag / 1000);
      },
    ],
    [
      'vouchtrail_queue_rows',
      'Rows accepted for storing and not stored yet',
      (observe) => observe(processor()?.queue.rows ?? 0),
    ],
    [
      'vouchtrail_queue_bytes',
      'Bytes accepted for storing and not stored yet',
      (observe) => observe(processor()?.queue.bytes ?? 0),
    ],
  ];
}

function processCounters({ storeRestarts }: MetricSources): Reading[] {
  return [
    [
      'vouchtrail_store_restarts',
      'Times that the embedded store was started again after it ended unasked',
      (observe) => observe(storeRestarts()),
    ],
    [
      'process_cpu_seconds',
      'CPU seconds that this process used, the embedded store not included',
      (observe) => {
        const { user, system } = process.cpuUsage();
        observe((user + system) / 1e6);
      },
    ],
  ];
}

function processGauges(loopDelay: ReturnType<typeof monitorEventLoopDelay>): Reading[] {
  const startedAt = Date.now() / 1000 - process.uptime();
  return [
    ['process_start_time_seconds', 'Start, in seconds since 1970', (observe) => observe(startedAt)],
    [
      'process_resident_memory_bytes',
      'Resident memory of this process, the embedded store not included',
      (observe) => observe(process.memoryUsage.rss()),
    ],
    [
      'nodejs_eventloop_lag_p99_seconds',
      '99th percentile of the event loop delay since the last scrape',
      (observe) => {
        // Node measures from tick to tick of its timer, so that an idle loop shows the resolution itself.
        const seconds = loopDelay.percentile(99) / 1e9 - loopDelayResolutionMs / 1000;
        loopDelay.reset();
        observe(Math.max(0, seconds) || 0);
      },
    ],
  ];
}

/** The processor's histogram as it stands; the SDK has no observable one, so it comes in as collected data. */
function insertSeconds(counters: ProcessorCounters | undefined) {
  const metrics = counters === undefined ? [] : [insertHistogram(counters.inserts)];
  const scopeMetrics = [{ scope: { name: 'vouchtrail' }, metrics }];
  return { resourceMetrics: { resource: emptyResource(), scopeMetrics }, errors: [] };
}

function insertHistogram({ count, seconds, buckets }: ProcessorCounters['inserts']): HistogramMetricData {
  const boundaries = buckets.map(({ le }) => le).filter(Number.isFinite);
  const counts = buckets.map((bucket, index) => bucket.count - (buckets[index - 1]?.count ?? 0));
  return {
    descriptor: {
      name: 'vouchtrail_insert_seconds',
      description: 'Seconds that an insert took',
      unit: '',
      valueType: ValueType.DOUBLE,
    },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPointType: DataPointType.HISTOGRAM,
    dataPoints: [
      {
        attributes: {},
        startTime: [0, 0],
        endTime: [0, 0],
        value: { buckets: { boundaries, counts }, count, sum: seconds },
      },
    ],
  };
}
