import type { Event } from '../schema/event.js';
import { createKeys, type Keys } from '../schema/keys.js';
import { createEnricher, type EnricherOptions } from './enrich/enrich.js';
import { enrichedAttributes } from './enrich/enriched-attributes.js';
import { checkAddressDatabases, loadAddressDatabases } from './in-process/address-databases.js';
import { tell } from './in-process/diagnostics.js';
import type { EmittedLogRecord } from './in-process/emitted-log-record.js';
import type { DropReason } from './in-process/lost-events.js';
import { openStore } from './in-process/open-store.js';
import {
  type AddressDatabasePaths,
  checkKey,
  type SessionLogRecordProcessorCounters,
  type SessionLogRecordProcessorOptions,
} from './in-process/processor-options.js';
import { readLogRecord } from './in-process/read-log-record.js';
import { storeQueueLimits } from './in-process/store-options.js';
import { StoreQueue } from './in-process/store-queue.js';
import { ThrottledCount } from './in-process/throttled-count.js';
import { normalize } from './normalize/normalize.js';
import type { Normalized } from './normalize/normalized.js';

const REPORT_EVERY_MS = 10_000;

/**
 * A `LogRecordProcessor` of `@opentelemetry/sdk-logs` for use inside an application: it adds to each log record about
 * a session or a user what the service would know of it, before the processors that come after it export the record.
 * What the application set itself stands. Given a store, it sends the events there as well.
 */
export class SessionLogRecordProcessor {
  /** Resolves when the address databases are read; records before that lack country and network. Never rejects. */
  readonly ready: Promise<void>;
  readonly #keys: Keys | undefined;
  readonly #tenant: string | undefined;
  readonly #queue: StoreQueue | undefined;
  readonly #flushTimeoutMs: number;
  readonly #unread = new ThrottledCount<'unreadable'>(REPORT_EVERY_MS, (_, records) =>
    tell('warn', `${records} log records could not be read and are not enriched:`, this.#lastFault),
  );
  readonly #drops: ThrottledCount<DropReason>;
  readonly #shutdown = new AbortController();
  #enrich: (normalized: Normalized) => Event;
  #ended: Promise<void> | undefined;
  #lastFault: unknown = '';
  #enriched = 0;
  #unrecognised = 0;
  #unreadable = 0;
  #dropped = 0;

  /**
   * @throws {ProcessorOptionError} if an option cannot be used: a store without a key, a URL that is none.
   * @throws {AddressDatabaseError} if a file of `addresses` cannot be read.
   * @throws {CorporateNetworkError} if a network of `policy` is none.
   */
  constructor(options: SessionLogRecordProcessorOptions = {}) {
    const { key, addresses = {}, policy = {}, tenant, store, onDrop } = options;
    checkKey(key, store !== undefined);
    this.#keys = key === undefined ? undefined : createKeys(key);
    this.#tenant = tenant;
    const enricher = { ...(this.#keys && { keys: this.#keys }), policy };
    this.#enrich = createEnricher(enricher);
    if (addresses !== false) checkAddressDatabases(addresses);
    this.#drops = new ThrottledCount(REPORT_EVERY_MS, (reason, events) =>
      reportDrops(onDrop, reason, events),
    );
    const limits = storeQueueLimits(store?.limits);
    this.#flushTimeoutMs = limits.flushTimeoutMillis;
    if (store !== undefined && key !== undefined) {
      const dropped = (reason: DropReason, events: number): void => {
        this.#dropped += events;
        this.#drops.add(reason, events);
      };
      this.#queue = new StoreQueue({ database: openStore(store, limits), key, limits, dropped });
    }
    this.ready = addresses === false ? Promise.resolve() : this.#loadAddresses(addresses, enricher);
  }

  get counters(): SessionLogRecordProcessorCounters {
    return {
      enriched: this.#enriched,
      unrecognised: this.#unrecognised,
      unreadable: this.#unreadable,
      stored: this.#queue?.storedEvents ?? 0,
      deadLetters: this.#queue?.storedLetters ?? 0,
      queued: this.#queue?.queued ?? 0,
      dropped: this.#dropped,
    };
  }

  /** Enriches a record. Never throws and never waits; after `shutdown` it does nothing. */
  onEmit(record: EmittedLogRecord, _context?: unknown): void {
    if (this.#ended !== undefined) return;
    try {
      this.#take(record);
    } catch (error) {
      this.#unreadRecord(error);
    }
  }

  /** Whether records should be made at all, so far as this processor is concerned: until `shutdown`. */
  enabled(_options?: unknown): boolean {
    return this.#ended === undefined;
  }

  /**
   * Resolves when the store has everything that was emitted before; without a store, at once.
   * @throws {EventsNotStoredError} after `timeoutMillis`, and what is not stored goes on waiting; or at once, if the
   *   store's keys are made with another key.
   */
  async forceFlush(options: { readonly timeoutMillis?: number } = {}): Promise<void> {
    await (this.#ended ?? this.#queue?.flush(options.timeoutMillis ?? this.#flushTimeoutMs));
  }

  /**
   * Flushes once and ends; what the store does not take in time is dropped. What is emitted from now on is ignored.
   * Called again, it gives the same promise. Throws as `forceFlush` does.
   */
  shutdown(): Promise<void> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  async #end(): Promise<void> {
    this.#shutdown.abort();
    try {
      await this.#queue?.close(this.#flushTimeoutMs);
    } finally {
      this.#drops.flush();
      this.#unread.flush();
    }
  }

  #take(record: EmittedLogRecord): void {
    const log = readLogRecord(record);
    const receivedAt = Date.now();
    const { events, failures, unrecognised } = normalize(log, {
      receivedAt,
      ...(this.#keys && { keys: this.#keys }),
      ...(this.#tenant !== undefined && { tenant: this.#tenant }),
    });
    this.#unrecognised += unrecognised;
    for (const failure of failures) this.#queue?.fault(failure, receivedAt);
    const [failure] = failures;
    if (failure) this.#unreadRecord(`${failure.source || 'a record'} ${failure.path}: ${failure.reason}`);
    if (events.length === 0) return;
    for (const normalized of events) this.#enrich(normalized);
    for (const { event } of events) this.#queue?.event(event);
    this.#enriched += 1;
    // Of a file of several events in one record, no one event's attributes are the record's.
    const [only] = events;
    if (only && events.length + failures.length + unrecognised === 1) setAttributes(record, only.event);
  }

  #unreadRecord(fault: unknown): void {
    this.#unreadable += 1;
    this.#lastFault = fault;
    this.#unread.add('unreadable');
  }

  async #loadAddresses(paths: AddressDatabasePaths, enricher: EnricherOptions): Promise<void> {
    const { signal } = this.#shutdown;
    try {
      const databases = await loadAddressDatabases(paths, signal);
      this.#enrich = createEnricher({ ...enricher, ...databases });
    } catch (error) {
      if (!signal.aborted) tell('error', 'records go without country and network:', error);
    }
  }
}

/** What the record says of itself stands, whatever it says. */
function setAttributes(record: EmittedLogRecord, event: Event): void {
  const { attributes } = record;
  for (const [name, value] of Object.entries(enrichedAttributes(event))) {
    if (!Object.hasOwn(attributes, name)) record.setAttribute(name, value);
  }
}

function reportDrops(
  onDrop: SessionLogRecordProcessorOptions['onDrop'],
  reason: DropReason,
  events: number,
): void {
  tell('warn', `${events} events did not get to the store: ${reason}`);
  try {
    onDrop?.(reason, events);
  } catch (error) {
    tell('error', 'onDrop failed:', error);
  }
}
