import type { Buffer } from 'node:buffer';
import {
  type Metadata,
  type MethodDefinition,
  ServerInterceptingCall,
  type ServerInterceptor,
  type ServerUnaryCall,
  type sendUnaryData,
} from '@grpc/grpc-js';
import { IncomingCall } from './grpc-incoming-call.js';
import { GRPC_ENCODINGS, grpcStatusOf } from './grpc-status.js';
import type { IntakeProgress, LogIntake } from './log-intake.js';
import type { ReceiverOptions } from './receiver-options.js';
import { overloaded, Refusal, shuttingDown } from './refusal.js';
import { exportResponseBody, RPC_CODES } from './response-bodies.js';

const LOGS_EXPORT = '/opentelemetry.proto.collector.logs.v1.LogsService/Export';
const OTHER_SIGNALS = [
  '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
  '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
  '/opentelemetry.proto.collector.profiles.v1development.ProfilesService/Export',
];

/** A message on its way from the call that brought it to the method that serves it. */
interface Received {
  readonly body: Buffer;
  readonly call: IncomingCall;
}

const asItIs = (bytes: Buffer): Buffer => bytes;

/** The methods that are known, by name: the one that is served, and those refused with a word why. */
export const OTLP_METHODS: Readonly<Record<string, MethodDefinition<Buffer, Buffer>>> = Object.fromEntries(
  [LOGS_EXPORT, ...OTHER_SIGNALS].map((path) => [
    path,
    {
      path,
      requestStream: false,
      responseStream: false,
      requestSerialize: asItIs,
      requestDeserialize: asItIs,
      responseSerialize: asItIs,
      responseDeserialize: asItIs,
    },
  ]),
);

/** Serves `LogsService/Export`, and refuses the other signals' methods. */
export class GrpcLogsService {
  readonly #intake: LogIntake;
  readonly #onRequest: ReceiverOptions<string>['onRequest'];
  /** Set once the server is closing: calls that still come are refused. */
  draining = false;

  constructor(intake: LogIntake, onRequest: ReceiverOptions<string>['onRequest']) {
    this.#intake = intake;
    this.#onRequest = onRequest;
  }

  /** For each call before anything of its message is read. */
  readonly interceptor: ServerInterceptor = ({ path }, call) => {
    const incoming = new IncomingCall(call, this.#intake, this.#onRequest);
    return new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (metadata, proceed) => {
            incoming.begin(metadata);
            const refusal = incoming.inContext(() => this.#refusalBefore(path, incoming));
            if (refusal === undefined) proceed(metadata);
            else incoming.refuse(refusal);
          },
          onReceiveMessage: (body: Buffer, proceed) => proceed({ body, call: incoming } satisfies Received),
          onReceiveHalfClose: (proceed) => proceed(),
          onCancel: () => incoming.ended(),
        }),
      sendMetadata: (metadata: Metadata, proceed) => {
        metadata.set('grpc-accept-encoding', GRPC_ENCODINGS);
        metadata.merge(incoming.answer);
        proceed(metadata);
      },
    });
  };

  /** For each whole message; grpc-js calls it once the sender has said that no other follows. */
  readonly export = (call: ServerUnaryCall<Received, Buffer>, answer: sendUnaryData<Buffer>): void => {
    void call.request.call.inContext(() => this.#serve(call, answer));
  };

  #refusalBefore(path: string, { progress }: IncomingCall): Refusal | undefined {
    try {
      this.#check(path, progress);
      return undefined;
    } catch (error) {
      return this.#intake.refuse(error, progress);
    }
  }

  /** Refuses what can be refused before its message is read. */
  #check(path: string, progress: IntakeProgress): void {
    if (path !== LOGS_EXPORT) {
      const message = 'This receiver takes logs only; leave it out of other pipelines.';
      throw new Refusal(404, { code: RPC_CODES.unimplemented, message });
    }
    if (this.draining) throw shuttingDown();
    this.#intake.admit();
    if (progress.reservation.room() === 0) throw overloaded();
  }

  async #serve(
    { request: { body, call } }: ServerUnaryCall<Received, Buffer>,
    answer: sendUnaryData<Buffer>,
  ): Promise<void> {
    const progress = call.take();
    if (progress === undefined) return;
    try {
      const result = await this.#intake.take(body, 'protobuf', progress);
      answer(null, exportResponseBody(result, 'protobuf'));
    } catch (error) {
      answer(grpcStatusOf(this.#intake.refuse(error, progress), call.answer));
    } finally {
      progress.reservation.release();
    }
  }
}
