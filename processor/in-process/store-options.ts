import { ProcessorOptionError } from './processor-option-error.js';

/**
 * A ClickHouse server that a Vouchtrail service uses (its `VOUCHTRAIL_CLICKHOUSE_*` settings) and has migrated. The
 * embedded store of a service is its own and cannot be given.
 */
export interface SessionStoreOptions {
  /** Of ClickHouse's HTTP interface, such as `https://clickhouse.example.com:8443`. */
  readonly url: string;
  /** Default `default`. It needs to read `store_facts` and to insert into `events`, `dead_letters` and their views. */
  readonly username?: string | undefined;
  /** Default empty. */
  readonly password?: string | undefined;
  /** Default `vouchtrail`. */
  readonly database?: string | undefined;
  readonly limits?: Partial<StoreQueueLimits> | undefined;
}

export interface StoreQueueLimits {
  /** Events that may wait for the store; one more is dropped and counted. */
  readonly queueEvents: number;
  /** Encoded bytes that may wait for the store; one event may go beyond. */
  readonly queueBytes: number;
  /** Events of one insert, at most. */
  readonly batchEvents: number;
  /** Milliseconds that an event waits for others to share its insert, at most, while the store takes events. */
  readonly delayMillis: number;
  /** An insert that takes longer is given up and tried again. */
  readonly insertTimeoutMillis: number;
  /** How long `forceFlush` (where its caller does not say) and `shutdown` wait for the store. */
  readonly flushTimeoutMillis: number;
}

const DEFAULT_LIMITS: StoreQueueLimits = {
  queueEvents: 10_000,
  queueBytes: 16 * 1024 * 1024,
  batchEvents: 1_000,
  delayMillis: 1_000,
  insertTimeoutMillis: 10_000,
  flushTimeoutMillis: 10_000,
};

/** @throws {ProcessorOptionError} if a limit is no positive number. */
export function storeQueueLimits(given: Partial<StoreQueueLimits> = {}): StoreQueueLimits {
  for (const [name, value] of Object.entries(given)) {
    if (typeof value === 'number' && value > 0) continue;
    throw new ProcessorOptionError(`store.limits.${name}`, `is ${value}: give a number above 0`);
  }
  return { ...DEFAULT_LIMITS, ...given };
}
