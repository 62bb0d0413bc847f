import { setTimeout as wait } from 'node:timers/promises';
import type { LogRequest } from './log-requests.js';

const PATIENCE_MS = 120_000;
const ANSWER_TIMEOUT_MS = 60_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 8_000;

/** What the service answered: how many records it refused for good, and why. */
export interface Delivered {
  readonly rejected: number;
  readonly reason: string;
}

/** The service could not be reached or did not take a request: nothing more is sent. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
}

/** Sends OTLP/JSON requests to one service and waits out its overload and restarts. */
export class LogSender {
  readonly #endpoint: string;
  readonly #patienceMs: number;
  #reached = false;

  /** `endpoint`: without a path. `patienceMs`: how long one request may wait for the service to take it. */
  constructor(endpoint: string, patienceMs = PATIENCE_MS) {
    this.#endpoint = endpoint.replace(/\/+$/, '');
    this.#patienceMs = patienceMs;
  }

  /** Resolves when the service has the request for good. @throws DeliveryError */
  async send({ records, body }: LogRequest): Promise<Delivered> {
    const giveUpAt = performance.now() + this.#patienceMs;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)) {
      const answer = await this.#post(body);
      if ('delivered' in answer) return answer.delivered;
      if ('refused' in answer) return { rejected: records, reason: answer.refused };
      // Jitter: requests that were refused together should not come back together.
      const pause = Math.max(answer.retryAfterMs, pauseMs) * (1 + Math.random() / 4);
      if (performance.now() + pause > giveUpAt) {
        throw new DeliveryError(
          `${this.#endpoint} did not take a request for ${Math.round(this.#patienceMs / 1000)} s; its last answer: ${answer.fault}`,
        );
      }
      await wait(pause);
    }
  }

  async #post(body: string): Promise<Answer> {
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${this.#endpoint}/v1/logs`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body,
        signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
      });
      text = await response.text();
    } catch (error) {
      return this.#unreachable(error as Error);
    }
    this.#reached = true;
    const { status } = response;
    if (status === 200) return { delivered: deliveredIn(text) };
    const fault = `${status} ${messageIn(text)}`;
    if (status === 429 || status === 502 || status === 503 || status === 504) {
      return { fault, retryAfterMs: retryAfterMs(response.headers.get('retry-after')) };
    }
    if (status === 404 || status === 405) {
      throw new DeliveryError(
        `${this.#endpoint} answers ${fault}: it is no OTLP receiver. Check VOUCHTRAIL_HOST and VOUCHTRAIL_OTLP_HTTP_PORT.`,
      );
    }
    return { refused: fault };
  }

  #unreachable(error: Error): Answer {
    const cause = error.cause instanceof Error ? error.cause : error;
    const { code = cause.message } = cause as NodeJS.ErrnoException;
    const passing = code === 'ECONNRESET' || code === 'UND_ERR_SOCKET' || cause.name === 'TimeoutError';
    if (!this.#reached && !passing) {
      throw new DeliveryError(
        `No service listens at ${this.#endpoint} (${code}). Start it with npm start, or set VOUCHTRAIL_HOST and VOUCHTRAIL_OTLP_HTTP_PORT to where it is.`,
      );
    }
    return { fault: `no answer (${code})`, retryAfterMs: 0 };
  }
}

type Answer =
  | { readonly delivered: Delivered }
  | { readonly refused: string }
  | { readonly fault: string; readonly retryAfterMs: number };

/** The `partialSuccess` of an `ExportLogsServiceResponse`. */
function deliveredIn(text: string): Delivered {
  const { partialSuccess } = parsed(text) as {
    partialSuccess?: { rejectedLogRecords?: string | number; errorMessage?: string };
  };
  return {
    rejected: Number(partialSuccess?.rejectedLogRecords ?? 0),
    reason: partialSuccess?.errorMessage ?? '',
  };
}

/** The message of a `google.rpc.Status`. */
function messageIn(text: string): string {
  const { message } = parsed(text) as { message?: string };
  return message ?? text.slice(0, 200);
}

function parsed(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

/** Seconds or a date, as HTTP has it; 0 if absent. */
function retryAfterMs(header: string | null): number {
  if (header === null) return 0;
  const seconds = Number(header);
  const milliseconds = Number.isNaN(seconds) ? Date.parse(header) - Date.now() : seconds * 1000;
  return Number.isNaN(milliseconds) ? 0 : Math.max(0, milliseconds);
}
