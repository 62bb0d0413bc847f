import type { Readable } from 'node:stream';
import type {
  CommandAnswer,
  Database,
  Params,
  QueryAnswer,
  StatementOptions,
} from '../../schema/store/database.js';

/** What a statement was, and how it went. */
export interface StatementSeen {
  /** What it was tagged with in the store: `correlation:unvouched-access`, for instance. */
  readonly tag: string | undefined;
  /** Milliseconds since 1970. */
  readonly began: number;
  readonly ended: number;
  /** What it was rejected with. */
  readonly error: unknown;
}

export interface InsertSeen extends StatementSeen {
  readonly table: string;
  /** Undefined where it is streamed. */
  readonly bytes: number | undefined;
}

/** Told of what goes through a database. */
export interface DatabaseWatch {
  /** Before a statement that is tagged is sent. */
  begins?(tag: string): void;
  /** A query or command. */
  statement?(seen: StatementSeen): void;
  /** An insert of rows in binary form. */
  insert?(seen: InsertSeen): void;
}

/** The same database, with somebody watching. */
export function watchedDatabase(database: Database, watch: DatabaseWatch): Database {
  return new WatchedDatabase(database, watch);
}

class WatchedDatabase implements Database {
  readonly #database: Database;
  readonly #watch: DatabaseWatch;

  constructor(database: Database, watch: DatabaseWatch) {
    this.#database = database;
    this.#watch = watch;
  }

  get name(): string {
    return this.#database.name;
  }

  query<T>(sql: string, params?: Params, options?: StatementOptions): Promise<QueryAnswer<T>> {
    return this.#statement(options, () => this.#database.query<T>(sql, params, options));
  }

  command(sql: string, params?: Params, options?: StatementOptions): Promise<CommandAnswer> {
    return this.#statement(options, () => this.#database.command(sql, params, options));
  }

  insertBinary(
    table: string,
    columnNames: readonly string[],
    body: Buffer | Readable,
    options?: StatementOptions,
  ): Promise<void> {
    const bytes = Buffer.isBuffer(body) ? body.length : undefined;
    return this.#seen(
      options,
      () => this.#database.insertBinary(table, columnNames, body, options),
      (seen) => this.#watch.insert?.({ ...seen, table, bytes }),
    );
  }

  insertRows(table: string, rows: readonly object[], options?: StatementOptions): Promise<void> {
    return this.#database.insertRows(table, rows, options);
  }

  ping(): Promise<boolean> {
    return this.#database.ping();
  }

  close(): Promise<void> {
    return this.#database.close();
  }

  #statement<T>(options: StatementOptions | undefined, run: () => Promise<T>): Promise<T> {
    return this.#seen(options, run, (seen) => this.#watch.statement?.(seen));
  }

  async #seen<T>(
    options: StatementOptions | undefined,
    run: () => Promise<T>,
    tell: (seen: StatementSeen) => void,
  ): Promise<T> {
    const tag = options?.logComment;
    if (tag !== undefined) this.#watch.begins?.(tag);
    const began = Date.now();
    try {
      const answer = await run();
      tell({ tag, began, ended: Date.now(), error: undefined });
      return answer;
    } catch (error) {
      tell({ tag, began, ended: Date.now(), error });
      throw error;
    }
  }
}
