import type { BytesInFlight } from './bytes-in-flight.js';
import { DEFAULT_DECODE_LIMITS, type DecodeLimits, type DecodeNotes } from './decode-limits.js';
import type { AcceptLogs } from './log-batch.js';
import type { RefusalReason } from './refusal.js';

const MIB = 1024 * 1024;

/** What a receiver refuses, and how long it waits. */
export interface ReceiverLimits {
  /** The largest body of a request, in bytes, both as it comes and decompressed. */
  readonly maxBodyBytes: number;
  /** The most bytes that all requests together may hold; room for one of the largest, twice, at least. */
  readonly maxBytesInFlight: number;
  readonly maxConnections: number;
  /** How many calls one gRPC connection may carry at once; more wait at the sender. */
  readonly maxStreamsPerConnection: number;
  /** How long a sender may take for a request's headers, and for the whole request. */
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
  /** How long a connection is kept open between requests. */
  readonly keepAliveTimeoutMs: number;
  /** How often a gRPC connection is asked whether its sender is still there, and how long the answer may take. */
  readonly pingIntervalMs: number;
  readonly pingTimeoutMs: number;
  /** How long closing waits for requests under way. */
  readonly drainTimeoutMs: number;
  readonly decode: DecodeLimits;
}

/** The body limit is what OTLP recommends; keep-alive outlasts the usual 60 s of load balancers. */
export const DEFAULT_RECEIVER_LIMITS: ReceiverLimits = {
  maxBodyBytes: 64 * MIB,
  maxBytesInFlight: 128 * MIB,
  maxConnections: 4096,
  maxStreamsPerConnection: 100,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 60_000,
  keepAliveTimeoutMs: 65_000,
  pingIntervalMs: 30_000,
  pingTimeoutMs: 20_000,
  drainTimeoutMs: 10_000,
  decode: DEFAULT_DECODE_LIMITS,
};

/** A structured log, as pino writes it. */
export interface ReceiverLogger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What the headers of a request say of its sender's trace (W3C Trace Context), as they are: nobody has checked it. */
export interface SenderTrace {
  readonly traceparent: string | undefined;
  readonly tracestate: string | undefined;
}

/** How one request ended, for metrics and traces; `Status` is a number over HTTP, a name over gRPC. */
export interface RequestOutcome<Status = number> {
  /** What was answered. For a sender that left before its request was whole: 499; over gRPC `CANCELLED`. */
  readonly status: Status;
  /** Records decoded, whether stored or not. */
  readonly records: number;
  /** Of them, those that were refused for good, as the answer says. */
  readonly rejected: number;
  /** Bytes of the body as they came, compressed or not. */
  readonly bytes: number;
  /** From the headers to the answer. */
  readonly seconds: number;
  /** What the decoder tolerated, if the request got that far. */
  readonly notes: DecodeNotes | undefined;
  /** Undefined for what was not refused: it was taken, its sender left, or its deadline passed. */
  readonly refused: RefusalReason | undefined;
  readonly sender: SenderTrace | undefined;
}

export interface ReceiverOptions<Status = number> {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** What a person sets to choose the port, for the error that says it is taken. */
  readonly portSetting?: string;
  readonly accept: AcceptLogs;
  readonly limits?: Partial<ReceiverLimits>;
  /** What all requests hold, shared with other receivers; one of its own, of `maxBytesInFlight`, by default. */
  readonly inFlight?: BytesInFlight;
  readonly logger: ReceiverLogger;
  /** Called once for each request, after its answer is given to the socket. */
  readonly onRequest?: (outcome: RequestOutcome<Status>) => void;
}
