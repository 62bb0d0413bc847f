import type { ExportLogger } from '../export/export-logger.js';
import type { ForwardCounts } from './forward-counts.js';

/**
 * How records leave. Over HTTP each request leaves in the encoding in which it came, protobuf or JSON, since nothing is
 * lost only in the same one; a destination that does not take JSON gets protobuf.
 */
export type ForwardProtocol = 'http/protobuf' | 'grpc';

/** Where records go. */
export interface ForwardTarget {
  /**
   * `http://` or `https://` (TLS, by the system's authorities). Over HTTP `/v1/logs` is added unless its path ends so;
   * over gRPC it has no path.
   */
  readonly url: string;
  readonly protocol: ForwardProtocol;
  /** Sent with every request, such as credentials; never logged. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The program's, for the User-Agent. */
  readonly version: string;
  readonly limits?: Partial<ForwardLimits>;
}

export interface ForwarderOptions extends ForwardTarget {
  readonly logger: ExportLogger;
  readonly counters: ForwardCounts;
}

export interface ForwardLimits {
  /** Requests on their way to the destination at once; others wait. */
  readonly concurrency: number;
  /** How long a request may take from its connection to its answer, and how long one may wait for its turn. */
  readonly timeoutMs: number;
  readonly queueTimeoutMs: number;
  /** A request that is larger, unzipped, leaves in pieces. */
  readonly maxRequestBytes: number;
  /** A piece that is not larger is not cut again, whatever the destination says of its size. */
  readonly minPieceBytes: number;
  /** How long the destination is left alone after a failure: doubled with each that follows, up to the most. */
  readonly firstBackoffMs: number;
  readonly mostBackoffMs: number;
  /** The longest wait that a destination can ask for. */
  readonly mostRetryAfterMs: number;
}

const KIB = 1024;

/** The largest request is OTLP's; a backoff is short because a destination that is back should be seen to be. */
export const DEFAULT_FORWARD_LIMITS: ForwardLimits = {
  concurrency: 8,
  timeoutMs: 10_000,
  queueTimeoutMs: 10_000,
  maxRequestBytes: 64 * KIB * KIB,
  minPieceBytes: 64 * KIB,
  firstBackoffMs: 500,
  mostBackoffMs: 5_000,
  mostRetryAfterMs: 60_000,
};

/** Records cannot be forwarded to where the options say. */
export class ForwardOptionsError extends Error {
  override readonly name = 'ForwardOptionsError';
}

/**
 * The URL of a target, checked.
 *
 * @throws ForwardOptionsError
 */
export function targetUrl({ url, protocol }: Pick<ForwardTarget, 'url' | 'protocol'>): URL {
  if (!URL.canParse(url))
    throw new ForwardOptionsError('The URL to forward to is none: use http://host:port.');
  const parsed = new URL(url);
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') {
    throw new ForwardOptionsError(
      `The URL to forward to begins with ${parsed.protocol}: use http:// or https://.`,
    );
  }
  if (parsed.username !== '' || parsed.password !== '' || parsed.search !== '' || parsed.hash !== '') {
    throw new ForwardOptionsError(
      'The URL to forward to holds credentials, a query or a fragment: send credentials as a header.',
    );
  }
  if (protocol === 'grpc' && parsed.pathname !== '/') {
    throw new ForwardOptionsError('The URL to forward to over gRPC has a path: leave it out.');
  }
  return parsed;
}
