import type { Event } from '../schema/event.js';
import type { Keys } from '../schema/keys.js';
import { countSource, type ProcessorCounts } from './counters.js';
import { deadLetter } from './export/dead-letter.js';
import type { EventWriter } from './export/group-commit.js';
import type { PendingWrite } from './export/pending-write.js';
import { FirstReceipts } from './first-receipts.js';
import { AppendedAttributes } from './forward/appended-attributes.js';
import type { Forwarder } from './forward/forwarder.js';
import type { normalize } from './normalize/normalize.js';
import type { Failure, NormalizeContext, Normalized } from './normalize/normalized.js';
import type { AcceptLogs, LogBatch, LogBatchResult } from './receiver/log-batch.js';
import type { LogRecord } from './receiver/log-record.js';
import { TurnShare } from './turn-share.js';

export interface PipelineOptions {
  readonly normalize: typeof normalize;
  /** Fills in an event what is known about its network, client and keys, and returns it. */
  readonly enrich: (normalized: Normalized) => Event;
  /** Where events go; without one they are forwarded only. */
  readonly writer?: EventWriter;
  /** Where the records themselves go on to, if anywhere. */
  readonly forwarder?: Forwarder;
  readonly counters: ProcessorCounts;
  readonly keys?: Keys;
  /** The tenant of all records; absent where the sender says. */
  readonly tenant?: string;
}

// How long all requests together may keep the event loop in one turn, and how often they look.
const MILLISECONDS_A_TURN = 8;
const RECORDS_A_LOOK = 16;

/**
 * Takes the log records of a request to the store: normalise, enrich, encode, then wait for the shared insert; and then,
 * if they are forwarded, on to the next receiver, enriched, and waits for that. In this order, a request that the
 * store does not take is not forwarded twice, and one that the next receiver does not take is stored again under the same ids.
 *
 * What should have been understood and was not, and what the store refuses for good, is kept in `dead_letters`
 * and counted as rejected in the answer, as is what the next receiver refuses for good. Rejects with
 * `RetryLaterError` if the batch should be sent again.
 */
export function createPipeline(options: PipelineOptions): AcceptLogs {
  const { writer, forwarder, counters } = options;
  const turn = new TurnShare(MILLISECONDS_A_TURN);
  const receipts = new FirstReceipts();
  return async (batch) => {
    const { length } = batch.records;
    forwarder?.admit(length);
    const write = writer?.begin(length, batch.body.length);
    const appended = forwarder && new AppendedAttributes(length);
    const request = new RequestRecords(options, batch, receipts, write, appended);
    try {
      for (let i = 0; i < length; i++) {
        if (i % RECORDS_A_LOOK === 0 && turn.usedUp) await turn.wait();
        request.take(i);
      }
    } catch (error) {
      write?.abandon();
      throw error;
    }
    const { refused, reason } = (await write?.commit()) ?? { refused: 0, reason: '' };
    const forwarded = appended && (await forwarder?.forward(batch, appended));
    // Counted only now: a request that must be sent again would be counted again.
    counters.unrecognised += request.unrecognised;
    counters.duplicates += request.duplicates;
    for (const source of request.unreadable) countSource(counters.unreadable, source, 1);
    return answer(length, notStored(request.failed + refused, request.reason || reason), forwarded);
  };
}

/** The records of one request on their way to its {@link PendingWrite} and to the next receiver. */
class RequestRecords {
  readonly #options: PipelineOptions;
  readonly #context: NormalizeContext;
  readonly #batch: LogBatch;
  readonly #receipts: FirstReceipts;
  readonly #write: PendingWrite | undefined;
  readonly #appended: AppendedAttributes | undefined;
  readonly #seen = new SeenEvents();
  #kept = 0;
  unrecognised = 0;
  duplicates = 0;
  /** Log records that are kept as dead letters, wholly or in part, and why the first. */
  failed = 0;
  reason = '';
  /** The sources of what is not understood, where no store is there to keep it. */
  readonly unreadable: string[] = [];

  constructor(
    options: PipelineOptions,
    batch: LogBatch,
    receipts: FirstReceipts,
    write: PendingWrite | undefined,
    appended: AppendedAttributes | undefined,
  ) {
    const { keys, tenant } = options;
    this.#options = options;
    this.#batch = batch;
    this.#receipts = receipts;
    this.#write = write;
    this.#appended = appended;
    this.#context = {
      receivedAt: batch.receivedAt,
      ...(keys === undefined ? {} : { keys }),
      ...(tenant === undefined ? {} : { tenant }),
    };
  }

  /** Takes the record of this number. */
  take(index: number): void {
    const record = this.#batch.records[index] as LogRecord;
    const { events, failures, unrecognised } = this.#options.normalize(record, this.#context);
    this.unrecognised += unrecognised;
    const deadLettersBefore = this.#kept;
    for (const failure of failures) this.#keep(failure);
    // Of several events nobody could tell which one a record's attributes are about.
    const isOne = events.length === 1 && failures.length + unrecognised === 0;
    const appended = isOne ? this.#appended : undefined;
    for (const normalized of events) {
      const { tenant, source, event_id, raw } = normalized.event;
      const isDuplicate = this.#seen.before(tenant, event_id);
      if (isDuplicate) this.duplicates += 1;
      if (isDuplicate && appended === undefined) continue;
      this.#receipts.settle(normalized.event, this.#context.receivedAt);
      let event: Event;
      try {
        event = this.#options.enrich(normalized);
      } catch (error) {
        // One record that cannot be enriched must not keep the others of its batch out for ever.
        const reason = `it cannot be enriched: ${error instanceof Error ? error.message : String(error)}`;
        this.#keep({ tenant, source, path: '', reason, text: raw });
        continue;
      }
      if (!isDuplicate) this.#write?.event(event);
      appended?.add(index, record, event);
    }
    if (this.#kept > deadLettersBefore) this.failed += 1;
  }

  #keep(failure: Failure): void {
    if (this.#write === undefined) {
      this.unreadable.push(failure.source);
      return;
    }
    this.#kept += 1;
    if (this.reason === '')
      this.reason = `${failure.source || 'a record'} ${failure.path}: ${failure.reason}`;
    this.#write.deadLetter(deadLetter(failure, this.#context.receivedAt));
  }
}

/** Which event ids a request has brought already; ids of different tenants are different ids. */
class SeenEvents {
  readonly #ids = new Map<string, Set<string>>();

  before(tenant: string, id: string): boolean {
    let ids = this.#ids.get(tenant);
    if (ids === undefined) {
      ids = new Set();
      this.#ids.set(tenant, ids);
    }
    const known = ids.size;
    return ids.add(id).size === known;
  }
}

function notStored(rejected: number, reason: string): LogBatchResult {
  if (rejected === 0) return { rejected };
  const records = rejected === 1 ? '1 record was' : `${rejected} records were`;
  return {
    rejected,
    reason: `${records} not stored as events but kept in dead_letters; the first: ${reason}`,
  };
}

/** A record may be rejected by the store and by the next receiver, and is one record. */
function answer(records: number, ...results: (LogBatchResult | undefined)[]): LogBatchResult {
  const rejections = results.filter((result) => result !== undefined && result.rejected > 0);
  const rejected = rejections.reduce((sum, result) => sum + (result?.rejected ?? 0), 0);
  if (rejected === 0) return { rejected };
  const reason = rejections.map((result) => result?.reason).join('; ');
  return { rejected: Math.min(rejected, records), reason };
}
