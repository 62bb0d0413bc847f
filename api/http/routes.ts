import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ApiLogger } from '../logger.js';
import { hostRefusal } from './host-check.js';

/** Whether the service can store and answer: `ready` and `degraded` can, the others cannot. */
export interface ReadinessReport {
  readonly status: 'ready' | 'degraded' | 'starting' | 'store-down' | 'disk-full' | 'draining';
  /** Why it is not simply ready, in words. */
  readonly reasons: readonly string[];
}

const SERVING: readonly ReadinessReport['status'][] = ['ready', 'degraded'];

export interface RouteOptions {
  readonly host: string;
  readonly version: string;
  readonly logger: ApiLogger;
  readonly readiness: () => ReadinessReport | Promise<ReadinessReport>;
  /** The metrics in Prometheus' text format 0.0.4. */
  readonly metrics: () => Promise<string>;
  readonly graphqlPath: string;
  readonly graphql: (request: IncomingMessage, response: ServerResponse) => unknown;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const json = (status: number, body: object): Answer => ({
  status,
  type: 'application/json; charset=utf-8',
  body: `${JSON.stringify(body)}\n`,
});

const text = (status: number, body: string): Answer => ({
  status,
  type: 'text/plain; charset=utf-8',
  body: `${body}\n`,
});

function send(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, {
    'content-type': answer.type,
    'content-length': Buffer.byteLength(answer.body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(request.method === 'HEAD' ? undefined : answer.body);
}

function index({ version, graphqlPath }: RouteOptions): Answer {
  const lines = [
    `Vouchtrail ${version}`,
    '',
    `${graphqlPath}  GraphQL; in a browser, GraphiQL`,
    '/healthz  whether the process lives',
    '/readyz   whether it can store and answer',
    '/metrics  metrics for Prometheus',
  ];
  return text(200, lines.join('\n'));
}

async function ready(options: RouteOptions): Promise<Answer> {
  const report = await options.readiness();
  return json(SERVING.includes(report.status) ? 200 : 503, report);
}

async function metrics(options: RouteOptions): Promise<Answer> {
  return { status: 200, type: 'text/plain; version=0.0.4; charset=utf-8', body: await options.metrics() };
}

type Route = (options: RouteOptions) => Answer | Promise<Answer>;

const ROUTES: ReadonlyMap<string, Route> = new Map<string, Route>([
  ['/', index],
  ['/healthz', ({ version }) => json(200, { status: 'alive', version })],
  ['/readyz', ready],
  ['/metrics', metrics],
]);

async function answerTo(request: IncomingMessage, path: string, options: RouteOptions): Promise<Answer> {
  const route = ROUTES.get(path);
  if (!route) return text(404, `Nothing is at ${path.slice(0, 100)}. / lists what there is.`);
  if (request.method !== 'GET' && request.method !== 'HEAD') return text(405, `${path} is read with GET.`);
  try {
    return await route(options);
  } catch (error) {
    options.logger.error({ err: error, path }, 'a request failed unexpectedly');
    return text(500, 'Unexpected error. The log of the service has more.');
  }
}

/** Handles every request of the API's port. */
export function requestHandler(
  options: RouteOptions,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const refusal = hostRefusal(request.headers.host, options.host);
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    if (refusal !== undefined) send(request, response, text(403, refusal));
    else if (path === options.graphqlPath) options.graphql(request, response);
    else void answerTo(request, path, options).then((answer) => send(request, response, answer));
  };
}
