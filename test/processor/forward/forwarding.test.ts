import { status } from '@grpc/grpc-js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ForwardCounts } from '../../../processor/forward/forward-counts.js';
import type { ForwardLimits, ForwardProtocol } from '../../../processor/forward/forward-options.js';
import { createForwarder, type Forwarder } from '../../../processor/forward/forwarder.js';
import type { LogBatch, LogBatchResult } from '../../../processor/receiver/log-batch.js';
import { RetryLaterError } from '../../../processor/receiver/retry-later-error.js';
import { decodeProtobuf } from '../receiver/decoded-records.js';
import { encodeLogsRequest } from '../receiver/otlp-descriptor.js';
import { until } from '../receiver/receiver-fixture.js';
import { appendedOf, batchOf, eventOf } from './enriched-batch.js';
import { type Answer, type NextReceiver, startNextReceiver } from './next-receiver.js';

interface Line {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Record<string, unknown>;
}

interface TestForwarder extends Forwarder {
  readonly counters: ForwardCounts;
  readonly lines: Line[];
}

/** A forwarder to a receiver; it ends with the test. */
function forwarderTo(
  { url, protocol }: Pick<NextReceiver, 'url' | 'protocol'>,
  limits: Partial<ForwardLimits> = {},
  headers: Record<string, string> = {},
): TestForwarder {
  const counters = new ForwardCounts();
  const lines: Line[] = [];
  const write =
    (level: Line['level']) =>
    (fields: object, message: string): void => {
      lines.push({ level, message, fields: fields as Record<string, unknown> });
    };
  const logger = { info: write('info'), warn: write('warn'), error: write('error') };
  const fast = { firstBackoffMs: 40, mostBackoffMs: 80, ...limits };
  const forwarder = createForwarder({ url, protocol, headers, version: '1.2.3', logger, counters, limits: fast });
  onTestFinished(() => forwarder.close());
  return Object.assign(Object.create(forwarder) as Forwarder, {
    counters,
    lines,
    forward: forwarder.forward.bind(forwarder),
    admit: forwarder.admit.bind(forwarder),
    close: forwarder.close.bind(forwarder),
  });
}
