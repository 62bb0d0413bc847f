import { channel } from 'node:diagnostics_channel';
import type { ServerHttp2Stream } from 'node:http2';
import type { Metadata } from '@grpc/grpc-js';

/** A gRPC call that begins. */
export interface GrpcCallBegun {
  /** What the sender says of it. */
  readonly metadata: Metadata;
  /** What goes back to the sender, whatever is answered; to be added to. */
  readonly answer: Metadata;
  readonly stream: ServerHttp2Stream;
}

/**
 * Told a {@link GrpcCallBegun} for each call, which is served in what is bound to it. Of calls Node tells nothing, as it does
 * of requests on `http.server.request.start`; and those of one connection share the context that they come in.
 */
export const GRPC_CALLS = channel('vouchtrail.grpc.call.start');
