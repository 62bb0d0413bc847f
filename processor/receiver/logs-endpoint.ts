import type { Buffer } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { BytesInFlight, type Reservation } from './bytes-in-flight.js';
import type { DecodeNotes } from './decode-limits.js';
import { HttpRefusal, malformed, tooLarge, unavailable } from './http-refusal.js';
import { decodeJsonLogs } from './json-logs.js';
import type { LogBatchResult, OtlpEncoding } from './log-batch.js';
import type { LogRecord } from './log-record.js';
import { MalformedOtlpError } from './malformed-otlp-error.js';
import { encodingOf, MEDIA_TYPES } from './media-type.js';
import { OversizedOtlpError } from './oversized-otlp-error.js';
import { decodeProtobufLogs } from './protobuf-logs.js';
import type { ReceiverLimits, ReceiverOptions } from './receiver-options.js';
import { bodyTooLarge, gunzip, isGzip, overloaded, readBody, SenderLeftError } from './request-body.js';
import { exportResponseBody, RPC_CODES, statusBody } from './response-bodies.js';
import { retryAfterOf } from './retry-later-error.js';

const LOGS_PATH = '/v1/logs';
const OTHER_SIGNALS = new Set(['/v1/traces', '/v1/metrics', '/v1development/profiles']);
// What a record and a value weigh, decoded, beside the bytes that they were decoded from (measured: 150 to 300 a
// record of 3 to 16 values).
const RECORD_BYTES = 300;
const VALUE_BYTES = 32;

/** Serves POST /v1/logs, and refuses everything else, each request with exactly one answer. */
export class LogsEndpoint {
  readonly #options: ReceiverOptions;
  readonly #limits: ReceiverLimits;
  readonly #inFlight: BytesInFlight;
  /** Set once the server is closing: answers then end their connections, and new requests are refused. */
  draining = false;

  constructor(options: ReceiverOptions, limits: ReceiverLimits) {
    this.#options = options;
    this.#limits = limits;
    this.#inFlight = new BytesInFlight(limits.maxBytesInFlight);
  }

  /** `sendContinue`: for a sender that waits to be told before it sends the body. */
  async serve(request: IncomingMessage, response: ServerResponse, sendContinue?: () => void): Promise<void> {
    const started = performance.now();
    const encoding = encodingOf(request.headers['content-type']);
    const reservation = this.#inFlight.reservation();
    const progress: Progress = { bytes: 0, notes: undefined, bodyExpected: sendContinue === undefined };
    let status: number;
    try {
      const served = this.#check(request, encoding);
      sendContinue?.();
      progress.bodyExpected = true;
      const result = await this.#receive(request, served, reservation, progress);
      status = 200;
      this.#answer(response, status, served, exportResponseBody(result, served));
    } catch (error) {
      status = this.#refuse(error, request, response, encoding ?? 'json', progress);
    } finally {
      reservation.release();
    }
    const { bytes, notes } = progress;
    const seconds = (performance.now() - started) / 1000;
    this.#options.onRequest?.({ status, records: notes?.records ?? 0, bytes, seconds, notes });
  }

  /** Refuses what can be refused by its headers. */
  #check(request: IncomingMessage, encoding: OtlpEncoding | undefined): OtlpEncoding {
    const path = (request.url ?? '').split('?', 1)[0] as string;
    if (OTHER_SIGNALS.has(path)) {
      const message = `This receiver takes logs only, at ${LOGS_PATH}; leave it out of other pipelines.`;
      throw new HttpRefusal(404, { code: RPC_CODES.unimplemented, message });
    }
    if (path !== LOGS_PATH) {
      throw new HttpRefusal(404, {
        code: RPC_CODES.notFound,
        message: `There is nothing here. Send logs to ${LOGS_PATH}.`,
      });
    }
    if (request.method !== 'POST') {
      const message = `Method ${request.method} is not allowed here. Use POST.`;
      throw new HttpRefusal(405, { code: RPC_CODES.unimplemented, message }, { Allow: 'POST' });
    }
    if (encoding === undefined) {
      const message = `The Content-Type must be ${MEDIA_TYPES.protobuf} or ${MEDIA_TYPES.json}.`;
      throw new HttpRefusal(415, { code: RPC_CODES.invalidArgument, message });
    }
    isGzip(request.headers['content-encoding']);
    const declared = Number(request.headers['content-length'] ?? 0);
    const { maxBodyBytes } = this.#limits;
    if (declared > maxBodyBytes) throw bodyTooLarge(maxBodyBytes);
    if (this.draining) throw unavailable('The receiver is shutting down. Send this again.', 1);
    if (declared > this.#inFlight.reservation().room()) throw overloaded();
    return encoding;
  }

