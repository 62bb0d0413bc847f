import type { LogRecord } from './log-record.js';

/** The encoding of a request, which its response must share. */
export type OtlpEncoding = 'protobuf' | 'json';

/** The records of one OTLP request, decoded whole before any of them is handed on. */
export interface LogBatch {
  readonly records: readonly LogRecord[];
  readonly encoding: OtlpEncoding;
  /** Milliseconds since the Unix epoch, when the request was whole. */
  readonly receivedAt: number;
  /** The decompressed request, which the records' `byteRange` points into. */
  readonly body: Uint8Array;
}

/** How many of a batch's records were refused for good (never for overload), and why. */
export interface LogBatchResult {
  readonly rejected: number;
  readonly reason?: string;
}

/**
 * Stores a batch. Resolves only once every record that it does not count as rejected is stored. Rejects with
 * a `RetryLaterError` (or any object whose `retryable` is true) if the sender should send the batch again.
 */
export type AcceptLogs = (batch: LogBatch) => Promise<LogBatchResult>;
