import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { GRPC_CALLS, type GrpcCallBegun } from '../processor/receiver/grpc-calls.js';

interface RequestUnderWay {
  readonly id: string;
  over: boolean;
}

const requests = new AsyncLocalStorage<RequestUnderWay>();
const channel = 'http.server.request.start';
const header = 'x-request-id';
/** What a caller or a proxy may have called it; anything else could forge lines of the log. */
const fitId = /^[\w.:-]{1,64}$/;

/**
 * Gives each request over HTTP and each gRPC call that comes to this process an id: the caller's `X-Request-Id` where it
 * is fit, else a new one. It goes back in the answer's header of that name, and {@link requestFields} has it.
 *
 * @returns ends it
 */
export function followRequests(): () => void {
  subscribe(channel, begin);
  GRPC_CALLS.bindStore(requests, beginCall);
  return () => {
    unsubscribe(channel, begin);
    GRPC_CALLS.unbindStore(requests);
  };
}

/** The fields of a log line that say in which request it is written; none outside of requests. */
export function requestFields(): { request?: string } {
  const request = requests.getStore();
  // Timers that a request set may outlive it, and serve others.
  return request === undefined || request.over ? {} : { request: request.id };
}

function begin(message: unknown): void {
  const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
  const underWay = underWayUntilClosed(request.headers[header], response);
  response.setHeader(header, underWay.id);
  requests.enterWith(underWay);
}

function beginCall(message: unknown): RequestUnderWay {
  const { metadata, answer, stream } = message as GrpcCallBegun;
  const underWay = underWayUntilClosed(metadata.get(header)[0], stream);
  answer.set(header, underWay.id);
  return underWay;
}

function underWayUntilClosed(given: unknown, exchange: EventEmitter): RequestUnderWay {
  const id = typeof given === 'string' && fitId.test(given) ? given : randomUUID();
  const underWay: RequestUnderWay = { id, over: false };
  exchange.once('close', () => {
    underWay.over = true;
  });
  return underWay;
}
