import { once } from 'node:events';
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from 'node:http2';
import { gzipSync } from 'node:zlib';
import { Client, type ClientOptions, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { onTestFinished } from 'vitest';
import { startOtlpGrpcReceiver } from '../../../processor/receiver/grpc-server.js';
import type { OtlpReceiver } from '../../../processor/receiver/listen.js';
import type { ReceiverOptions } from '../../../processor/receiver/receiver-options.js';
import { type DecodedStatus, decodeStatus } from './otlp-descriptor.js';
import { type TestReceiver, watched } from './receiver-fixture.js';

const LOGS_EXPORT = '/opentelemetry.proto.collector.logs.v1.LogsService/Export';

/** Starts a receiver that accepts every batch unless `options.accept` says otherwise; it ends with the test. */
export function startGrpcReceiver(
  options: Partial<ReceiverOptions<string>> = {},
): Promise<TestReceiver<string>> {
  return watched(startOtlpGrpcReceiver, options);
}

/** How a call ended, as it was on the wire. */
export interface GrpcAnswer {
  status: string;
  message: string;
  /** Those of a trailers-only answer are its trailers, too. */
  headers: IncomingHttpHeaders;
  trailersOnly: boolean;
  /** The response message; undefined if there was none. */
  body: Buffer | undefined;
  /** What `grpc-status-details-bin` holds. */
  details: DecodedStatus | undefined;
}

/** A message in its frame. */
export function frame(message: Uint8Array, compressed = false): Buffer {
  const header = Buffer.alloc(5);
  header[0] = compressed ? 1 : 0;
  header.writeUInt32BE(message.length, 1);
  return Buffer.concat([header, message]);
}

/** An HTTP/2 connection without any gRPC library, until the test ends. */
export function openSession(receiver: OtlpReceiver): ClientHttp2Session {
  const session = connect(receiver.url, { maxSessionMemory: 1000 });
  // A connection that is cut is an end like any other here.
  session.on('error', () => undefined);
  onTestFinished(() => session.destroy());
  return session;
}

/** Begins a call and sends nothing of its message. */
export function beginCall(session: ClientHttp2Session, headers: OutgoingHttpHeaders = {}): ClientHttp2Stream {
  const stream = session.request({
    ':method': 'POST',
    ':path': LOGS_EXPORT,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...headers,
  });
  stream.on('error', () => undefined);
  return stream;
}

/** What comes back on a call. */
export async function answerOf(stream: ClientHttp2Stream): Promise<GrpcAnswer> {
  let trailers: IncomingHttpHeaders | undefined;
  stream.once('trailers', (given) => {
    trailers = given;
  });
  const chunks: Buffer[] = [];
  stream.on('data', (chunk) => chunks.push(chunk));
  const closed = once(stream, 'close');
  const [headers] = (await once(stream, 'response')) as [IncomingHttpHeaders];
  await closed;
  const final = trailers ?? headers;
  const details = final['grpc-status-details-bin'];
  const data = Buffer.concat(chunks);
  return {
    status: status[Number(final['grpc-status'])] ?? '',
    message: decodeURIComponent(String(final['grpc-message'])),
    headers,
    trailersOnly: trailers === undefined,
    body: data.length === 0 ? undefined : data.subarray(5),
    details: details === undefined ? undefined : decodeStatus(Buffer.from(String(details), 'base64')),
  };
}

/** Makes one call on a connection of its own. */
export async function call(
  receiver: OtlpReceiver,
  message: Uint8Array,
  { gzip = false, headers = {} }: { gzip?: boolean; headers?: OutgoingHttpHeaders } = {},
): Promise<GrpcAnswer> {
  const session = openSession(receiver);
  const stream = beginCall(session, { ...(gzip ? { 'grpc-encoding': 'gzip' } : {}), ...headers });
  stream.end(gzip ? frame(gzipSync(message), true) : frame(message));
  const answer = await answerOf(stream);
  session.close();
  return answer;
}

/** A client of grpc-js, with a connection of its own until the test ends. */
export function newClient(receiver: OtlpReceiver, options: ClientOptions = {}): Client {
  const client = new Client(`127.0.0.1:${receiver.port}`, credentials.createInsecure(), {
    'grpc.use_local_subchannel_pool': 1,
    'grpc.enable_retries': 0,
    ...options,
  });
  onTestFinished(() => client.close());
  return client;
}

/** Exports through a client; gives the name of the status. */
export function exportThrough(
  client: Client,
  message: Buffer,
  options: { deadline?: number } = {},
): Promise<string> {
  const asItIs = (bytes: Buffer) => bytes;
  return new Promise((resolve) => {
    const ended = (error: ServiceError | null) => resolve(status[error?.code ?? status.OK]);
    client.makeUnaryRequest(LOGS_EXPORT, asItIs, asItIs, message, new Metadata(), options, ended);
  });
}
