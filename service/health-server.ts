import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, isIP } from 'node:net';
import { type RouteOptions, requestHandler } from '../api/http/routes.js';
import { PortInUseError } from '../api/server.js';

type HealthOptions = Pick<RouteOptions, 'host' | 'version' | 'logger' | 'readiness' | 'metrics'> & {
  port: number;
};

/**
 * Health, readiness and metrics on the API's port for a process that has no API: a balancer and Prometheus ask
 * every process in the same way.
 *
 * @param options port 0 takes any free one
 * @throws PortInUseError where another program has the port
 */
export async function startHealthServer({ port, ...options }: HealthOptions) {
  const { host } = options;
  const noGraphql: RouteOptions['graphql'] = (_request, response) => {
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' });
    response.end('GraphQL is not here: VOUCHTRAIL_ROLES of this process does not hold api.\n');
  };
  const server = createServer(requestHandler({ ...options, graphqlPath: '/graphql', graphql: noGraphql }));
  server.listen(port, host);
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EADDRINUSE' ? new PortInUseError(host, port, { cause: error }) : error;
  });
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://${isIP(host) === 6 ? `[${host}]` : host}:${bound}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
