import { once } from 'node:events';
import {
  createServer,
  type Server as HttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';
import {
  Server as GrpcServer,
  Metadata,
  ServerCredentials,
  type ServerUnaryCall,
  type sendUnaryData,
} from '@grpc/grpc-js';
import { onTestFinished } from 'vitest';
import type { ForwardProtocol } from '../../../processor/forward/forward-options.js';
import { encodePartialSuccess, encodeStatus } from '../receiver/otlp-descriptor.js';

/** What a request brought. */
export interface Arrived {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** What a receiver answers: over HTTP with the first, over gRPC with the second. */
export interface Refusal {
  readonly http: { readonly status: number; readonly retryAfter?: string; readonly message?: string };
  readonly grpc: { readonly code: number; readonly message?: string; readonly retrySeconds?: number };
}

export type Answer = 'taken' | { readonly rejected: number; readonly message: string } | Refusal;

/** A receiver behind Vouchtrail, written against the protocol and nothing of Vouchtrail's. */
export interface NextReceiver {
  readonly protocol: ForwardProtocol;
  readonly url: string;
  readonly arrived: Arrived[];
  /** How many requests it works on now. */
  readonly busy: number;
  /** HTTP connections that were opened to it. */
  readonly connections: number;
  /** Set, it resets the connection on which the next HTTP request comes, before it reads it. */
  resetNext: boolean;
  /** Decides what is answered, and when; 'taken' unless it is set. */
  answer: (request: Arrived) => Answer | Promise<Answer>;
  /** Cuts all connections and gives up the port. */
  stop(): Promise<void>;
  /** Takes the same port again. */
  start(): Promise<void>;
}

interface State {
  arrived: Arrived[];
  busy: number;
  connections: number;
  resetNext: boolean;
  answer: NextReceiver['answer'];
}

/** Starts one on a free port of loopback; it ends with the test. */
export async function startNextReceiver(protocol: ForwardProtocol): Promise<NextReceiver> {
  const state: State = { arrived: [], busy: 0, connections: 0, resetNext: false, answer: () => 'taken' };
  const listen = protocol === 'grpc' ? listenGrpc : listenHttp;
  let listening = await listen(state, 0);
  const { port } = listening;
  let stopped = false;
  const stop = async () => {
    if (!stopped) await listening.stop();
    stopped = true;
  };
  onTestFinished(stop);
  return {
    protocol,
    url: `http://127.0.0.1:${port}`,
    arrived: state.arrived,
    get busy() {
      return state.busy;
    },
    get connections() {
      return state.connections;
    },
    get resetNext() {
      return state.resetNext;
    },
    set resetNext(reset) {
      state.resetNext = reset;
    },
    get answer() {
      return state.answer;
    },
    set answer(answer) {
      state.answer = answer;
    },
    stop,
    start: async () => {
      listening = await listen(state, port);
      stopped = false;
    },
  };
}

async function answerFor(state: State, request: Arrived): Promise<Answer> {
  state.arrived.push(request);
  state.busy += 1;
  try {
    return await state.answer(request);
  } finally {
    state.busy -= 1;
  }
}

function encodedResponse(answer: Exclude<Answer, Refusal>): Buffer {
  return answer === 'taken' ? Buffer.alloc(0) : encodePartialSuccess(answer.rejected, answer.message);
}

async function listenHttp(state: State, port: number) {
  const sockets = new Set<Socket>();
  const server: HttpServer = createServer((request, response) => void serveHttp(state, request, response));
  server.on('connection', (socket) => {
    state.connections += 1;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

async function serveHttp(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (state.resetNext) {
    state.resetNext = false;
    request.socket.resetAndDestroy();
    return;
  }
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
  const headers = { ...request.headers, ':path': request.url, ':method': request.method };
  const answer = await answerFor(state, { body, headers });
  const type = request.headers['content-type'] ?? '';
  const json = type === 'application/json';
  response.setHeader('Content-Type', type);
  if (answer === 'taken' || 'rejected' in answer) {
    const partialSuccess = answer === 'taken' ? undefined : answer;
    const members = {
      rejectedLogRecords: String(partialSuccess?.rejected),
      errorMessage: partialSuccess?.message,
    };
    response.end(
      json ? JSON.stringify(partialSuccess ? { partialSuccess: members } : {}) : encodedResponse(answer),
    );
    return;
  }
  const { status, retryAfter, message = '' } = answer.http;
  if (retryAfter !== undefined) response.setHeader('Retry-After', retryAfter);
  response.writeHead(status);
  response.end(json ? JSON.stringify({ code: 3, message }) : encodeStatus(3, message));
}

async function listenGrpc(state: State, port: number) {
  const server = new GrpcServer({ 'grpc.max_receive_message_length': -1 });
  const asItIs = (bytes: Buffer) => bytes;
  const path = '/opentelemetry.proto.collector.logs.v1.LogsService/Export';
  const method = {
    path,
    requestStream: false,
    responseStream: false,
    requestSerialize: asItIs,
    requestDeserialize: asItIs,
    responseSerialize: asItIs,
    responseDeserialize: asItIs,
  };
  const serve = async (call: ServerUnaryCall<Buffer, Buffer>, reply: sendUnaryData<Buffer>) => {
    const answer = await answerFor(state, { body: call.request, headers: call.metadata.getMap() });
    if (answer === 'taken' || 'rejected' in answer) reply(null, encodedResponse(answer));
    else reply(grpcRefusal(answer.grpc));
  };
  server.addService({ Export: method }, { Export: serve });
  const taken = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { port: taken, stop: async () => server.forceShutdown() };
}

function grpcRefusal({ code, message = '', retrySeconds }: Refusal['grpc']) {
  const metadata = new Metadata();
  if (retrySeconds !== undefined) {
    metadata.set('grpc-status-details-bin', encodeStatus(code, message, retrySeconds));
  }
  return { code, details: message, metadata };
}
