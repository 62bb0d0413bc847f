import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { listen, type OtlpReceiver } from './listen.js';
import { LogIntake } from './log-intake.js';
import { LogsEndpoint } from './logs-endpoint.js';
import { OpenConnections } from './open-connections.js';
import { DEFAULT_RECEIVER_LIMITS, type ReceiverLimits, type ReceiverOptions } from './receiver-options.js';
import { answerUnreadable } from './unreadable-request.js';

/**
 * Starts an OTLP/HTTP receiver for logs (POST /v1/logs; protobuf and JSON; gzip or none).
 *
 * @throws PortInUseError if the port is taken, or the system's error if it cannot listen for another reason
 */
export async function startOtlpHttpReceiver(options: ReceiverOptions): Promise<OtlpReceiver> {
  const limits = { ...DEFAULT_RECEIVER_LIMITS, ...options.limits };
  const endpoint = new LogsEndpoint(new LogIntake(options, limits), options);
  const connections = new OpenConnections();
  const server = newServer(limits);
  server.on('connection', (socket) => connections.opened(socket));
  server.on('clientError', (error, socket) => answerUnreadable(error, socket as Socket, connections));
  const serve = (request: IncomingMessage, response: ServerResponse, sendContinue?: () => void) => {
    const { socket } = request;
    connections.requestBegan(socket, response);
    response.once('close', () => {
      connections.requestEnded(socket, response);
      if (endpoint.draining) connections.closeIdle();
    });
    endpoint.serve(request, response, sendContinue).catch((error) => {
      options.logger.error({ err: error }, 'a request could not be answered');
      socket.destroy();
    });
  };
  server.on('request', serve);
  server.on('checkContinue', (request, response) => serve(request, response, () => response.writeContinue()));
  server.on('checkExpectation', serve);
  const listening = await listen(server, options);
  let closing: Promise<void> | undefined;
  return {
    ...listening,
    close: () => {
      closing ??= drain(server, endpoint, connections, limits.drainTimeoutMs);
      return closing;
    },
  };
}

function newServer(limits: ReceiverLimits): Server {
  const server = createServer({
    headersTimeout: limits.headersTimeoutMs,
    // A body that is late is refused before this cuts its connection, which is for what is thrown away.
    requestTimeout: limits.headersTimeoutMs + 2 * limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    // How often the two limits above are looked at.
    connectionsCheckingInterval: Math.min(5000, limits.headersTimeoutMs),
    // The endpoint requires it, and answers with a Status.
    requireHostHeader: false,
  });
  server.maxConnections = limits.maxConnections;
  return server;
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
