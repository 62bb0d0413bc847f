import { BytesInFlight } from './bytes-in-flight.js';
import { startOtlpGrpcReceiver } from './grpc-server.js';
import { startOtlpHttpReceiver } from './http-server.js';
import type { OtlpReceiver } from './listen.js';
import { DEFAULT_RECEIVER_LIMITS, type ReceiverOptions } from './receiver-options.js';

export interface OtlpReceiversOptions
  extends Pick<ReceiverOptions, 'host' | 'accept' | 'limits' | 'logger' | 'inFlight'> {
  readonly http: PortOptions<number>;
  /** Without it nothing listens for gRPC. */
  readonly grpc?: PortOptions<string> | undefined;
}

/** What differs between the two; `Status` as in `RequestOutcome`. */
export type PortOptions<Status> = Pick<ReceiverOptions<Status>, 'port' | 'portSetting' | 'onRequest'>;

/** The receivers of both transports, in front of one store. */
export interface OtlpReceivers {
  readonly http: OtlpReceiver;
  readonly grpc: OtlpReceiver | undefined;
  /** Closes both, as each of them does. Never rejects. */
  close(): Promise<void>;
}

/**
 * Starts the receivers. Their limit of bytes in flight is one, over both.
 *
 * @throws PortInUseError if one of the ports is taken; nothing is left listening then
 */
export async function startOtlpReceivers(options: OtlpReceiversOptions): Promise<OtlpReceivers> {
  const { http: onHttp, grpc: onGrpc, ...both } = options;
  const { maxBytesInFlight } = { ...DEFAULT_RECEIVER_LIMITS, ...both.limits };
  const shared = { inFlight: new BytesInFlight(maxBytesInFlight), ...both };
  const http = await startOtlpHttpReceiver({ ...shared, ...onHttp });
  let grpc: OtlpReceiver | undefined;
  try {
    if (onGrpc !== undefined) grpc = await startOtlpGrpcReceiver({ ...shared, ...onGrpc });
  } catch (error) {
    await http.close();
    throw error;
  }
  return {
    http,
    grpc,
    close: async () => {
      await Promise.all([http.close(), grpc?.close()]);
    },
  };
}
