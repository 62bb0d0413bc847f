import { RPC_CODES, type RpcStatus } from './response-bodies.js';

/** Why a request is not served: becomes the answer. Senders try again after 503 and drop the batch otherwise. */
export class HttpRefusal extends Error {
  override readonly name = 'HttpRefusal';
  readonly httpStatus: number;
  readonly rpcStatus: RpcStatus;
  readonly headers: Readonly<Record<string, string>>;

  constructor(httpStatus: number, rpcStatus: RpcStatus, headers: Readonly<Record<string, string>> = {}) {
    super(rpcStatus.message);
    this.httpStatus = httpStatus;
    this.rpcStatus = rpcStatus;
    this.headers = headers;
  }
}

/** 400: the body is not what its headers say. */
export function malformed(violation: string): HttpRefusal {
  const message = `The request could not be decoded: ${violation}.`;
  return new HttpRefusal(400, { code: RPC_CODES.invalidArgument, message, violation });
}

/** 413: the body is larger, as it came or decompressed, than one request may be. */
export function tooLarge(message: string): HttpRefusal {
  return new HttpRefusal(413, { code: RPC_CODES.resourceExhausted, message });
}

/** 503: nothing is wrong with the request, it should come again in `retryAfterSeconds`. */
export function unavailable(message: string, retryAfterSeconds: number): HttpRefusal {
  const headers = { 'Retry-After': String(Math.max(1, Math.ceil(retryAfterSeconds))) };
  return new HttpRefusal(503, { code: RPC_CODES.unavailable, message }, headers);
}
