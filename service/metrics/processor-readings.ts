import type { ProcessorCounters } from '../../processor/counters.js';
import type { Processor } from '../../processor/processor.js';
import { REFUSAL_REASONS } from '../../processor/receiver/refusal.js';
import { SOURCES } from '../../schema/words.js';
import type { Observe, Reading } from './reading.js';

/** The processor, or as much of it as is measured; undefined while, or because, it does not run here. */
export type MeasuredProcessor = () => Pick<Processor, 'counters' | 'canForward'> | undefined;

function of(
  processor: MeasuredProcessor,
): (
  name: string,
  description: string,
  read: (counters: ProcessorCounters, observe: Observe) => void,
) => Reading {
  return (name, description, read) => [
    `vouchtrail_${name}`,
    description,
    (observe) => {
      const counters = processor()?.counters;
      if (counters !== undefined) read(counters, observe);
    },
  ];
}

// Series that exist from the start, at 0: Prometheus sees no increase in one that begins with its first count.
const usualStatuses = { http: [200, 400, 503], grpc: ['OK', 'INVALID_ARGUMENT', 'UNAVAILABLE'] };
const usualSources: readonly string[] = [...SOURCES, ''];

function withUsual<Key>(usual: readonly Key[], counts: ReadonlyMap<Key, number>): [Key, number][] {
  return [...new Map([...usual.map((key): [Key, number] => [key, 0]), ...counts])];
}

function bySource(counts: ReadonlyMap<string, number>, observe: Observe): void {
  for (const [source, count] of withUsual(usualSources, counts)) {
    observe(count, { source: source || 'unknown' });
  }
}

/** What the processor counts is plain state that is read at scrape time: counting costs the hot path nothing. */
export function intakeCounters(processor: MeasuredProcessor): Reading[] {
  const reading = of(processor);
  return [
    reading('otlp_requests', 'OTLP requests answered', ({ requests, grpcRequests }, observe) => {
      for (const [status, count] of withUsual(usualStatuses.http, requests)) {
        observe(count, { transport: 'http', status: String(status) });
      }
      for (const [status, count] of withUsual(usualStatuses.grpc, grpcRequests)) {
        observe(count, { transport: 'grpc', status });
      }
    }),
    reading('otlp_refused', 'OTLP requests refused, by the reason', ({ refused }, observe) => {
      for (const [reason, count] of withUsual(REFUSAL_REASONS, refused)) observe(count, { reason });
    }),
    reading(
      'records_unrecognised',
      'Records that are not about identity: counted, not stored',
      (counters, observe) => observe(counters.unrecognised),
    ),
  ];
}

export function storingCounters(processor: MeasuredProcessor): Reading[] {
  const reading = of(processor);
  return [
    reading('events_accepted', 'Events stored', ({ accepted }, observe) => bySource(accepted, observe)),
    reading('events_duplicate', 'Events that came twice within one request', (counters, observe) =>
      observe(counters.duplicates),
    ),
    reading('dead_letters', 'Records that should have been understood and were not', (counters, observe) =>
      bySource(counters.deadLetters, observe),
    ),
    reading('insert_failures', 'Inserts that the store did not take', ({ inserts }, observe) =>
      observe(inserts.failed),
    ),
    reading('insert_rows', 'Rows inserted', ({ inserts }, observe) => observe(inserts.rows)),
    reading('insert_bytes', 'Bytes sent to the store in inserts', ({ inserts }, observe) =>
      observe(inserts.bytes),
    ),
  ];
}

export function queueGauges(processor: MeasuredProcessor): Reading[] {
  const reading = of(processor);
  return [
    reading('queue_rows', 'Log records accepted for storing and not stored yet', ({ queue }, observe) =>
      observe(queue.rows),
    ),
    reading('queue_bytes', 'Bytes of their requests', ({ queue }, observe) => observe(queue.bytes)),
  ];
}

export function forwardingCounters(processor: MeasuredProcessor): Reading[] {
  const reading = of(processor);
  return [
    reading(
      'forward_records',
      'Log records that were sent on to the next receiver',
      ({ forward }, observe) => {
        observe(forward.records, { result: 'taken' });
        observe(forward.refused, { result: 'refused' });
        observe(forward.retried, { result: 'later' });
      },
    ),
    reading('forward_requests', 'Requests to the next receiver', ({ forward }, observe) =>
      observe(forward.requests),
    ),
    reading('forward_seconds', 'Seconds that requests to the next receiver took', ({ forward }, observe) =>
      observe(forward.seconds),
    ),
    reading(
      'records_unreadable',
      'Records that should have been understood and were not, where no store is there to keep them',
      ({ unreadable }, observe) => bySource(unreadable, observe),
    ),
  ];
}

export function forwardingGauges(processor: MeasuredProcessor): Reading[] {
  return [
    [
      'vouchtrail_forward_ready',
      '1 while the next receiver takes records',
      (observe) => {
        const running = processor();
        if (running !== undefined) observe(running.canForward ? 1 : 0);
      },
    ],
  ];
}
