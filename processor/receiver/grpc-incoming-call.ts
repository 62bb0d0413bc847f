import { AsyncResource } from 'node:async_hooks';
import type { Buffer } from 'node:buffer';
import { constants, type ServerHttp2Stream } from 'node:http2';
import { Metadata, type ServerInterceptingCallInterface } from '@grpc/grpc-js';
import { GRPC_CALLS, type GrpcCallBegun } from './grpc-calls.js';
import { GRPC_ENCODINGS, grpcStatusName, grpcStatusOf } from './grpc-status.js';
import { type IntakeProgress, type LogIntake, outcomeOf } from './log-intake.js';
import type { RequestOutcome } from './receiver-options.js';
import { overloaded, Refusal, tooSlow } from './refusal.js';
import { CHUNK_BYTES, gunzip } from './request-body.js';
import { RPC_CODES } from './response-bodies.js';

/** Before each message: whether it is compressed (1 byte), and its length (4 bytes). */
const FRAME_HEADER_BYTES = 5;

/**
 * What grpc-js (1.14) keeps to itself of a call. It collects and unzips a message before anybody is asked, 64 MiB
 * of it on every stream of every connection if so many come; only here can each byte be reserved as it arrives
 * and an overload be refused before it is in memory.
 */
interface ReceivingCall extends ServerInterceptingCallInterface {
  readonly stream: ServerHttp2Stream;
  /** `message`: with its frame header. May throw a status. */
  decompressMessage(message: Buffer, encoding: string): Buffer | Promise<Buffer>;
}

/** One gRPC call, from its headers to the end of its stream; what it holds is reserved meanwhile. */
export class IncomingCall {
  readonly progress: IntakeProgress;
  /** What goes back with whatever is answered. */
  readonly answer = new Metadata();
  #context: AsyncResource | undefined;
  readonly #call: ReceivingCall;
  readonly #intake: LogIntake;
  readonly #receiving: NodeJS.Timeout;
  #ended = false;
  /** From then on whoever took the message releases what is reserved. */
  #taken = false;

  constructor(
    call: ServerInterceptingCallInterface,
    intake: LogIntake,
    onEnd?: (outcome: RequestOutcome<string>) => void,
  ) {
    const receivingCall = call as ReceivingCall;
    const { stream } = receivingCall;
    this.#call = receivingCall;
    this.#intake = intake;
    this.progress = intake.begin();
    const { requestTimeoutMs } = intake.limits;
    this.#receiving = setTimeout(() => this.refuse(tooSlow(requestTimeoutMs)), requestTimeoutMs);
    receivingCall.decompressMessage = (message, encoding) =>
      this.inContext(() => this.#unpack(message, encoding));
    // Before grpc-js looks at the same bytes: it ignores them once the call is refused.
    stream.prependListener('data', (chunk: Buffer) => this.#arrived(chunk));
    stream.once('close', () => {
      this.ended();
      const status = statusSentOn(stream);
      // grpc-js refuses on its own what is too large.
      if (status === 'RESOURCE_EXHAUSTED') this.progress.refused ??= 'too_large';
      onEnd?.({ status, ...outcomeOf(this.progress) });
    });
  }

  /** The sender's metadata are here: from now on, what serves the call is to run {@link inContext}. */
  begin(metadata: Metadata): void {
    this.progress.sender = {
      traceparent: metadata.get('traceparent')[0]?.toString(),
      tracestate: metadata.get('tracestate').join() || undefined,
    };
    const begun: GrpcCallBegun = { metadata, answer: this.answer, stream: this.#call.stream };
    this.#context = GRPC_CALLS.runStores(begun, () => new AsyncResource('VouchtrailGrpcCall'));
  }

  inContext<T>(serve: () => T): T {
    return this.#context === undefined ? serve() : this.#context.runInAsyncScope(serve);
  }

  /**
   * Whoever calls it has the whole message, and releases what is reserved once it is done. Undefined if nobody
   * waits for an answer any more: the call was refused, broken off, or is past its deadline.
   */
  take(): IntakeProgress | undefined {
    if (this.#ended) return undefined;
    this.#taken = true;
    clearTimeout(this.#receiving);
    return this.progress;
  }

  refuse(refusal: Refusal): void {
    if (this.#ended) return;
    this.progress.refused = refusal.reason;
    this.#call.sendStatus(grpcStatusOf(refusal, this.answer));
    this.ended();
  }

  /** The call was answered, broken off by its sender, or is past its deadline. May be called again. */
  ended(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#receiving);
    if (!this.#taken) this.progress.reservation.release();
    // What a sender goes on to send nobody reads, and what it has sent is kept until its stream is closed.
    const { stream } = this.#call;
    if (!stream.readableEnded && !stream.closed) stream.close(constants.NGHTTP2_NO_ERROR);
  }

  #arrived(chunk: Buffer): void {
    if (this.#ended) return;
    this.progress.bytes += chunk.length;
    if (!this.progress.reservation.grow(chunk.length + CHUNK_BYTES)) this.refuse(overloaded());
  }

  #unpack(message: Buffer, encoding: string): Buffer {
    try {
      return this.#messageIn(message.subarray(FRAME_HEADER_BYTES), encoding);
    } catch (error) {
      throw grpcStatusOf(this.#intake.refuse(error, this.progress), this.answer);
    }
  }

  #messageIn(content: Buffer, encoding: string): Buffer {
    const { reservation } = this.progress;
    this.#intake.admit();
    if (encoding === 'gzip') return gunzip(content, this.#intake.limits.maxBodyBytes, reservation);
    if (encoding === 'identity') {
      // grpc-js has joined the pieces that arrived and keeps them too.
      if (!reservation.grow(content.length)) throw overloaded();
      return content;
    }
    const message = `The encoding "${encoding.slice(0, 40)}" is not supported. Use one of ${GRPC_ENCODINGS}.`;
    throw new Refusal(415, { code: RPC_CODES.unimplemented, message });
  }
}

/** Read from the stream, as grpc-js sends some statuses on its own. */
function statusSentOn(stream: ServerHttp2Stream): string {
  if (stream.rstCode !== constants.NGHTTP2_NO_ERROR) return grpcStatusName(undefined);
  return grpcStatusName(stream.sentTrailers?.['grpc-status'] ?? stream.sentHeaders?.['grpc-status']);
}
