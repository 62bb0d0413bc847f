import { randomUUID, timingSafeEqual } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Answer, sendAnswer } from './answer.js';
import { Cancellation } from './cancellation.js';
import { ClientSessions } from './client-sessions.js';
import { connectionOpener, type EngineConnection, type StatementContext } from './connection.js';
import type { Engine } from './engine.js';
import { type QueryRequest, readQueryRequest, requestCredentials } from './http-request.js';
import { Lane } from './lane.js';
import type { Credentials } from './messages.js';
import { QueryError, queryErrorFromEngine } from './query-error.js';
import { ReadMeter } from './read-meter.js';
import { runInsert, runStatement } from './runner.js';
import { Spool } from './spool.js';
import { inspectStatement, type Statement } from './statement.js';

/**
 * Connections for each kind of statement. Together with the few that the endpoint itself uses they stay below
 * the 16 threads of the child (UV_THREADPOOL_SIZE), so that file reads always find one.
 */
const LANES = { read: 5, write: 4, latched: 3 } as const;
const MAX_WAITING = 500;
const MAX_SESSIONS = 32;

export interface EndpointOptions {
  readonly engine: Engine;
  readonly database: string;
  readonly writer: Credentials;
  readonly reader: Credentials;
}

/** The embedded engine behind ClickHouse's HTTP interface. */
export class Endpoint {
  readonly #engine: Engine;
  readonly #options: EndpointOptions;
  readonly #spool: Spool;
  readonly #server: Server;
  readonly #lanes: Readonly<Record<keyof typeof LANES, Lane>>;
  readonly #sessions: ClientSessions;
  readonly #cancellation: Cancellation;
  readonly #meter: ReadMeter;
  readonly #control: ReturnType<Engine['connect']>;
  #stopping = false;

  /** Sweeps the spool and gets ready to listen. */
  static async create(options: EndpointOptions): Promise<Endpoint> {
    const spool = new Spool(options.engine.spoolFolder);
    await spool.sweep();
    return new Endpoint(options, spool, await connectionOpener(options.engine));
  }

