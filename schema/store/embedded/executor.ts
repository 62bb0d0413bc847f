import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { type Answer, hasStatistics, NO_OUTPUT } from './answer.js';
import { Cancellation } from './cancellation.js';
import { ClientSessions } from './client-sessions.js';
import { connectionOpener, type EngineConnection, type StatementContext } from './connection.js';
import type { Engine } from './engine.js';
import type { QueryRequest } from './http-request.js';
import { Lane } from './lane.js';
import { QueryError } from './query-error.js';
import { ReadMeter } from './read-meter.js';
import { readerGuard } from './reader-guard.js';
import { runInsert, runStatement } from './runner.js';
import type { Spool } from './spool.js';
import { inspectStatement, type Statement } from './statement.js';

/**
 * Connections for each kind of statement. Together with the few that the endpoint itself uses they stay below
 * the 16 threads of the child (UV_THREADPOOL_SIZE), so that file reads always find one.
 */
const LANES = { read: 5, write: 4, reader: 3 } as const;
const MAX_WAITING = 500;
const MAX_SESSIONS = 32;

/** The parts that an Executor is made of. */
interface Parts {
  readonly engine: Engine;
  readonly database: string;
  readonly spool: Spool;
  readonly open: () => EngineConnection;
  readonly guardReader: (text: string) => Promise<void>;
}

/** Runs requests on the engine: checks the statement, finds a connection for it, and undoes what it left. */
export class Executor {
  readonly #parts: Parts;
  readonly #lanes: Readonly<Record<keyof typeof LANES, Lane>>;
  readonly #sessions: ClientSessions;
  readonly #cancellation: Cancellation;
  readonly #meter: ReadMeter;
  readonly #control: ReturnType<Engine['connect']>;

  /** @param database the one for requests that name none */
  static async create(engine: Engine, spool: Spool, database: string): Promise<Executor> {
    const open = await connectionOpener(engine);
    return new Executor({ engine, database, spool, open, guardReader: await readerGuard(engine) });
  }

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.#control = parts.engine.connect();
    this.#cancellation = new Cancellation(this.#control);
    this.#meter = new ReadMeter(this.#control);
    this.#lanes = {
      read: new Lane(LANES.read, MAX_WAITING, parts.open),
      write: new Lane(LANES.write, MAX_WAITING, parts.open),
      reader: new Lane(LANES.reader, MAX_WAITING, parts.open),
    };
    this.#sessions = new ClientSessions(MAX_SESSIONS, parts.open);
  }

  /**
   * Runs a request.
   * @param isReader whether its user may only read
   * @param response its closing by the client stops the statement
   */
  async run(query: QueryRequest, isReader: boolean, response: ServerResponse): Promise<Answer> {
    if (query.text === '') throw new QueryError(62, 'SYNTAX_ERROR', 'Empty query.');
    const { engine, spool, guardReader } = this.#parts;
    const hasSession = query.sessionId !== undefined;
    const statement = await inspectStatement(engine, query.text, query.parameters, hasSession);
    if ((isReader || query.readOnly) && statement.kind !== 'read') {
      const { first } = statement.shape;
      throw new QueryError(164, 'READONLY', `${first} is refused: this user or this request may only read.`);
    }
    if (isReader) await guardReader(query.text);
    if (!statement.shape.rows) return this.#onConnection(query, statement, isReader, response, undefined);
    if (!query.rows) return nothing(statement);
    const rows = await spool.receive(query.rows());
    try {
      // A server takes an INSERT without any rows as done.
      if (rows.bytes === 0) return nothing(statement);
      return await this.#onConnection(query, statement, isReader, response, rows.path);
    } finally {
      await rm(rows.path, { force: true });
    }
  }

  /** Stops everything that runs. */
  async cancelAll(): Promise<void> {
    await this.#cancellation.everything();
  }

  /** Lets go of all connections. Nothing may run any more. */
  close(): void {
    for (const lane of Object.values(this.#lanes)) lane.close();
    this.#sessions.close();
    this.#control.close();
  }

  async #onConnection(
    query: QueryRequest,
    statement: Statement,
    isReader: boolean,
    response: ServerResponse,
    rowsPath: string | undefined,
  ): Promise<Answer> {
    const { database } = this.#parts;
    const context: StatementContext = {
      database: query.database ?? (query.sessionId === undefined ? database : undefined),
      defaultDatabase: database,
      readOnly: isReader || query.readOnly,
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
          this.#meter.count(() => this.#execute(connection, query, statement, isReader, rowsPath)),
        );
        failed = false;
        if (statement.shape.first === 'USE') connection.forgetDatabase();
        return value;
      } finally {
        await connection.restore(failed);
      }
    };
    const lane = isReader ? this.#lanes.reader : this.#lanes[statement.kind === 'read' ? 'read' : 'write'];
    if (query.sessionId === undefined) return lane.use(use);
    const key = `${isReader ? 'reader' : 'writer'} ${query.sessionId}`;
    return this.#sessions.use(key, query.sessionTimeoutSeconds, (connection) =>
      lane.turn(() => use(connection)),
    );
  }

  async #execute(
    connection: EngineConnection,
    query: QueryRequest,
    statement: Statement,
    isReader: boolean,
    rowsPath: string | undefined,
  ): Promise<Answer> {
    if (rowsPath !== undefined) return runInsert(connection, statement, rowsPath);
    const run = () =>
      runStatement(connection, statement, query.format, this.#answerPath(statement, query, isReader));
    if (statement.kind !== 'write' || !statement.shape.words.has('SELECT')) return run();
    const { value, read } = await this.#meter.measure(run);
    return { ...value, read };
  }

  /** The program takes its JSON answers into memory whole; what others export may be of any size. */
  #answerPath(statement: Statement, query: QueryRequest, isReader: boolean): string {
    const format = statement.shape.format?.name ?? query.format;
    return this.#parts.spool.newPath(!isReader && hasStatistics(format));
  }
}

function nothing(statement: Statement): Answer {
  const format = statement.shape.rows?.format ?? 'Null';
  return { output: NO_OUTPUT, format, read: undefined, resultRows: 0, elapsedSeconds: 0 };
}
