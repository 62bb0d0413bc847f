import { once } from 'node:events';
import { Agent, type IncomingHttpHeaders, type RequestOptions, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { startOtlpHttpReceiver } from '../../../processor/receiver/http-server.js';
import type { OtlpReceiver } from '../../../processor/receiver/listen.js';
import type { LogBatch } from '../../../processor/receiver/log-batch.js';
import type { ReceiverOptions, RequestOutcome } from '../../../processor/receiver/receiver-options.js';
import { decodeStatus } from './otlp-descriptor.js';

/** A receiver on a free port of loopback, with what it was given and what it said. */
export interface TestReceiver<Status = number> extends OtlpReceiver {
  batches: LogBatch[];
  outcomes: RequestOutcome<Status>[];
  errors: object[];
}

export const PROTOBUF = { 'Content-Type': 'application/x-protobuf' };
export const JSON_TYPE = { 'Content-Type': 'application/json' };

/** Starts a receiver that accepts every batch unless `options.accept` says otherwise; it ends with the test. */
export function startReceiver(options: Partial<ReceiverOptions> = {}): Promise<TestReceiver> {
  return watched(startOtlpHttpReceiver, options);
}

/** Starts a receiver with `start`, on loopback, and keeps what it is given and what it says. */
export async function watched<Status>(
  start: (options: ReceiverOptions<Status>) => Promise<OtlpReceiver>,
  options: Partial<ReceiverOptions<Status>>,
): Promise<TestReceiver<Status>> {
  const batches: LogBatch[] = [];
  const outcomes: RequestOutcome<Status>[] = [];
  const errors: object[] = [];
  const quiet = () => undefined;
  const receiver = await start({
    host: '127.0.0.1',
    port: 0,
    logger: { debug: quiet, info: quiet, warn: quiet, error: (fields) => errors.push(fields) },
    onRequest: (outcome) => outcomes.push(outcome),
    ...options,
    accept: async (batch) => {
      batches.push(batch);
      return options.accept?.(batch) ?? { rejected: 0 };
    },
  });
  onTestFinished(() => receiver.close());
  return { ...receiver, batches, outcomes, errors };
}

/** A store that takes nothing until it is told to. */
export function heldStore() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open: () => open(), accept: () => opened.then(() => ({ rejected: 0 })) };
}

/** Waits for a condition to become true. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** Sends a request to `/v1/logs` (or `options.path`) and waits for the answer. */
export async function send(
  receiver: OtlpReceiver,
  headers: Record<string, string>,
  body: string | Uint8Array | Uint8Array[],
  options: RequestOptions = {},
): Promise<Answer> {
  const outgoing = request(`${receiver.url}/v1/logs`, {
    method: 'POST',
    headers,
    agent: newAgent(),
    ...options,
  });
  const answered = once(outgoing, 'response');
  // An array is sent in chunks without a Content-Length.
  if (Array.isArray(body)) {
    for (const chunk of body) outgoing.write(chunk);
    outgoing.end();
  } else outgoing.end(body);
  const [response] = await answered;
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) };
}

/** An agent with one connection, kept open between requests until the test ends. */
export function newAgent(): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  return agent;
}

/** A google.rpc.Status in the encoding that the answer says it has. */
export function statusOf(answer: Answer): { code: number; message: string; details?: object } {
  if (answer.headers['content-type'] === 'application/json') return JSON.parse(answer.body.toString());
  return decodeStatus(answer.body);
}

/** A bare connection, and all that came back on it once it is closed. */
export async function openSocket(
  receiver: OtlpReceiver,
): Promise<{ socket: Socket; closed: Promise<string> }> {
  const socket = connect(receiver.port, '127.0.0.1');
  await once(socket, 'connect');
  onTestFinished(() => {
    socket.destroy();
  });
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
  });
  // A reset is an end like any other here.
  socket.on('error', () => undefined);
  return { socket, closed: new Promise((resolve) => socket.once('close', () => resolve(text))) };
}