  private constructor(
    options: EndpointOptions,
    spool: Spool,
    open: (latched: boolean) => Promise<EngineConnection>,
  ) {
    this.#options = options;
    this.#engine = options.engine;
    this.#spool = spool;
    this.#control = options.engine.connect();
    this.#cancellation = new Cancellation(this.#control);
    this.#meter = new ReadMeter(this.#control);
    this.#lanes = {
      read: new Lane(LANES.read, MAX_WAITING, () => open(false)),
      write: new Lane(LANES.write, MAX_WAITING, () => open(false)),
      latched: new Lane(LANES.latched, MAX_WAITING, () => open(true)),
    };
    this.#sessions = new ClientSessions(MAX_SESSIONS, open);
    this.#server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0 }, (request, response) => {
      void this.#handle(request, response);
    });
  }

  /** Listens on loopback. Resolves with the port; rejects when it is taken. */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', () => resolve((this.#server.address() as AddressInfo).port));
    });
  }

  /** Takes no more requests, stops what runs and lets go of the engine's connections. */
  async close(): Promise<void> {
    this.#stopping = true;
    this.#server.close();
    const timer = setInterval(() => {
      void this.#cancellation.everything();
      this.#server.closeIdleConnections();
    }, 100);
    await this.#cancellation.everything();
    await new Promise<void>((resolve) => {
      const force = setTimeout(() => this.#server.closeAllConnections(), 3_000);
      this.#server.once('close', () => {
        clearTimeout(force);
        resolve();
      });
      if (!this.#server.listening) this.#server.emit('close');
    });
    clearInterval(timer);
    for (const lane of Object.values(this.#lanes)) lane.close();
    this.#sessions.close();
    this.#control.close();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    response.setHeader('X-ClickHouse-Server-Display-Name', 'vouchtrail-embedded');
    response.setHeader('X-ClickHouse-Timezone', 'UTC');
    try {
      if (this.#stopping) throw new QueryError(236, 'ABORTED', 'The store is shutting down.', 503);
      if (url.pathname === '/ping' || url.pathname === '/replicas_status') {
        response.end('Ok.\n');
        return;
      }
      if (url.pathname !== '/') {
        throw new QueryError(0, 'NOT_FOUND', `There is no handle ${url.pathname}. Use / or /ping.`, 404);
      }
      const isReader = this.#authenticate(request, url);
      const query = await readQueryRequest(request, url);
      response.setHeader('X-ClickHouse-Query-Id', query.queryId ?? randomUUID());
      const answer = await this.#run(query, isReader, response);
      await sendAnswer(response, answer, query.gzipAnswer);
    } catch (error) {
      this.#sendError(request, response, error);
    }
  }

  /** @returns whether the user may only read */
  #authenticate(request: IncomingMessage, url: URL): boolean {
    const { user, password } = requestCredentials(request, url);
    for (const known of [this.#options.writer, this.#options.reader]) {
      const given = Buffer.from(password);
      const expected = Buffer.from(known.password);
      const same = given.length === expected.length && timingSafeEqual(given, expected);
      if (user === known.username && same) return known === this.#options.reader;
    }
    throw new QueryError(
      516,
      'AUTHENTICATION_FAILED',
      `${user}: Authentication failed: password is incorrect, or there is no user with such name.`,
    );
  }

  async #run(query: QueryRequest, isReader: boolean, response: ServerResponse): Promise<Answer> {
    if (query.text === '') throw new QueryError(62, 'SYNTAX_ERROR', 'Empty query.');
    const hasSession = query.sessionId !== undefined;
    const statement = await inspectStatement(this.#engine, query.text, query.parameters, hasSession);
    const latched = isReader || query.readOnly;
    if (latched && statement.kind !== 'read' && !hasSession) refuseChange(statement);
    if (isReader && statement.kind !== 'read' && !/^(?:SET|USE)$/.test(statement.shape.first))
      refuseChange(statement);
    if (!statement.shape.rows)
      return this.#onConnection(query, statement, isReader, latched, response, undefined);
    if (!query.rows) return this.#nothing(statement);
    const rows = await this.#spool.receive(query.rows());
    try {
      // A server takes an INSERT without any rows as done.
      if (rows.bytes === 0) return this.#nothing(statement);
      return await this.#onConnection(query, statement, isReader, latched, response, rows.path);
    } finally {
      await rm(rows.path, { force: true });
    }
  }

  #nothing(statement: Statement): Answer {
    const format = statement.shape.rows?.format ?? 'Null';
    return { output: { kind: 'none' }, format, read: undefined, resultRows: 0, elapsedSeconds: 0 };
  }

  async #onConnection(
    query: QueryRequest,
    statement: Statement,
    isReader: boolean,
    latched: boolean,
    response: ServerResponse,
    rowsPath: string | undefined,
  ): Promise<Answer> {
    const context: StatementContext = {
      database: query.database ?? (query.sessionId === undefined ? this.#options.database : undefined),
      defaultDatabase: this.#options.database,
      tag: randomUUID(),
      settings: query.settings,
      parameters: query.parameters,
    };
    const use = async (connection: EngineConnection) => {
      if (response.destroyed) throw new QueryError(394, 'QUERY_WAS_CANCELLED', 'The client went away.');
      let failed = true;
      try {
        await connection.prepare(context);
        const value = await this.#cancellation.during(response, context.tag, () =>
          this.#meter.count(() => this.#execute(connection, query, statement, rowsPath)),
        );
        failed = false;
        if (statement.shape.first === 'USE') connection.forgetDatabase();
        return { value, reusable: await connection.restore(false) };
      } finally {
        if (failed) await connection.restore(true);
      }
    };
    const lane = latched ? this.#lanes.latched : this.#lanes[statement.kind === 'read' ? 'read' : 'write'];
    if (query.sessionId === undefined) return lane.use(use);
    const key = `${isReader ? 'reader' : 'writer'} ${latched} ${query.sessionId}`;
    return this.#sessions.use(key, latched, query.sessionTimeoutSeconds, (connection) =>
      lane.turn(() => use(connection)),
    );
  }

  async #execute(
    connection: EngineConnection,
    query: QueryRequest,
    statement: Statement,
    rowsPath: string | undefined,
  ): Promise<Answer> {
    if (rowsPath !== undefined) return runInsert(connection, statement, rowsPath);
    const run = () => runStatement(connection, this.#spool, statement, query.format);
    if (statement.kind !== 'write' || !statement.shape.words.has('SELECT')) return run();
    const { value, read } = await this.#meter.measure(run);
    return { ...value, read };
  }

  #sendError(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    const answer = queryErrorFromEngine(error);
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }
    response.statusCode = answer.status;
    for (const name of ['Content-Encoding', 'Content-Length']) response.removeHeader(name);
    response.setHeader('Content-Type', 'text/plain; charset=UTF-8');
    response.setHeader('X-ClickHouse-Exception-Code', String(answer.code));
    response.end(answer.body());
    // A body that nobody reads would keep the socket busy for the next request.
    request.resume();
  }
}

function refuseChange(statement: Statement): never {
  throw new QueryError(
    164,
    'READONLY',
    `${statement.shape.first} is refused: this user or request may only read.`,
  );
}
