import { createServer, type Server as NetServer } from 'node:net';
import { type ConnectionInjector, Server, ServerCredentials } from '@grpc/grpc-js';
import { GrpcLogsService, OTLP_METHODS } from './grpc-logs-service.js';
import { listen, type OtlpReceiver } from './listen.js';
import { LogIntake } from './log-intake.js';
import { DEFAULT_RECEIVER_LIMITS, type ReceiverLimits, type ReceiverOptions } from './receiver-options.js';

/**
 * Starts an OTLP/gRPC receiver for logs (`LogsService/Export`; gzip or none), without TLS.
 *
 * @throws PortInUseError if the port is taken, or the system's error if it cannot listen for another reason
 */
export async function startOtlpGrpcReceiver(options: ReceiverOptions<string>): Promise<OtlpReceiver> {
  const limits = { ...DEFAULT_RECEIVER_LIMITS, ...options.limits };
  const service = new GrpcLogsService(new LogIntake(options, limits), options.onRequest);
  const server = newServer(service, limits);
  const connections = server.createConnectionInjector(ServerCredentials.createInsecure());
  // Not grpc-js's own listener, which has no limit of connections and tells in words only that a port is taken.
  const listener = createServer({ noDelay: true }, (socket) => connections.injectConnection(socket));
  listener.maxConnections = limits.maxConnections;
  const listening = await listen(listener, options);
  let closing: Promise<void> | undefined;
  return {
    ...listening,
    close: () => {
      service.draining = true;
      closing ??= drain(listener, connections, limits.drainTimeoutMs).then(() => server.forceShutdown());
      return closing;
    },
  };
}

function newServer(service: GrpcLogsService, limits: ReceiverLimits): Server {
  const server = new Server({
    'grpc.max_receive_message_length': limits.maxBodyBytes,
    'grpc.max_concurrent_streams': limits.maxStreamsPerConnection,
    'grpc.max_connection_idle_ms': limits.keepAliveTimeoutMs,
    'grpc.keepalive_time_ms': limits.pingIntervalMs,
    'grpc.keepalive_timeout_ms': limits.pingTimeoutMs,
    'grpc.enable_channelz': 0,
    interceptors: [service.interceptor],
  });
  const names = Object.keys(OTLP_METHODS);
  server.addService(OTLP_METHODS, Object.fromEntries(names.map((name) => [name, service.export])));
  return server;
}

/** Sends GOAWAY on every connection, waits for their calls, and cuts what is left after `timeoutMs`. */
async function drain(listener: NetServer, connections: ConnectionInjector, timeoutMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
  connections.drain(timeoutMs);
  await closed;
}
