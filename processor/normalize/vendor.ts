import type { LogRecord } from '../receiver/log-record.js';
import type { JsonObject } from './json-record.js';
import type { NormalizeContext, Normalized } from './normalized.js';

/** One vendor's record, found in a log record. */
export interface VendorRecord {
  readonly vendor: Vendor;
  readonly record: JsonObject;
  /** Its JSON text: the sender's own where the record came alone. */
  readonly text: string;
  /** Where it was found, such as `body.Records[3]`. */
  readonly path: string;
}

/** How to tell and how to read the records of one vendor. A vendor is one file (or folder) and a line in vendors.ts. */
export interface Vendor {
  /** The vendor's family, as events and `vouchtrail.source` name it: lower-case letters, digits and `_`. */
  readonly source: string;
  /** Field names that the JSON text of each of its records holds: a text that lacks one is not worth parsing. */
  readonly marks: readonly string[];
  /** Whether a record is this vendor's, by shape. */
  matches(record: JsonObject): boolean;
  /**
   * The vendor's record, rebuilt from a log record that holds it in attributes under names of a collector's own;
   * `undefined` if it does not. Attributes with the vendor's own names are found without.
   */
  fromAttributes?(log: LogRecord): JsonObject | undefined;
  /**
   * Whether a record that comes along with this vendor's is whole and of another log, which is not about identity: it is
   * counted and is no dead letter.
   */
  isOfAnotherLog?(record: JsonObject): boolean;
  /** @throws {UnreadableRecordError} */
  normalize(found: VendorRecord, log: LogRecord, context: NormalizeContext): Normalized;
}

/** A record looks like its vendor's but lacks what makes it an event. */
export class UnreadableRecordError extends Error {
  override readonly name = 'UnreadableRecordError';
  /** The field, from the vendor's record down. */
  readonly field: string;

  constructor(field: string, reason: string) {
    super(reason);
    this.field = field;
  }
}
