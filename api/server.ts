import { createServer, type Server } from 'node:http';
import { type AddressInfo, isIP } from 'node:net';
import type { Database } from '../schema/store/database.js';
import type { CorrelationMetadata } from './correlation-list.js';
import { PortInUseError } from './http/port-in-use-error.js';
import { type ReadinessReport, requestHandler } from './http/routes.js';
import type { ApiLogger } from './logger.js';
import type { OperationWatch } from './operation-watch.js';
import { createGraphql, GRAPHQL_PATH } from './yoga.js';

export type { CorrelationMetadata } from './correlation-list.js';
export { PortInUseError } from './http/port-in-use-error.js';
export type { ReadinessReport } from './http/routes.js';
export type { ApiLogger } from './logger.js';
export type { OperationWatch } from './operation-watch.js';

export interface ApiOptions {
  readonly database: Database;
  /** The address to listen on. Without authentication: a loopback address. */
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly logger: ApiLogger;
  readonly correlations: readonly CorrelationMetadata[];
  readonly readiness: () => ReadinessReport | Promise<ReadinessReport>;
  /** The metrics in Prometheus' text format 0.0.4. */
  readonly metrics: () => Promise<string>;
  readonly version: string;
  /** Told of each GraphQL operation, for traces. */
  readonly onOperation?: OperationWatch;
}

export interface Api {
  readonly port: number;
  /** Such as http://127.0.0.1:4000; GraphQL is at /graphql below it. */
  readonly url: string;
  /** Takes no more requests, answers those under way (up to 10 s), then closes. Safe to call twice. */
  close(): Promise<void>;
}

/** How long a client may take to send its request. */
const REQUEST_TIMEOUT_MS = 30_000;
const DRAIN_MS = 10_000;

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new PortInUseError(host, port, { cause: error }) : error);
    });
    server.listen(port, host, () => resolve());
  });
}

async function drain(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  // A connection whose last answer is out must not keep the server open for the sake of another question.
  server.keepAliveTimeout = 1;
  const patience = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearTimeout(patience);
}

/**
 * Serves GraphQL, GraphiQL, health, readiness and metrics over HTTP.
 * @returns once it listens
 * @throws PortInUseError where another program has the port
 */
export async function startApi(options: ApiOptions): Promise<Api> {
  const { host, port, logger } = options;
  const yoga = createGraphql(options);
  const server = createServer(
    { requestTimeout: REQUEST_TIMEOUT_MS },
    requestHandler({ ...options, graphqlPath: GRAPHQL_PATH, graphql: yoga }),
  );
  await listen(server, host, port);
  server.on('error', (error) => logger.error({ err: error }, 'the API server failed'));
  const bound = (server.address() as AddressInfo).port;
  let closing: Promise<void> | undefined;
  return {
    port: bound,
    url: `http://${isIP(host) === 6 ? `[${host}]` : host}:${bound}`,
    close: () => {
      closing ??= drain(server).then(() => yoga.dispose());
      return closing;
    },
  };
}
