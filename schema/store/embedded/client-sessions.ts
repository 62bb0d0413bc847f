import type { EngineConnection } from './connection.js';
import { QueryError } from './query-error.js';

interface ClientSession {
  readonly connection: EngineConnection;
  timer: NodeJS.Timeout | undefined;
  /** The end of the statement before: statements of one session run one after the other. */
  tail: Promise<void>;
  users: number;
}

/** Connections that clients keep over several requests by `session_id`, for SET, USE and temporary tables. */
export class ClientSessions {
  readonly #open: () => EngineConnection;
  readonly #sessions = new Map<string, ClientSession>();
  readonly #limit: number;

  constructor(limit: number, open: () => EngineConnection) {
    this.#limit = limit;
    this.#open = open;
  }

  /**
   * Runs `use` on the session's connection, opened at first use and closed when unused for its timeout.
   * Throws a QueryError when too many sessions are open.
   */
  use<T>(key: string, timeoutSeconds: number, use: (connection: EngineConnection) => Promise<T>): Promise<T> {
    let session = this.#sessions.get(key);
    if (!session) {
      if (this.#sessions.size >= this.#limit) {
        throw new QueryError(
          202,
          'TOO_MANY_SIMULTANEOUS_QUERIES',
          `${this.#limit} sessions are open already.`,
        );
      }
      session = { connection: this.#open(), timer: undefined, tail: Promise.resolve(), users: 0 };
      this.#sessions.set(key, session);
    }
    return this.#inTurn(key, session, timeoutSeconds, use);
  }

  close(): void {
    for (const [key, session] of this.#sessions) this.#end(key, session);
  }

  async #inTurn<T>(
    key: string,
    session: ClientSession,
    timeoutSeconds: number,
    use: (connection: EngineConnection) => Promise<T>,
  ): Promise<T> {
    clearTimeout(session.timer);
    session.users++;
    const before = session.tail;
    let done = () => {};
    session.tail = new Promise((resolve) => {
      done = resolve;
    });
    try {
      await before;
      return await use(session.connection);
    } finally {
      session.users--;
      done();
      if (!session.connection.usable) this.#end(key, session);
      else if (session.users === 0 && this.#sessions.get(key) === session) {
        session.timer = setTimeout(() => this.#end(key, session), timeoutSeconds * 1000);
        session.timer.unref();
      }
    }
  }

  #end(key: string, session: ClientSession): void {
    clearTimeout(session.timer);
    if (this.#sessions.get(key) === session) this.#sessions.delete(key);
    session.connection.close();
  }
}
