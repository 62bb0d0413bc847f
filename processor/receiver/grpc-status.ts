import { type Metadata, status } from '@grpc/grpc-js';
import type { Refusal } from './refusal.js';
import { RPC_CODES, shortened, statusBody } from './response-bodies.js';

/** The encodings of messages that gRPC senders may use, as `grpc-accept-encoding` lists them. */
export const GRPC_ENCODINGS = 'identity,gzip';

/** A status as grpc-js sends it. */
export interface GrpcStatus {
  readonly code: status;
  readonly details: string;
  readonly metadata: Metadata;
}

/** The name of a gRPC status, such as `UNAVAILABLE`; `CANCELLED` if none was sent. */
export function grpcStatusName(code: unknown): string {
  return (code === undefined ? undefined : status[Number(code)]) ?? 'CANCELLED';
}

/**
 * A refusal over gRPC. Its details go into `grpc-status-details-bin` (a google.rpc.Status): RetryInfo says that
 * the request should come again and when; a sender that finds none beside RESOURCE_EXHAUSTED drops the batch. `answer` goes with it.
 */
export function grpcStatusOf({ rpcStatus }: Refusal, answer: Metadata): GrpcStatus {
  const metadata = answer.clone();
  if (rpcStatus.violation !== undefined || rpcStatus.retryAfterSeconds !== undefined) {
    metadata.set('grpc-status-details-bin', statusBody(rpcStatus, 'protobuf'));
  }
  if (rpcStatus.code === RPC_CODES.unimplemented) metadata.set('grpc-accept-encoding', GRPC_ENCODINGS);
  return { code: rpcStatus.code as number as status, details: shortened(rpcStatus.message), metadata };
}
