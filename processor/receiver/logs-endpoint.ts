import type { Buffer } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LogBatchResult, OtlpEncoding } from './log-batch.js';
import { type IntakeProgress, type LogIntake, outcomeOf } from './log-intake.js';
import { encodingOf, MEDIA_TYPES } from './media-type.js';
import type { ReceiverOptions } from './receiver-options.js';
import { overloaded, Refusal, shuttingDown } from './refusal.js';
import { bodyTooLarge, discardBody, gunzip, isGzip, readBody, SenderLeftError } from './request-body.js';
import { exportResponseBody, RPC_CODES, statusBody } from './response-bodies.js';

const LOGS_PATH = '/v1/logs';
/** Of what follows a refusal: a sender that is told while it sends may have as much under way. */
const LEAST_DISCARDED_BYTES = 1024 * 1024;
const OTHER_SIGNALS = new Set(['/v1/traces', '/v1/metrics', '/v1development/profiles']);

/** Serves POST /v1/logs, and refuses everything else, each request with exactly one answer. */
export class LogsEndpoint {
  readonly #options: Pick<ReceiverOptions, 'logger' | 'onRequest'>;
  readonly #intake: LogIntake;
  /** Set once the server is closing: answers then end their connections, and new requests are refused. */
  draining = false;

  constructor(intake: LogIntake, options: Pick<ReceiverOptions, 'logger' | 'onRequest'>) {
    this.#intake = intake;
    this.#options = options;
  }

  /** `sendContinue`: for a sender that waits to be told before it sends the body. */
  async serve(request: IncomingMessage, response: ServerResponse, sendContinue?: () => void): Promise<void> {
    const encoding = encodingOf(request.headers['content-type']);
    const progress = this.#intake.begin();
    const { traceparent, tracestate } = request.headers;
    progress.sender = { traceparent: traceparent?.toString(), tracestate: tracestate?.toString() };
    const keepAlive = response.shouldKeepAlive;
    // A sender that was not told to go on may send its body or not: only a new connection is sure to be in step.
    if (request.headers.expect !== undefined) response.shouldKeepAlive = false;
    let status: number;
    try {
      const served = this.#check(request, encoding, progress);
      if (sendContinue !== undefined) {
        sendContinue();
        response.shouldKeepAlive = keepAlive;
      }
      const result = await this.#receive(request, served, progress);
      status = 200;
      this.#answer(response, status, served, exportResponseBody(result, served));
    } catch (error) {
      status = this.#refuse(error, progress, request, response, encoding ?? 'json');
    } finally {
      progress.reservation.release();
    }
    this.#options.onRequest?.({ status, ...outcomeOf(progress) });
  }

  /** Refuses what can be refused by its headers. */
  #check(
    request: IncomingMessage,
    encoding: OtlpEncoding | undefined,
    { reservation }: IntakeProgress,
  ): OtlpEncoding {
    const { headers, httpVersion, method, url = '' } = request;
    if (headers.host === undefined && httpVersion === '1.1') {
      const message = 'There is no Host header.';
      throw new Refusal(400, { code: RPC_CODES.invalidArgument, message }, {}, 'malformed');
    }
    if (headers.expect !== undefined && !/^100-continue$/i.test(headers.expect)) {
      const message = `Expect "${headers.expect}" cannot be met. Leave it out, or send 100-continue.`;
      throw new Refusal(417, { code: RPC_CODES.invalidArgument, message });
    }
    const path = url.split('?', 1)[0] as string;
    if (OTHER_SIGNALS.has(path)) {
      const message = `This receiver takes logs only, at ${LOGS_PATH}; leave it out of other pipelines.`;
      throw new Refusal(404, { code: RPC_CODES.unimplemented, message });
    }
    if (path !== LOGS_PATH) {
      throw new Refusal(404, {
        code: RPC_CODES.notFound,
        message: `There is nothing here. Send logs to ${LOGS_PATH}.`,
      });
    }
    if (method !== 'POST') {
      const message = `Method ${method} is not allowed here. Use POST.`;
      throw new Refusal(405, { code: RPC_CODES.unimplemented, message }, { Allow: 'POST' });
    }
    if (encoding === undefined) {
      const message = `The Content-Type must be ${MEDIA_TYPES.protobuf} or ${MEDIA_TYPES.json}.`;
      throw new Refusal(415, { code: RPC_CODES.invalidArgument, message });
    }
    isGzip(headers['content-encoding']);
    const declared = Number(headers['content-length'] ?? 0);
    const { maxBodyBytes } = this.#intake.limits;
    if (declared > maxBodyBytes) throw bodyTooLarge(maxBodyBytes);
    if (this.draining) throw shuttingDown();
    this.#intake.admit();
    if (declared > reservation.room()) throw overloaded();
    return encoding;
  }

  async #receive(
    request: IncomingMessage,
    encoding: OtlpEncoding,
    progress: IntakeProgress,
  ): Promise<LogBatchResult> {
    const { maxBodyBytes, requestTimeoutMs } = this.#intake.limits;
    const raw = await readBody(request, maxBodyBytes, requestTimeoutMs, progress.reservation);
    progress.bytes = raw.length;
    const zipped = isGzip(request.headers['content-encoding']);
    this.#intake.admit();
    const body = zipped ? gunzip(raw, maxBodyBytes, progress.reservation) : raw;
    return this.#intake.take(body, encoding, progress);
  }

  #refuse(
    error: unknown,
    progress: IntakeProgress,
    request: IncomingMessage,
    response: ServerResponse,
    encoding: OtlpEncoding,
  ): number {
    if (error instanceof SenderLeftError) {
      this.#options.logger.debug({ err: error }, 'a sender left before its request was whole');
      return 499;
    }
    const { httpStatus, rpcStatus, headers } = this.#intake.refuse(error, progress);
    this.#answer(response, httpStatus, encoding, statusBody(rpcStatus, encoding), headers);
    discardBody(request, Math.max(this.#intake.limits.maxBodyBytes, LEAST_DISCARDED_BYTES));
    return httpStatus;
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
