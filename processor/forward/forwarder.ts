import type { LogBatch, LogBatchResult, OtlpEncoding } from '../receiver/log-batch.js';
import { RetryLaterError } from '../receiver/retry-later-error.js';
import type { AppendedAttributes } from './appended-attributes.js';
import type { Delivery, Destination, Payload } from './destination.js';
import type { ForwardCounts } from './forward-counts.js';
import { ForwardGate } from './forward-gate.js';
import { DEFAULT_FORWARD_LIMITS, type ForwarderOptions, type ForwardLimits } from './forward-options.js';
import { GrpcDestination } from './grpc-destination.js';
import { HttpDestination } from './http-destination.js';
import { spliceJson } from './json-splice.js';
import { transcodeJson } from './json-transcode.js';
import { reframe } from './protobuf-reframe.js';
import { RecordRange } from './record-range.js';
import { RefusalLog } from './refusal-log.js';

/** Sends requests on to the next OTLP receiver. */
export interface Forwarder {
  /** False while the destination is left alone after a failure. */
  readonly ready: boolean;
  /**
   * Whether a request of so many records may try.
   *
   * @throws RetryLaterError if it would fail anyway, for the destination is left alone or the forwarder is closing
   */
  admit(records: number): void;
  /**
   * Sends a request on, what is known of its records appended. Resolves once the destination has taken every record that is
   * not counted as rejected: those it refused for good. Rejects with `RetryLaterError` if the request should be
   * sent again; the destination may have taken a part of one that it did not take in one piece.
   */
  forward(batch: LogBatch, appended: AppendedAttributes): Promise<LogBatchResult>;
  /** Ends what is under way, then all connections. Requests that come later are told to come again. */
  close(): Promise<void>;
}

/**
 * @throws ForwardOptionsError if the URL or a header cannot be used
 */
export function createForwarder(options: ForwarderOptions): Forwarder {
  const limits = { ...DEFAULT_FORWARD_LIMITS, ...options.limits };
  const destination =
    options.protocol === 'grpc' ? new GrpcDestination(options, limits) : new HttpDestination(options, limits);
  return new OtlpForwarder(destination, limits, options);
}

class OtlpForwarder implements Forwarder {
  readonly #destination: Destination;
  readonly #limits: ForwardLimits;
  readonly #gate: ForwardGate;
  readonly #counts: ForwardCounts;
  readonly #logger: ForwarderOptions['logger'];
  readonly #refusals: RefusalLog;
  /** What a request leaves as that came as JSON. */
  #jsonAs: OtlpEncoding;
  #closing: Promise<void> | undefined;

  constructor(destination: Destination, limits: ForwardLimits, options: ForwarderOptions) {
    const { counters, logger, protocol } = options;
    this.#destination = destination;
    this.#limits = limits;
    this.#gate = new ForwardGate(limits);
    this.#counts = counters;
    this.#logger = logger;
    this.#refusals = new RefusalLog(logger, destination.name);
    this.#jsonAs = protocol === 'grpc' ? 'protobuf' : 'json';
  }

  get ready(): boolean {
    return this.#gate.refusal() === undefined;
  }

  admit(records: number): void {
    const refusal = this.#gate.refusal();
    if (refusal === undefined) return;
    this.#counts.retried += records;
    throw refusal;
  }

  async forward(batch: LogBatch, appended: AppendedAttributes): Promise<LogBatchResult> {
    const records = batch.records.length;
    try {
      await this.#gate.enter();
      try {
        return await this.#deliver(batch, appended, new RecordRange(0, records, records));
      } finally {
        this.#gate.leave();
      }
    } catch (error) {
      if (error instanceof RetryLaterError) this.#counts.retried += records;
      throw error;
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#gate.shut().then(() => this.#destination.close());
    return this.#closing;
  }

  async #deliver(batch: LogBatch, appended: AppendedAttributes, range: RecordRange): Promise<LogBatchResult> {
    const payload = this.#payload(batch, appended, range);
    const { maxRequestBytes } = this.#limits;
    if (payload.body.length > maxRequestBytes) {
      if (range.count > 1) return this.#inHalves(batch, appended, range);
      return this.#refused(
        range.count,
        `a record is larger than a request of ${maxRequestBytes} bytes may be`,
      );
    }
    const delivery = await this.#send(payload);
    switch (delivery.outcome) {
      case 'taken':
        return this.#taken(delivery, range.count);
      case 'later':
        throw this.#putOff(delivery);
      case 'no JSON':
        this.#jsonAs = 'protobuf';
        return this.#deliver(batch, appended, range);
      case 'too large':
        if (range.count > 1 && payload.body.length > this.#limits.minPieceBytes) {
          return this.#inHalves(batch, appended, range);
        }
        return this.#refused(range.count, delivery.reason);
      case 'refused':
        return this.#refused(range.count, delivery.reason);
    }
  }

  #payload({ body, encoding }: LogBatch, appended: AppendedAttributes, range: RecordRange): Payload {
    if (encoding === 'protobuf') return { body: reframe(body, appended, range), encoding };
    const write = this.#jsonAs === 'json' ? spliceJson : transcodeJson;
    return { body: write(body, appended, range), encoding: this.#jsonAs };
  }

  async #send(payload: Payload): Promise<Delivery> {
    const started = performance.now();
    const delivery = await this.#destination.deliver(payload);
    this.#counts.requests += 1;
    this.#counts.seconds += (performance.now() - started) / 1000;
    if (delivery.outcome !== 'later' && this.#gate.answered()) {
      this.#logger.info({ destination: this.#destination.name }, 'the next receiver answers again');
    }
    return delivery;
  }

  /** One after the other, so that records leave in their order. */
  async #inHalves(
    batch: LogBatch,
    appended: AppendedAttributes,
    range: RecordRange,
  ): Promise<LogBatchResult> {
    const [first, second] = range.halves();
    const one = await this.#deliver(batch, appended, first);
    const other = await this.#deliver(batch, appended, second);
    const reason = one.reason ?? other.reason;
    return { rejected: one.rejected + other.rejected, ...(reason === undefined ? {} : { reason }) };
  }

  #taken({ rejected, reason }: Extract<Delivery, { outcome: 'taken' }>, records: number): LogBatchResult {
    const refused = Math.min(Math.max(0, rejected), records);
    this.#counts.records += records - refused;
    if (refused === 0) return { rejected: 0 };
    return this.#refused(refused, reason || 'no reason given');
  }

  #refused(records: number, reason: string): LogBatchResult {
    this.#counts.refused += records;
    this.#refusals.add(records, reason);
    const were = records === 1 ? '1 record was' : `${records} records were`;
    return { rejected: records, reason: `${were} refused by the next receiver: ${reason}` };
  }

  #putOff({ reason, afterMs }: Extract<Delivery, { outcome: 'later' }>): RetryLaterError {
    if (this.#gate.failed(reason, afterMs)) {
      this.#logger.warn(
        { destination: this.#destination.name, reason },
        'the next receiver does not take records: senders are told to send again until it does',
      );
    }
    const message = `The next receiver cannot take records now: ${reason}`;
    return this.#gate.refusal() ?? new RetryLaterError(message, 1, { reason: 'next_receiver' });
  }
}
