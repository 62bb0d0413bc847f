import { randomUUID, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sendAnswer } from './answer.js';
import type { Executor } from './executor.js';
import { readQueryRequest, requestCredentials } from './http-request.js';
import type { Credentials } from './messages.js';
import { QueryError, queryErrorFromEngine } from './query-error.js';

/** How long answers under way may take to leave when the endpoint closes. */
const CLOSE_PATIENCE_MS = 3_000;

const SERVER_OPTIONS = {
  keepAliveTimeout: 60_000,
  // An insert may take as long as its client likes to send it.
  requestTimeout: 0,
  // As long a URL as ClickHouse takes (http_max_uri_size).
  maxHeaderSize: 1024 ** 2,
};

/** ClickHouse's HTTP interface in front of the engine, on loopback. */
export class Endpoint {
  readonly #executor: Executor;
  readonly #writer: Credentials;
  readonly #reader: Credentials;
  readonly #server: Server;
  #stopping = false;

  constructor(executor: Executor, users: { readonly writer: Credentials; readonly reader: Credentials }) {
    this.#executor = executor;
    this.#writer = users.writer;
    this.#reader = users.reader;
    this.#server = createServer(SERVER_OPTIONS, (request, response) => void this.#handle(request, response));
  }

  /** Listens on loopback. Resolves with the port; rejects when it is taken. */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', () => resolve((this.#server.address() as AddressInfo).port));
    });
  }

  /** Takes no more requests, stops what runs, and resolves when the last answer has left. */
  async close(): Promise<void> {
    this.#stopping = true;
    if (!this.#server.listening) return;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    const again = setInterval(() => {
      // A statement that only just began to run was not there for the first KILL.
      void this.#executor.cancelAll();
      this.#server.closeIdleConnections();
    }, 100);
    const force = setTimeout(() => this.#server.closeAllConnections(), CLOSE_PATIENCE_MS);
    await this.#executor.cancelAll();
    await closed;
    clearInterval(again);
    clearTimeout(force);
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('X-ClickHouse-Server-Display-Name', 'vouchtrail-embedded');
    response.setHeader('X-ClickHouse-Timezone', 'UTC');
    try {
      if (this.#stopping) throw new QueryError(236, 'ABORTED', 'The store is shutting down.', 503);
      const url = new URL(request.url ?? '/', 'http://localhost');
      if (url.pathname === '/ping' || url.pathname === '/replicas_status') {
        response.end('Ok.\n');
        return;
      }
      if (url.pathname !== '/') {
        throw new QueryError(36, 'BAD_ARGUMENTS', `There is no handle ${url.pathname}: use / or /ping.`, 404);
      }
      const isReader = this.#authenticate(request, url);
      const query = await readQueryRequest(request, url);
      response.setHeader('X-ClickHouse-Query-Id', query.queryId ?? randomUUID());
      const answer = await this.#executor.run(query, isReader, response);
      await sendAnswer(response, answer, query.gzipAnswer);
    } catch (error) {
      sendError(request, response, error);
    }
  }

  /** @returns whether the user may only read */
  #authenticate(request: IncomingMessage, url: URL): boolean {
    const { user, password } = requestCredentials(request, url);
    const given = Buffer.from(password);
    for (const known of [this.#writer, this.#reader]) {
      const expected = Buffer.from(known.password);
      const same = given.length === expected.length && timingSafeEqual(given, expected);
      if (user === known.username && same) return known === this.#reader;
    }
    const reason = 'Authentication failed: password is incorrect, or there is no user with such name.';
    throw new QueryError(516, 'AUTHENTICATION_FAILED', `${user}: ${reason}`);
  }
}

function sendError(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const answer = queryErrorFromEngine(error);
  response.statusCode = answer.status;
  for (const name of ['Content-Encoding', 'Content-Length']) response.removeHeader(name);
  response.setHeader('Content-Type', 'text/plain; charset=UTF-8');
  response.setHeader('X-ClickHouse-Exception-Code', String(answer.code));
  response.end(answer.body());
  // A body that nobody reads would keep the socket busy for the next request.
  request.resume();
}
