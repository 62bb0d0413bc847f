import { ValueType } from '@opentelemetry/api';
import { emptyResource } from '@opentelemetry/resources';
import { AggregationTemporality, DataPointType, type HistogramMetricData } from '@opentelemetry/sdk-metrics';
import type { ProcessorCounters } from '../../processor/counters.js';

/** The processor's histogram as it stands; the SDK has no observable one, so it comes in as collected data. */
export function insertSeconds(counters: ProcessorCounters | undefined) {
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
