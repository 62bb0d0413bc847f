import { Readable } from 'node:stream';
import {
  type ClickHouseClient,
  ClickHouseError,
  ClickHouseLogLevel,
  type ClickHouseSettings,
  createClient,
} from '@clickhouse/client';
import { StoreUnavailableError, storeErrorFromCode } from './errors.js';

/** Values by parameter name, bound on the server as `{name:Type}`; they never become part of the text. */
export type Params = Record<string, unknown>;

export interface StatementOptions {
  /** ClickHouse settings for this statement alone. */
  readonly settings?: ClickHouseSettings;
  /** A tag that ClickHouse keeps with the statement (`log_comment`): where it comes from, what it serves. */
  readonly logComment?: string;
  /** Aborting it stops the statement in the store too. */
  readonly signal?: AbortSignal;
}

export interface QueryAnswer<T> {
  readonly rows: T[];
  /** Rows that the store read to answer, not rows answered. */
  readonly rowsRead: number;
  readonly bytesRead: number;
  readonly elapsedSeconds: number;
}

export interface CommandAnswer {
  /** Rows that the store read; undefined where it does not say (the embedded engine under parallel work). */
  readonly rowsRead: number | undefined;
}

/** One database on one ClickHouse, by URL: the embedded child's, a server's or a cluster's. */
export interface Database {
  readonly name: string;
  /**
   * Runs a SELECT and reads all its rows.
   * 64-bit integers arrive as JavaScript numbers (`output_format_json_quote_64bit_integers=0`): counts are far
   * below 2^53; select a column that may exceed it (a hash) with `toString()`. DateTime64 arrives as text with
   * all its digits. Throws StoreUnavailableError or StoreRejectedError.
   */
  query<T>(sql: string, params?: Params, options?: StatementOptions): Promise<QueryAnswer<T>>;
  /** Runs one statement that answers no rows: DDL, INSERT SELECT, ALTER. Throws as `query` does. */
  command(sql: string, params?: Params, options?: StatementOptions): Promise<CommandAnswer>;
  /**
   * Inserts rows encoded as RowBinaryWithNamesAndTypes. Resolves when the store has them; throws as `query`
   * does, and then whether they are stored is unknown.
   */
  insertBinary(
    table: string,
    columnNames: readonly string[],
    body: Buffer | Readable,
    options?: StatementOptions,
  ): Promise<void>;
  /** Inserts a few rows as JSON, for small tables. No rows: nothing happens. */
  insertRows(table: string, rows: readonly object[], options?: StatementOptions): Promise<void>;
  /** Whether the store answers. Never throws. */
  ping(): Promise<boolean>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  readonly database: string;
  /** Milliseconds until a statement counts as lost; the store then stops it. Default 60,000. */
  readonly requestTimeoutMs?: number;
  /** Statements under way at once, inserts counted apart; more wait. Default 10. */
  readonly maxConnections?: number;
}

/**
 * The program batches, so ClickHouse must not batch again and answer before the rows are stored; and one
 * hostile batch with stamps in more than a hundred months must not be refused for ever.
 */
const INSERT_SETTINGS: ClickHouseSettings = {
  async_insert: 0,
  throw_on_max_partitions_per_insert_block: 0,
};

const QUERY_SETTINGS: ClickHouseSettings = { output_format_json_quote_64bit_integers: 0 };

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;

