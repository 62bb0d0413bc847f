import type { Event } from '../schema/event.js';
import type { Keys } from '../schema/keys.js';
import type { ProcessorCounts } from './counters.js';
import { deadLetter } from './export/dead-letter.js';
import type { EventWriter } from './export/group-commit.js';
import type { PendingWrite } from './export/pending-write.js';
import type { normalize } from './normalize/normalize.js';
import type { Failure, NormalizeContext, Normalized } from './normalize/normalized.js';
import type { AcceptLogs, LogBatch, LogBatchResult } from './receiver/log-batch.js';
import type { LogRecord } from './receiver/log-record.js';
import { TurnShare } from './turn-share.js';

export interface PipelineOptions {
  readonly normalize: typeof normalize;
  /** Fills in an event what is known about its network, client and keys, and returns it. */
  readonly enrich: (normalized: Normalized) => Event;
  readonly writer: EventWriter;
  readonly counters: ProcessorCounts;
  readonly keys?: Keys;
  /** The tenant of all records; absent where the sender says. */
  readonly tenant?: string;
}

// How long all requests together may keep the event loop in one turn, and how often they look.
const MILLISECONDS_A_TURN = 8;
const RECORDS_A_LOOK = 16;

/**
 * Takes the log records of a request to the store: normalise, enrich, encode, then wait for the shared insert.
 * What should have been understood and was not, and what the store refuses for good, is kept in `dead_letters`
 * and counted as rejected in the answer. Rejects with `RetryLaterError` if the batch should be sent again.
 */
export function createPipeline(options: PipelineOptions): AcceptLogs {
  const { writer, counters } = options;
  const turn = new TurnShare(MILLISECONDS_A_TURN);
  return async (batch) => {
    const write = writer.begin(batch.records.length, batch.body.length);
    const request = new RequestRecords(options, batch, write);
    try {
      for (let i = 0; i < batch.records.length; i++) {
        if (i % RECORDS_A_LOOK === 0 && turn.usedUp) await turn.wait();
        request.take(batch.records[i] as LogRecord);
      }
    } catch (error) {
      write.abandon();
      throw error;
    }
    const { refused, reason } = await write.commit();
    // Counted only now: a request that must be sent again would be counted again.
    counters.unrecognised += request.unrecognised;
    counters.duplicates += request.duplicates;
    return answer(Math.min(request.failed + refused, batch.records.length), request.reason || reason);
  };
}

/** The records of one request on their way to its {@link PendingWrite}. */
class RequestRecords {
  readonly #options: PipelineOptions;
  readonly #context: NormalizeContext;
  readonly #write: PendingWrite;
  readonly #seen = new SeenEvents();
  unrecognised = 0;
  duplicates = 0;
  /** Log records that are not understood, wholly or in part, and why the first. */
  failed = 0;
  reason = '';

  constructor(options: PipelineOptions, batch: LogBatch, write: PendingWrite) {
    const { keys, tenant } = options;
    this.#options = options;
    this.#write = write;
    this.#context = {
      receivedAt: batch.receivedAt,
      ...(keys === undefined ? {} : { keys }),
      ...(tenant === undefined ? {} : { tenant }),
    };
  }

  take(record: LogRecord): void {
    const { events, failures, unrecognised } = this.#options.normalize(record, this.#context);
    this.unrecognised += unrecognised;
    let failed = failures.length > 0;
    for (const failure of failures) this.#keep(failure);
    for (const normalized of events) {
      const { tenant, source, event_id, raw } = normalized.event;
      if (this.#seen.before(tenant, event_id)) {
        this.duplicates += 1;
        continue;
      }
      let event: Event;
      try {
        event = this.#options.enrich(normalized);
      } catch (error) {
        // One record that cannot be enriched must not keep the others of its batch out for ever.
        const reason = `it cannot be enriched: ${error instanceof Error ? error.message : String(error)}`;
        this.#keep({ tenant, source, path: '', reason, text: raw });
        failed = true;
        continue;
      }
      this.#write.event(event);
    }
    if (failed) this.failed += 1;
  }

  #keep(failure: Failure): void {
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

function answer(rejected: number, reason: string): LogBatchResult {
  if (rejected === 0) return { rejected };
  const records = rejected === 1 ? '1 record was' : `${rejected} records were`;
  return {
    rejected,
    reason: `${records} not stored as events but kept in dead_letters; the first: ${reason}`,
  };
}
