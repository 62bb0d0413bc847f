import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LogsEndpoint } from './logs-endpoint.js';
import { OpenConnections } from './open-connections.js';
import { PortInUseError } from './port-in-use-error.js';
import { DEFAULT_RECEIVER_LIMITS, type ReceiverLimits, type ReceiverOptions } from './receiver-options.js';

/** A receiver that is listening. */
export interface OtlpHttpReceiver {
  readonly port: number;
  /** Where to send to, without a path: `http://127.0.0.1:4318`. */
  readonly url: string;
  /** Takes no more requests, answers those under way, then closes every connection. Never rejects. */
  close(): Promise<void>;
}

/**
 * Starts an OTLP/HTTP receiver for logs (POST /v1/logs; protobuf and JSON; gzip or none).
 *
 * @throws PortInUseError if the port is taken, or the system's error if it cannot listen for another reason
 */
export async function startOtlpHttpReceiver(options: ReceiverOptions): Promise<OtlpHttpReceiver> {
  const limits = { ...DEFAULT_RECEIVER_LIMITS, ...options.limits };
  const endpoint = new LogsEndpoint(options, limits);
  const connections = new OpenConnections();
  const server = newServer(limits);
  server.on('connection', (socket) => connections.opened(socket));
  const serve = (request: IncomingMessage, response: ServerResponse, sendContinue?: () => void) => {
    const { socket } = request;
    connections.requestBegan(socket);
    response.once('close', () => {
      connections.requestEnded(socket);
      if (endpoint.draining) connections.closeIdle();
    });
    endpoint.serve(request, response, sendContinue).catch((error) => {
      options.logger.error({ err: error }, 'a request could not be answered');
      socket.destroy();
    });
  };
  server.on('request', serve);
  server.on('checkContinue', (request, response) => serve(request, response, () => response.writeContinue()));
  await listen(server, options);
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  let closing: Promise<void> | undefined;
  return {
    port,
    url: `http://${host}:${port}`,
    close: () => {
      closing ??= drain(server, endpoint, connections, limits.drainTimeoutMs);
      return closing;
    },
  };
}

function newServer(limits: ReceiverLimits): Server {
  const server = createServer({
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    // How often the two limits above are looked at.
    connectionsCheckingInterval: Math.min(5000, limits.headersTimeoutMs),
  });
  server.maxConnections = limits.maxConnections;
  return server;
}

async function listen(server: Server, options: ReceiverOptions): Promise<void> {
  const { host, port, portSetting = 'its port' } = options;
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new PortInUseError(host, port, portSetting, { cause: error });
  }
}

async function drain(
  server: Server,
  endpoint: LogsEndpoint,
  connections: OpenConnections,
  timeoutMs: number,
): Promise<void> {
  endpoint.draining = true;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  connections.closeIdle();
  const timeout = setTimeout(() => connections.destroyAll(), timeoutMs);
  await closed;
  clearTimeout(timeout);
}
