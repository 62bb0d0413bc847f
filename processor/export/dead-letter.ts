import { recordHash } from '../../schema/keys.js';
import type { EncodedColumn } from './row-encoder.js';

const MAX_RAW_CHARACTERS = 65_536;

/** The columns of the table `dead_letters`. */
export const DEAD_LETTER_COLUMNS = [
  { name: 'tenant', type: 'LowCardinality(String)' },
  { name: 'received_at', type: "DateTime64(3, 'UTC')" },
  { name: 'id', type: 'String' },
  { name: 'source', type: 'LowCardinality(String)' },
  { name: 'path', type: 'String' },
  { name: 'reason', type: 'String' },
  { name: 'raw', type: 'String' },
] as const satisfies readonly EncodedColumn[];

/** A record that should have been stored as an event and could not be. */
export interface DeadLetter {
  readonly tenant: string;
  /** When its request arrived, in milliseconds since the epoch. */
  readonly received_at: number;
  /** The same for the same text of the same source, so that a batch sent again adds nothing. */
  readonly id: string;
  /** The vendor, '' if it could not be told. */
  readonly source: string;
  /** Where in the record the fault lies, '' for all of it. */
  readonly path: string;
  readonly reason: string;
  /** The record's text, secrets removed; cut after 64 Ki characters. */
  readonly raw: string;
}

/** What went wrong with one record; a `Failure` of the normaliser is one of these. */
export interface Fault {
  readonly tenant: string;
  readonly source: string;
  readonly path: string;
  readonly reason: string;
  readonly text: string;
}

/** `receivedAt`: milliseconds since the epoch. */
export function deadLetter(fault: Fault, receivedAt: number): DeadLetter {
  const raw = fault.text.slice(0, MAX_RAW_CHARACTERS);
  return {
    tenant: fault.tenant,
    received_at: receivedAt,
    id: recordHash(JSON.stringify([fault.source, fault.path, raw])),
    source: fault.source,
    path: fault.path,
    reason: fault.reason,
    raw,
  };
}
