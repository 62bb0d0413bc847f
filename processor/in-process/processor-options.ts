import type { EnrichPolicy } from '../enrich/enrich.js';
import type { DropReason } from './lost-events.js';
import { ProcessorOptionError } from './processor-option-error.js';
import type { SessionStoreOptions } from './store-options.js';

/** Databases of one's own, each an MMDB file; the bundled one where there is none. */
export interface AddressDatabasePaths {
  /** Countries of addresses. */
  readonly country?: string | undefined;
  /** Autonomous systems of addresses. */
  readonly asn?: string | undefined;
}

export interface SessionLogRecordProcessorOptions {
  /**
   * The secret that session, token and device keys are derived under: `VOUCHTRAIL_KEY` of the service that judges the
   * same sessions, 32 characters or more. Without one the `.key` attributes are left out. With a store it is required.
   */
  readonly key?: string | Uint8Array | undefined;
  /**
   * Where countries and AS numbers of addresses come from: the bundled databases (about 30 MB of memory) by default,
   * or files of one's own; `false` leaves those attributes out. They are read in the background: see `ready`.
   */
  readonly addresses?: AddressDatabasePaths | false | undefined;
  readonly policy?: EnrichPolicy | undefined;
  /** Whose records they are. By default the resource's attribute `vouchtrail.tenant` says, else it is `default`. */
  readonly tenant?: string | undefined;
  /** Where events go besides; nowhere by default. */
  readonly store?: SessionStoreOptions | undefined;
  /** Told, at most every ten seconds and never inside `onEmit`, of events that did not get to the store. */
  readonly onDrop?: ((reason: DropReason, events: number) => void) | undefined;
}

/** What the processor has done since it was made; everything but `queued` only ever grows. */
export interface SessionLogRecordProcessorCounters {
  /** Log records that were recognised as events and enriched. */
  readonly enriched: number;
  /** Log records that are not about identity: left as they were. */
  readonly unrecognised: number;
  /** Log records that could not be read, wholly or in part, or that are too large to be read here. */
  readonly unreadable: number;
  /** Events in the store. */
  readonly stored: number;
  /** Records that were kept in the store's `dead_letters` because they are no event. */
  readonly deadLetters: number;
  /** Events that wait for the store. */
  readonly queued: number;
  /** Events that the store will not get. */
  readonly dropped: number;
}

const SHORTEST_KEY = 32;
const SHORTEST_KEY_BYTES = 16;

/** @throws {ProcessorOptionError} if there is none and it `isRequired`, or if it can be guessed. */
export function checkKey(key: string | Uint8Array | undefined, isRequired: boolean): void {
  if (key === undefined) {
    if (!isRequired) return;
    throw new ProcessorOptionError(
      'key',
      'is missing and a store is given, which holds session ids as keyed hashes only: give the VOUCHTRAIL_KEY of the service that uses the store',
    );
  }
  if (key.length >= (typeof key === 'string' ? SHORTEST_KEY : SHORTEST_KEY_BYTES)) return;
  throw new ProcessorOptionError(
    'key',
    `is too short: give ${SHORTEST_KEY} characters or more (openssl rand -base64 32 makes one), or leave it out`,
  );
}
