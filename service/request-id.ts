import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';

interface RequestUnderWay {
  readonly id: string;
  over: boolean;
}

const requests = new AsyncLocalStorage<RequestUnderWay>();
const channel = 'http.server.request.start';
/** What a caller or a proxy may have called it; anything else could forge lines of the log. */
const fitId = /^[\w.:-]{1,64}$/;

/**
 * Gives each request over HTTP that comes to this process an id: the caller's `X-Request-Id` where it is fit, else a
 * new one. It goes back in the answer's header of that name, and {@link requestFields} has it.
 *
 * @returns ends it
 */
export function followRequests(): () => void {
  subscribe(channel, begin);
  return () => void unsubscribe(channel, begin);
}

/** The fields of a log line that say in which request it is written; none outside of requests. */
export function requestFields(): { request?: string } {
  const request = requests.getStore();
  // Timers that a request set may outlive it, and serve others.
  return request === undefined || request.over ? {} : { request: request.id };
}

function begin(message: unknown): void {
  const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
  const given = request.headers['x-request-id'];
  const id = typeof given === 'string' && fitId.test(given) ? given : randomUUID();
  const underWay: RequestUnderWay = { id, over: false };
  response.setHeader('x-request-id', id);
  response.once('close', () => {
    underWay.over = true;
  });
  requests.enterWith(underWay);
}