function identifier(name: string): string {
  return `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
}

function tableName(table: string): string {
  return table.split('.').map(identifier).join('.');
}

function toStoreError(error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return signal.reason;
  if (error instanceof ClickHouseError) {
    return storeErrorFromCode(Number(error.code), error.message, error);
  }
  // Everything else that the client throws comes from the socket: refused, reset, timed out.
  const reason = error instanceof Error ? error.message : String(error);
  return new StoreUnavailableError(`The store does not answer: ${reason}`, undefined, error);
}

function statementSettings(
  base: ClickHouseSettings,
  options: StatementOptions | undefined,
): ClickHouseSettings {
  const tag = options?.logComment === undefined ? {} : { log_comment: options.logComment };
  return { ...base, ...tag, ...options?.settings };
}

class HttpDatabase implements Database {
  readonly name: string;
  /** Two clients, so that slow queries that hold every socket cannot keep an insert waiting. */
  readonly #queries: ClickHouseClient;
  readonly #inserts: ClickHouseClient;

  constructor(options: DatabaseOptions) {
    this.name = options.database;
    const config = {
      url: options.url,
      username: options.username,
      password: options.password,
      database: options.database,
      request_timeout: options.requestTimeoutMs ?? 60_000,
      max_open_connections: options.maxConnections ?? 10,
      use_multipart_params_auto: true,
      application: 'vouchtrail',
      log: { level: ClickHouseLogLevel.OFF },
    };
    this.#queries = createClient(config);
    this.#inserts = createClient(config);
  }

  async query<T>(sql: string, params: Params = {}, options?: StatementOptions): Promise<QueryAnswer<T>> {
    return this.#typed(options, async () => {
      const result = await this.#queries.query({
        query: sql,
        format: 'JSON',
        query_params: params,
        clickhouse_settings: statementSettings(QUERY_SETTINGS, options),
        ...(options?.signal ? { abort_signal: options.signal } : {}),
      });
      const answer = await result.json<T>();
      return {
        rows: answer.data,
        rowsRead: answer.statistics?.rows_read ?? 0,
        bytesRead: answer.statistics?.bytes_read ?? 0,
        elapsedSeconds: answer.statistics?.elapsed ?? 0,
      };
    });
  }

  async command(sql: string, params: Params = {}, options?: StatementOptions): Promise<CommandAnswer> {
    return this.#typed(options, async () => {
      const { summary } = await this.#queries.command({
        query: sql,
        query_params: params,
        clickhouse_settings: statementSettings(INSERT_SETTINGS, options),
        ...(options?.signal ? { abort_signal: options.signal } : {}),
      });
      const read = summary?.read_rows;
      return { rowsRead: read === undefined ? undefined : Number(read) };
    });
  }

  async insertBinary(
    table: string,
    columnNames: readonly string[],
    body: Buffer | Readable,
    options?: StatementOptions,
  ): Promise<void> {
    const columns = columnNames.map(identifier).join(', ');
    return this.#typed(options, async () => {
      const { stream } = await this.#inserts.exec({
        query: `INSERT INTO ${tableName(table)} (${columns}) FORMAT RowBinaryWithNamesAndTypes`,
        values: Buffer.isBuffer(body) ? Readable.from([body], { objectMode: false }) : body,
        clickhouse_settings: statementSettings(INSERT_SETTINGS, options),
        ...(options?.signal ? { abort_signal: options.signal } : {}),
      });
      // The socket goes back to its pool only when the answer has been read to the end.
      stream.resume();
      await new Promise<void>((resolve, reject) => stream.once('end', resolve).once('error', reject));
    });
  }

  async insertRows(table: string, rows: readonly object[], options?: StatementOptions): Promise<void> {
    if (rows.length === 0) return;
    await this.#typed(options, () =>
      this.#inserts.insert({
        table: tableName(table),
        values: rows,
        format: 'JSONEachRow',
        clickhouse_settings: statementSettings(INSERT_SETTINGS, options),
        ...(options?.signal ? { abort_signal: options.signal } : {}),
      }),
    );
  }

  async ping(): Promise<boolean> {
    return (await this.#queries.ping({ select: true })).success;
  }

  async close(): Promise<void> {
    await Promise.all([this.#queries.close(), this.#inserts.close()]);
  }

  async #typed<T>(options: StatementOptions | undefined, run: () => Promise<T>): Promise<T> {
    // The client only listens for a signal, and would not notice one that was given before.
    options?.signal?.throwIfAborted();
    try {
      return await run();
    } catch (error) {
      throw toStoreError(error, options?.signal);
    }
  }
}

/**
 * Opens a database by URL. Nothing is sent yet: a wrong URL shows at the first statement.
 * Throws a TypeError when the database's name is not a plain identifier.
 */
export function openDatabase(options: DatabaseOptions): Database {
  if (!IDENTIFIER.test(options.database)) {
    throw new TypeError(
      `The database name ${JSON.stringify(options.database)} is not usable: give letters, digits and underscores, not starting with a digit.`,
    );
  }
  return new HttpDatabase(options);
}

async function withoutDatabase(options: DatabaseOptions, statement: string): Promise<void> {
  const { database, ...access } = options;
  const name = openDatabase({ ...access, database }).name;
  const client = createClient({
    url: access.url,
    username: access.username,
    password: access.password,
    log: { level: ClickHouseLogLevel.OFF },
  });
  try {
    await client.command({ query: `${statement} ${identifier(name)}` });
  } catch (error) {
    throw toStoreError(error, undefined);
  } finally {
    await client.close();
  }
}

/** Makes the database when it is missing. Its tables live in ClickHouse's own default engine, Atomic. */
export function createDatabase(options: DatabaseOptions): Promise<void> {
  return withoutDatabase(options, 'CREATE DATABASE IF NOT EXISTS');
}

/** Drops the database with everything in it. */
export function dropDatabase(options: DatabaseOptions): Promise<void> {
  return withoutDatabase(options, 'DROP DATABASE IF EXISTS');
}
