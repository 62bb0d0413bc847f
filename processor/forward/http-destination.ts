import { Buffer } from 'node:buffer';
import {
  type ClientRequest,
  type IncomingHttpHeaders,
  Agent as PlainAgent,
  request as requestPlainly,
  validateHeaderName,
  validateHeaderValue,
} from 'node:http';
import { request as requestByTls, Agent as TlsAgent } from 'node:https';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { encodingOf, MEDIA_TYPES } from '../receiver/media-type.js';
import { type Delivery, type Destination, type Payload, shortWords } from './destination.js';
import { readExportResponse, readStatus } from './export-answer.js';
import { type ForwardLimits, ForwardOptionsError, type ForwardTarget, targetUrl } from './forward-options.js';

const LOGS_PATH = '/v1/logs';
const RETRYABLE = new Set([429, 502, 503, 504]);
// Smaller ones fit in a packet or two anyway.
const MIN_GZIP_BYTES = 1024;
// The next level makes enriched logs a tenth smaller for twice the time.
const GZIP_LEVEL = 1;
// OTLP wants answers below 4 MiB.
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

const zip = promisify<Buffer, { level: number }, Buffer>(gzip);

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** An OTLP/HTTP receiver. */
export class HttpDestination implements Destination {
  readonly name: string;
  readonly #url: URL;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #timeoutMs: number;
  readonly #agent: PlainAgent;
  readonly #request: typeof requestPlainly;

  constructor(target: ForwardTarget, limits: Pick<ForwardLimits, 'timeoutMs' | 'concurrency'>) {
    const url = targetUrl(target);
    const path = url.pathname.replace(/\/+$/, '');
    url.pathname = path.endsWith(LOGS_PATH) ? path : path + LOGS_PATH;
    const secure = url.protocol === 'https:';
    this.#url = url;
    this.name = url.href;
    for (const [name, value] of Object.entries(target.headers ?? {})) checkHeader(name, value);
    this.#headers = { ...target.headers, 'User-Agent': `vouchtrail/${target.version}` };
    this.#timeoutMs = limits.timeoutMs;
    this.#agent = new (secure ? TlsAgent : PlainAgent)({ keepAlive: true, maxSockets: limits.concurrency });
    this.#request = secure ? requestByTls : requestPlainly;
  }

  async deliver({ body, encoding }: Payload): Promise<Delivery> {
    try {
      const zipped = body.length >= MIN_GZIP_BYTES;
      const bytes = zipped ? await zip(body, { level: GZIP_LEVEL }) : body;
      const headers = {
        ...this.#headers,
        'Content-Type': MEDIA_TYPES[encoding],
        'Content-Length': bytes.length,
        ...(zipped ? { 'Content-Encoding': 'gzip' } : {}),
      };
      return deliveryOf(await this.#post(bytes, headers), encoding);
    } catch (error) {
      return { outcome: 'later', reason: faultOf(error as Error), afterMs: 0 };
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  async #post(body: Buffer, headers: Record<string, string | number>): Promise<Answer> {
    const deadline = performance.now() + this.#timeoutMs;
    const first = this.#request(this.#url, { method: 'POST', headers, agent: this.#agent });
    try {
      return await answerTo(first, body, deadline);
    } catch (error) {
      // The destination closed an idle connection while a request was on its way to it: nothing is wrong with either.
      if (!first.reusedSocket || (error as NodeJS.ErrnoException).code !== 'ECONNRESET') throw error;
    }
    return answerTo(this.#request(this.#url, { method: 'POST', headers, agent: false }), body, deadline);
  }
}

function checkHeader(name: string, value: string): void {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  } catch {
    // The value may be a secret.
    throw new ForwardOptionsError(`The header ${name} cannot be sent over HTTP: use another name or value.`);
  }
}

/** Sends a request's body and waits for the whole answer until `deadline` (`performance.now()`). */
function answerTo(request: ClientRequest, body: Buffer, deadline: number): Promise<Answer> {
  return new Promise<Answer>((resolve, reject) => {
    const timeout = setTimeout(() => request.destroy(new TimeoutError()), deadline - performance.now());
    request.once('close', () => {
      clearTimeout(timeout);
      reject(new Error('the connection was closed before the answer was whole'));
    });
    request.once('error', reject);
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size <= MAX_ANSWER_BYTES) chunks.push(chunk);
      });
      response.once('error', reject);
      response.once('end', () => {
        const { statusCode = 0, headers } = response;
        resolve({ status: statusCode, headers, body: Buffer.concat(size > MAX_ANSWER_BYTES ? [] : chunks) });
        // Answered before it had the whole body: the rest of it need not be sent.
        if (!request.writableFinished) request.destroy();
      });
    });
    request.end(body);
  });
}

class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
  override readonly message = 'it did not answer in time';
}

/** What a status means, by OTLP's table: what it does not list as retryable must not be sent again. */
function deliveryOf(answer: Answer, sent: Payload['encoding']): Delivery {
  const { status, headers, body } = answer;
  if (status >= 200 && status < 300) {
    const { rejected, reason } = readExportResponse(body, encodingOf(headers['content-type']) ?? sent);
    return { outcome: 'taken', rejected, reason: shortWords(reason) };
  }
  const reason = `HTTP ${status}: ${wordsOf(answer)}`;
  if (RETRYABLE.has(status))
    return { outcome: 'later', reason, afterMs: retryAfterMs(headers['retry-after']) };
  if (status === 413) return { outcome: 'too large', reason };
  return { outcome: status === 415 && sent === 'json' ? 'no JSON' : 'refused', reason };
}

/** The message of an answer's Status, or its text where something before the receiver answered. */
function wordsOf({ status, headers, body }: Answer): string {
  const contentType = headers['content-type'] ?? '';
  const encoding = encodingOf(contentType);
  if (encoding !== undefined) return shortWords(readStatus(body, encoding).message) || 'no reason given';
  if (status >= 300 && status < 400) return 'it redirects, which is not followed';
  return /^text\/plain/i.test(contentType) ? shortWords(body.toString('utf8')) : 'no reason given';
}

/** `Retry-After`: seconds or a date (RFC 9110, section 10.2.3). */
function retryAfterMs(value: string | undefined): number {
  if (value === undefined) return 0;
  const ms = /^\s*\d+\s*$/.test(value) ? 1000 * Number(value) : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}

/** Node's words name the cause for most faults; for several addresses that all failed only the code does. */
function faultOf({ message, code }: NodeJS.ErrnoException): string {
  return shortWords(message || code || 'it cannot be reached');
}