  async #receive(
    request: IncomingMessage,
    encoding: OtlpEncoding,
    reservation: Reservation,
    progress: Progress,
  ): Promise<LogBatchResult> {
    const { maxBodyBytes } = this.#limits;
    const raw = await readBody(request, maxBodyBytes, reservation);
    progress.bytes = raw.length;
    const receivedAt = Date.now();
    const body = isGzip(request.headers['content-encoding']) ? gunzip(raw, maxBodyBytes, reservation) : raw;
    const records: LogRecord[] = [];
    const notes = this.#decode(encoding, body, records);
    progress.notes = notes;
    if (records.length === 0) return { rejected: 0 };
    if (!reservation.grow(records.length * RECORD_BYTES + notes.values * VALUE_BYTES)) throw overloaded();
    return this.#options.accept({ records, encoding, receivedAt, body });
  }

  #decode(encoding: OtlpEncoding, body: Buffer, records: LogRecord[]): DecodeNotes {
    const decode = encoding === 'protobuf' ? decodeProtobufLogs : decodeJsonLogs;
    try {
      return decode(body, this.#limits.decode, (record) => records.push(record));
    } catch (error) {
      if (error instanceof MalformedOtlpError) throw malformed(error.message);
      if (error instanceof OversizedOtlpError) throw tooLarge(error.message);
      throw error;
    }
  }

  #refuse(
    error: unknown,
    request: IncomingMessage,
    response: ServerResponse,
    encoding: OtlpEncoding,
    progress: Progress,
  ): number {
    if (error instanceof SenderLeftError) {
      this.#options.logger.debug({ err: error }, 'a sender left before its request was whole');
      return 499;
    }
    const refusal = this.#refusalOf(error);
    // A sender that was not told to go on may send its body or not: only a new connection is sure to be in step.
    if (!progress.bodyExpected) response.shouldKeepAlive = false;
    this.#answer(
      response,
      refusal.httpStatus,
      encoding,
      statusBody(refusal.rpcStatus, encoding),
      refusal.headers,
    );
    // The rest of a refused body is thrown away (for as long as a request may take), so that the sender reads the
    // answer and the connection can go on.
    request.resume();
    return refusal.httpStatus;
  }

  #refusalOf(error: unknown): HttpRefusal {
    if (error instanceof HttpRefusal) return error;
    const retryAfterSeconds = retryAfterOf(error);
    if (retryAfterSeconds !== undefined) {
      return unavailable('The records could not be stored now. Send them again.', retryAfterSeconds);
    }
    // Senders drop a batch answered with 500, and the fault is here and not in the batch.
    this.#options.logger.error(
      { err: error },
      'a batch failed for an unexpected reason and was answered 503',
    );
    return unavailable('The records could not be stored. Send them again.', 2);
  }

  #answer(
    response: ServerResponse,
    status: number,
    encoding: OtlpEncoding,
    body: Buffer,
    headers: Readonly<Record<string, string>> = {},
  ): void {
    if (this.draining) response.shouldKeepAlive = false;
    response.writeHead(status, {
      ...headers,
      'Content-Type': MEDIA_TYPES[encoding],
      'Content-Length': body.length,
    });
    response.end(body);
  }
}

/** How far a request got, for its answer and its metrics. */
interface Progress {
  bytes: number;
  notes: DecodeNotes | undefined;
  /** False while the sender waits to be told to send its body. */
  bodyExpected: boolean;
}
