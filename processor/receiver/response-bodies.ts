import { Buffer } from 'node:buffer';
import type { LogBatchResult, OtlpEncoding } from './log-batch.js';
import { bytesField, integerField } from './protobuf-writer.js';

/** The codes of google.rpc.Code that the receiver answers with. */
export const RPC_CODES = {
  invalidArgument: 3,
  deadlineExceeded: 4,
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
  /** When to send the request again: becomes a google.rpc.RetryInfo among the details. */
  readonly retryAfterSeconds?: number;
}

const BAD_REQUEST_TYPE = 'type.googleapis.com/google.rpc.BadRequest';
const RETRY_INFO_TYPE = 'type.googleapis.com/google.rpc.RetryInfo';
// OTLP wants responses below 4 MiB; a person reads this one.
const MAX_MESSAGE_LENGTH = 2000;

/** A `google.rpc.Status` in the encoding of the request that it answers. */
export function statusBody(status: RpcStatus, encoding: OtlpEncoding): Buffer {
  return encoding === 'json' ? jsonStatus(status) : protobufStatus(status);
}

function jsonStatus({ code, message, violation, retryAfterSeconds }: RpcStatus): Buffer {
  const details: object[] = [];
  if (violation !== undefined) {
    const fieldViolations = [{ field: 'body', description: violation }];
    details.push({ '@type': BAD_REQUEST_TYPE, fieldViolations });
  }
  if (retryAfterSeconds !== undefined) {
    details.push({ '@type': RETRY_INFO_TYPE, retryDelay: `${Number(retryAfterSeconds.toFixed(9))}s` });
  }
  const some = details.length > 0 ? { details } : {};
  return Buffer.from(JSON.stringify({ code, message: shortened(message), ...some }));
}

function protobufStatus({ code, message, violation, retryAfterSeconds }: RpcStatus): Buffer {
  const parts = [integerField(1, code), bytesField(2, shortened(message))];
  if (violation !== undefined) {
    const fieldViolation = Buffer.concat([bytesField(1, 'body'), bytesField(2, violation)]);
    parts.push(bytesField(3, anyMessage(BAD_REQUEST_TYPE, bytesField(1, fieldViolation))));
  }
  if (retryAfterSeconds !== undefined) {
    const nanos = Math.round(retryAfterSeconds * 1e9);
    const delay = Buffer.concat([integerField(1, Math.floor(nanos / 1e9)), integerField(2, nanos % 1e9)]);
    parts.push(bytesField(3, anyMessage(RETRY_INFO_TYPE, bytesField(1, delay))));
  }
  return Buffer.concat(parts);
}

function anyMessage(type: string, message: Buffer): Buffer {
  return Buffer.concat([bytesField(1, type), bytesField(2, message)]);
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

/** A message of at most 2,000 characters and three dots. */
export function shortened(message: string): string {
  return message.length <= MAX_MESSAGE_LENGTH ? message : `${message.slice(0, MAX_MESSAGE_LENGTH)}...`;
}
