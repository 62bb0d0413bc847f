import { gzipSync } from 'node:zlib';
import { status } from '@grpc/grpc-js';
import type { BytesInFlight } from '../../../processor/receiver/bytes-in-flight.js';
import type { AcceptLogs } from '../../../processor/receiver/log-batch.js';
import type { ReceiverLimits } from '../../../processor/receiver/receiver-options.js';
import { call, startGrpcReceiver } from './grpc-fixture.js';
import { decodePartialSuccess, decodeStatus, encodeLogsRequest } from './otlp-descriptor.js';
import { otlpJson } from './otlp-json.js';
import type { ProtoRequest } from './otlp-requests.js';
import {
  type Answer,
  JSON_TYPE,
  PROTOBUF,
  send,
  startReceiver,
  type TestReceiver,
} from './receiver-fixture.js';
import { seededRandom } from './sample-requests.js';

/** What a sender learns of its request, whichever way it sent it. */
export interface Reply {
  /** The name of a google.rpc.Code. */
  status: string;
  message: string;
  /** Whether OTLP lets the sender try again, and after how long. */
  retryAfterSeconds: number | undefined;
  partialSuccess: { rejected: number; message: string } | undefined;
  /** Of the whole answer without its headers, in bytes. */
  size: number;
}

interface StartOptions {
  accept?: AcceptLogs;
  limits?: Partial<ReceiverLimits>;
  inFlight?: BytesInFlight;
}

/** One way in which OTLP reaches a receiver. */
export interface Transport {
  name: string;
  start(options?: StartOptions): Promise<TestReceiver<unknown>>;
  encode(request: object): Buffer;
  /** Sends what {@link encode} made. */
  send(receiver: TestReceiver<unknown>, body: Buffer, options?: { gzip?: boolean }): Promise<Reply>;
}

const http = (name: string, headers: Record<string, string>): Pick<Transport, 'name' | 'start' | 'send'> => ({
  name: `OTLP/HTTP with ${name}`,
  start: (options) => startReceiver(options) as Promise<TestReceiver<unknown>>,
  send: async (receiver, body, { gzip = false } = {}) => {
    const sent = gzip
      ? send(receiver, { ...headers, 'Content-Encoding': 'gzip' }, gzipSync(body))
      : send(receiver, headers, body);
    return httpReply(await sent);
  },
});

const grpc: Transport = {
  name: 'OTLP/gRPC',
  start: (options) => startGrpcReceiver(options) as Promise<TestReceiver<unknown>>,
  encode: encodeLogsRequest,
  send: async (receiver, message, options) => {
    const { status, message: text, details, body } = await call(receiver, message, options);
    const delay = details?.details.RetryInfo?.retryDelay;
    // Without RetryInfo a sender may still try again after UNAVAILABLE, and these others.
    const retryable = /^(CANCELLED|DEADLINE_EXCEEDED|ABORTED|OUT_OF_RANGE|UNAVAILABLE|DATA_LOSS)$/.test(
      status,
    );
    const asked = delay === undefined ? undefined : (delay.seconds ?? 0) + (delay.nanos ?? 0) / 1e9;
    return {
      status,
      message: text,
      retryAfterSeconds: asked ?? (retryable ? 0 : undefined),
      partialSuccess: body === undefined ? undefined : decodePartialSuccess(body),
      size: body?.length ?? text.length,
    };
  },
};

export const TRANSPORTS: readonly Transport[] = [
  { ...http('protobuf', PROTOBUF), encode: encodeLogsRequest },
  {
    ...http('JSON', JSON_TYPE),
    encode: (request) => Buffer.from(otlpJson(request as ProtoRequest, seededRandom(11))),
  },
  grpc,
];

function httpReply(answer: Answer): Reply {
  const json = answer.headers['content-type'] === 'application/json';
  const retryable = [429, 502, 503, 504].includes(answer.status);
  const reply = {
    retryAfterSeconds: retryable ? Number(answer.headers['retry-after'] ?? 0) : undefined,
    size: answer.body.length,
  };
  if (answer.status !== 200) {
    const { code, message } = json ? JSON.parse(answer.body.toString()) : decodeStatus(answer.body);
    return { status: status[code] as string, message, partialSuccess: undefined, ...reply };
  }
  return {
    status: 'OK',
    message: '',
    partialSuccess: json ? jsonPartialSuccess(answer.body) : decodePartialSuccess(answer.body),
    ...reply,
  };
}

function jsonPartialSuccess(body: Buffer): Reply['partialSuccess'] {
  const { partialSuccess } = JSON.parse(body.toString());
  if (partialSuccess === undefined) return undefined;
  const { rejectedLogRecords = '0', errorMessage = '' } = partialSuccess;
  if (typeof rejectedLogRecords !== 'string') throw new Error('a 64-bit integer that is no string');
  return { rejected: Number(rejectedLogRecords), message: errorMessage };
}
