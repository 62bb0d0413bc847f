import { Buffer } from 'node:buffer';
import type { LogBatchResult, OtlpEncoding } from './log-batch.js';
import { bytesField, integerField } from './protobuf-writer.js';

/** The codes of google.rpc.Code that the receiver answers with. */
export const RPC_CODES = {
  invalidArgument: 3,
  notFound: 5,
  resourceExhausted: 8,
  unimplemented: 12,
  unavailable: 14,
} as const;

export type RpcCode = (typeof RPC_CODES)[keyof typeof RPC_CODES];

/** A google.rpc.Status. */
export interface RpcStatus {
  readonly code: RpcCode;
  readonly message: string;
  /** What is wrong with the request's data: becomes a google.rpc.BadRequest among the details. */
  readonly violation?: string;
}

const BAD_REQUEST_TYPE = 'type.googleapis.com/google.rpc.BadRequest';
// OTLP wants responses below 4 MiB; a person reads this one.
const MAX_MESSAGE_LENGTH = 2000;

/** A `google.rpc.Status` in the encoding of the request that it answers. */
export function statusBody(status: RpcStatus, encoding: OtlpEncoding): Buffer {
  const { code, violation } = status;
  const message = shortened(status.message);
  if (encoding === 'json') {
    const fieldViolations = [{ field: 'body', description: violation }];
    const details =
      violation === undefined ? {} : { details: [{ '@type': BAD_REQUEST_TYPE, fieldViolations }] };
    return Buffer.from(JSON.stringify({ code, message, ...details }));
  }
  const parts = [integerField(1, code), bytesField(2, message)];
  if (violation !== undefined) {
    const fieldViolation = Buffer.concat([bytesField(1, 'body'), bytesField(2, violation)]);
    parts.push(
      bytesField(
        3,
        Buffer.concat([bytesField(1, BAD_REQUEST_TYPE), bytesField(2, bytesField(1, fieldViolation))]),
      ),
    );
  }
  return Buffer.concat(parts);
}

/**
 * An `ExportLogsServiceResponse`. Partial success is set only if records were rejected: senders do not send
 * those again, and log a warning each time it is set.
 */
export function exportResponseBody(result: LogBatchResult, encoding: OtlpEncoding): Buffer {
  const { rejected } = result;
  const errorMessage = shortened(result.reason ?? 'the records are not valid');
  if (encoding === 'json') {
    const partialSuccess = { rejectedLogRecords: String(rejected), errorMessage };
    return Buffer.from(JSON.stringify(rejected > 0 ? { partialSuccess } : {}));
  }
  if (rejected === 0) return Buffer.alloc(0);
  return bytesField(1, Buffer.concat([integerField(1, rejected), bytesField(2, errorMessage)]));
}

function shortened(message: string): string {
  return message.length <= MAX_MESSAGE_LENGTH ? message : `${message.slice(0, MAX_MESSAGE_LENGTH)}...`;
}
