import { RPC_CODES, type RpcStatus } from './response-bodies.js';
import { RETRY_REASONS } from './retry-later-error.js';

/** Why a request may be refused, as metrics call it. */
export const REFUSAL_REASONS = [
  ...RETRY_REASONS,
  'fault',
  'malformed',
  'memory',
  'too_large',
  'too_slow',
  'unsupported',
] as const;

export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/**
 * Why a request is not served: becomes the answer over HTTP or gRPC. Senders try again after 503 and UNAVAILABLE
 * and drop the batch otherwise.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly rpcStatus: RpcStatus;
  readonly httpStatus: number;
  /** Of an HTTP answer. */
  readonly headers: Readonly<Record<string, string>>;
  readonly reason: RefusalReason;

  constructor(
    httpStatus: number,
    rpcStatus: RpcStatus,
    headers: Readonly<Record<string, string>> = {},
    reason: RefusalReason = 'unsupported',
  ) {
    super(rpcStatus.message);
    this.httpStatus = httpStatus;
    this.rpcStatus = rpcStatus;
    this.headers = headers;
    this.reason = reason;
  }
}

/** 400, INVALID_ARGUMENT: the body is not what its headers say. */
export function malformed(violation: string): Refusal {
  const message = `The request could not be decoded: ${violation}.`;
  return new Refusal(400, { code: RPC_CODES.invalidArgument, message, violation }, {}, 'malformed');
}

/** 413, RESOURCE_EXHAUSTED: the body is larger, as it came or decompressed, than one request may be. */
export function tooLarge(message: string): Refusal {
  return new Refusal(413, { code: RPC_CODES.resourceExhausted, message }, {}, 'too_large');
}

/** 503, UNAVAILABLE: nothing is wrong with the request, it should come again in `retryAfterSeconds`. */
export function unavailable(message: string, retryAfterSeconds: number, reason: RefusalReason): Refusal {
  const headers = { 'Retry-After': String(Math.max(1, Math.ceil(retryAfterSeconds))) };
  return new Refusal(503, { code: RPC_CODES.unavailable, message, retryAfterSeconds }, headers, reason);
}

/** 503, UNAVAILABLE: memory is short for now. */
export function overloaded(): Refusal {
  return unavailable('Too many requests are under way. Send this one again.', 1, 'memory');
}

/** 503, UNAVAILABLE: the receiver is about to end; another, or its successor, will take the request. */
export function shuttingDown(): Refusal {
  return unavailable('The receiver is shutting down. Send this again.', 1, 'draining');
}

/** 503, UNAVAILABLE: the request came too slowly. Not 408, for which senders drop the batch. */
export function tooSlow(timeoutMs: number): Refusal {
  const message = `The request was not whole within ${timeoutMs / 1000} s. Send it again.`;
  const { httpStatus, rpcStatus, headers, reason } = unavailable(message, 1, 'too_slow');
  return new Refusal(httpStatus, rpcStatus, { ...headers, Connection: 'close' }, reason);
}
