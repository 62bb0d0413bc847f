import type { Buffer } from 'node:buffer';
import { BytesInFlight, type Reservation } from './bytes-in-flight.js';
import type { DecodeNotes } from './decode-limits.js';
import { decodeJsonLogs } from './json-logs.js';
import type { AcceptLogs, LogBatchResult, OtlpEncoding } from './log-batch.js';
import type { LogRecord } from './log-record.js';
import { MalformedOtlpError } from './malformed-otlp-error.js';
import { OversizedOtlpError } from './oversized-otlp-error.js';
import { decodeProtobufLogs } from './protobuf-logs.js';
import type { ReceiverLimits, ReceiverLogger, SenderTrace } from './receiver-options.js';
import { malformed, overloaded, Refusal, type RefusalReason, tooLarge, unavailable } from './refusal.js';
import { RetryLaterError, retryAfterOf } from './retry-later-error.js';

// What a record and a value weigh, decoded, beside the bytes that they were decoded from (measured: 150 to 300 a
// record of 3 to 16 values).
const RECORD_BYTES = 300;
const VALUE_BYTES = 32;

export interface LogIntakeOptions {
  readonly accept: AcceptLogs;
  readonly logger: ReceiverLogger;
  readonly inFlight?: BytesInFlight;
}

/** What becomes of a request once it is whole, whichever transport brought it. */
export class LogIntake {
  readonly limits: ReceiverLimits;
  readonly #options: LogIntakeOptions;
  readonly #inFlight: BytesInFlight;
  /** Of the latest batch that could not be stored. */
  #standing: RetryLaterError['standing'] | undefined;

  constructor(options: LogIntakeOptions, limits: ReceiverLimits) {
    this.limits = limits;
    this.#options = options;
    this.#inFlight = options.inFlight ?? new BytesInFlight(limits.maxBytesInFlight);
  }

  /** The state of a request that begins. */
  begin(): IntakeProgress {
    return {
      started: performance.now(),
      reservation: this.#inFlight.reservation(),
      bytes: 0,
      notes: undefined,
      rejected: 0,
      refused: undefined,
      sender: undefined,
    };
  }

  /**
   * Lets a request go on, unless what kept an earlier one from being stored would keep this one, too. Asked before each
   * step that costs something: under overload, most of the time would go into requests that are refused after all.
   *
   * @throws Refusal
   */
  admit(): void {
    const standing = this.#standing?.();
    if (standing !== undefined) throw retryLater(standing);
    this.#standing = undefined;
  }

  /**
   * Decodes a decompressed request, whole before anything of it is handed on, and has its records stored.
   *
   * @throws Refusal if it is not let on, is malformed, has too much in it, or memory is short; whatever `accept` rejects with
   */
  async take(body: Buffer, encoding: OtlpEncoding, progress: IntakeProgress): Promise<LogBatchResult> {
    this.admit();
    const receivedAt = Date.now();
    const records: LogRecord[] = [];
    const notes = this.#decode(encoding, body, records);
    progress.notes = notes;
    if (records.length === 0) return { rejected: 0 };
    const decodedBytes = records.length * RECORD_BYTES + notes.values * VALUE_BYTES;
    if (!progress.reservation.grow(decodedBytes)) throw overloaded();
    const result = await this.#options.accept({ records, encoding, receivedAt, body });
    progress.rejected = result.rejected;
    return result;
  }

  /** The refusal of a request that an error amounts to. */
  refuse(error: unknown, progress: IntakeProgress): Refusal {
    const refusal = this.#refusalOf(error);
    progress.refused = refusal.reason;
    return refusal;
  }

  #refusalOf(error: unknown): Refusal {
    if (error instanceof Refusal) return error;
    if (error instanceof RetryLaterError) {
      this.#standing = error.standing;
      return retryLater(error);
    }
    const retryAfterSeconds = retryAfterOf(error);
    if (retryAfterSeconds !== undefined) {
      return unavailable('The records could not be stored now. Send them again.', retryAfterSeconds, 'other');
    }
    // Senders drop a batch answered with 500 or INTERNAL, and the fault is here and not in the batch.
    this.#options.logger.error(
      { err: error },
      'a batch failed for an unexpected reason and is to be sent again',
    );
    return unavailable('The records could not be stored. Send them again.', 2, 'fault');
  }

  #decode(encoding: OtlpEncoding, body: Buffer, records: LogRecord[]): DecodeNotes {
    const decode = encoding === 'protobuf' ? decodeProtobufLogs : decodeJsonLogs;
    try {
      return decode(body, this.limits.decode, (record) => records.push(record));
    } catch (error) {
      if (error instanceof MalformedOtlpError) throw malformed(error.message);
      if (error instanceof OversizedOtlpError) throw tooLarge(error.message);
      throw error;
    }
  }
}

function retryLater({ message, retryAfterSeconds, reason }: RetryLaterError): Refusal {
  const why = message.endsWith('.') ? message : `${message}.`;
  return unavailable(`${why} Send the records again.`, retryAfterSeconds, reason);
}

/** How far a request got, for its metrics, and what it holds. */
export interface IntakeProgress {
  /** By `performance.now()`. */
  readonly started: number;
  readonly reservation: Reservation;
  /** Bytes of its body, as they came. */
  bytes: number;
  /** What the decoder saw, if the request got that far. */
  notes: DecodeNotes | undefined;
  /** Records that were refused for good. */
  rejected: number;
  /** Why it was refused, if it was. */
  refused: RefusalReason | undefined;
  sender: SenderTrace | undefined;
}

/** What {@link IntakeProgress} amounts to once the request is answered, for a `RequestOutcome`. */
export function outcomeOf({ started, bytes, notes, rejected, refused, sender }: IntakeProgress) {
  const seconds = (performance.now() - started) / 1000;
  return { records: notes?.records ?? 0, rejected, bytes, seconds, notes, refused, sender };
}
