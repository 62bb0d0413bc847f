import type { Buffer } from 'node:buffer';
import {
  Client,
  compressionAlgorithms,
  credentials,
  Metadata,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { type Delivery, type Destination, type Payload, shortWords } from './destination.js';
import { readExportResponse, readStatus } from './export-answer.js';
import { type ForwardLimits, ForwardOptionsError, type ForwardTarget, targetUrl } from './forward-options.js';

const LOGS_EXPORT = '/opentelemetry.proto.collector.logs.v1.LogsService/Export';
// OTLP's table; RESOURCE_EXHAUSTED is one only with RetryInfo.
const RETRYABLE = new Set([
  status.CANCELLED,
  status.DEADLINE_EXCEEDED,
  status.ABORTED,
  status.OUT_OF_RANGE,
  status.UNAVAILABLE,
  status.DATA_LOSS,
]);

const asItIs = (bytes: Buffer): Buffer => bytes;

/** An OTLP/gRPC receiver. */
export class GrpcDestination implements Destination {
  readonly name: string;
  readonly #client: Client;
  readonly #metadata: Metadata;
  readonly #timeoutMs: number;

  constructor(target: ForwardTarget, limits: Pick<ForwardLimits, 'timeoutMs' | 'mostBackoffMs'>) {
    const url = targetUrl(target);
    const secure = url.protocol === 'https:';
    this.name = url.origin;
    this.#timeoutMs = limits.timeoutMs;
    this.#metadata = metadataOf(target.headers ?? {});
    const address = `${url.hostname}:${url.port || (secure ? 443 : 80)}`;
    this.#client = new Client(address, secure ? credentials.createSsl() : credentials.createInsecure(), {
      'grpc.primary_user_agent': `vouchtrail/${target.version}`,
      'grpc.default_compression_algorithm': compressionAlgorithms.gzip,
      // The sender does both: it knows better than the channel when a request is worth another try.
      'grpc.enable_retries': 0,
      'grpc.service_config_disable_resolution': 1,
      // A destination that is back should be seen to be.
      'grpc.initial_reconnect_backoff_ms': 100,
      'grpc.max_reconnect_backoff_ms': limits.mostBackoffMs,
      // Settings come in as arguments, not from the environment.
      'grpc.enable_http_proxy': 0,
      'grpc.use_local_subchannel_pool': 1,
    });
  }

  deliver({ body }: Payload): Promise<Delivery> {
    return new Promise((resolve) => {
      const options = { deadline: Date.now() + this.#timeoutMs };
      const answered = (error: ServiceError | null, response?: Buffer) => {
        if (error !== null) resolve(deliveryOf(error));
        else {
          const { rejected, reason } = readExportResponse(response ?? new Uint8Array(), 'protobuf');
          resolve({ outcome: 'taken', rejected, reason: shortWords(reason) });
        }
      };
      this.#client.makeUnaryRequest(LOGS_EXPORT, asItIs, asItIs, body, this.#metadata, options, answered);
    });
  }

  close(): void {
    this.#client.close();
  }
}

/** What a status means, by OTLP's table: what it does not list as retryable must not be sent again. */
function deliveryOf(error: ServiceError): Delivery {
  const { code, details, metadata } = error;
  const reason = `gRPC ${status[code]}: ${shortWords(details) || 'no reason given'}`;
  const encoded = metadata.get('grpc-status-details-bin')[0];
  const retryDelayMs =
    encoded === undefined ? undefined : readStatus(encoded as Buffer, 'protobuf').retryDelayMs;
  if (RETRYABLE.has(code)) return { outcome: 'later', reason, afterMs: retryDelayMs ?? 0 };
  if (code !== status.RESOURCE_EXHAUSTED) return { outcome: 'refused', reason };
  // Without RetryInfo it must not be sent again, and is what a message beyond the limit is answered with.
  if (retryDelayMs === undefined) return { outcome: 'too large', reason };
  return { outcome: 'later', reason, afterMs: retryDelayMs };
}

function metadataOf(headers: Readonly<Record<string, string>>): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headers)) {
    try {
      metadata.set(name, value);
    } catch {
      // The value may be a secret, and grpc-js quotes it.
      throw new ForwardOptionsError(
        `The header ${name} cannot be sent over gRPC: use another name or value.`,
      );
    }
  }
  return metadata;
}
