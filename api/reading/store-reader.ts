import type { Database, StatementOptions } from '../../schema/store/database.js';
import { loadSqlFile } from '../../schema/store/sql-file.js';
import type { SqlQuery } from '../../schema/store/sql-query.js';

/**
 * Limits of one statement of the API: a question that costs more is refused by the store instead of starving
 * the inserts.
 */
const MAX_SECONDS = 20;
const MAX_MEMORY_BYTES = 1_000_000_000;

/** SQL text and the values of its parameters. */
export interface Statement {
  readonly text: string;
  readonly params: Readonly<Record<string, unknown>>;
}

const texts = new Map<string, Promise<string>>();

/** The text of a .sql file of the schema, read once. A failed read is tried again. */
function queryText(file: string): Promise<string> {
  let text = texts.get(file);
  if (!text) {
    text = loadSqlFile(file).then((loaded) => loaded.text);
    text.catch(() => texts.delete(file));
    texts.set(file, text);
  }
  return text;
}

/** Reads the store for one request: always within its tenant, within limits, and tagged with what asked. */
export class StoreReader {
  readonly tenant: string;
  readonly #database: Database;
  readonly #options: StatementOptions;

  /** @param operation name of the GraphQL operation, which the store keeps with each statement */
  constructor(database: Database, tenant: string, operation: string, signal: AbortSignal | undefined) {
    this.tenant = tenant;
    this.#database = database;
    this.#options = {
      settings: {
        max_execution_time: MAX_SECONDS,
        timeout_overflow_mode: 'throw',
        max_memory_usage: String(MAX_MEMORY_BYTES),
      },
      logComment: `api ${operation}`,
      ...(signal ? { signal } : {}),
    };
  }

  /** The rows of a statement; the tenant is bound to it. Throws StoreUnavailableError or StoreRejectedError. */
  async rows<Params extends object, Row extends object>(
    query: SqlQuery<Params, Row>,
    params: Omit<Params, 'tenant'>,
  ): Promise<Row[]> {
    return this.rowsOf(query, (text) => ({ text, params }));
  }

  /** The rows of a statement that is built around a query file's text. */
  async rowsOf<T>(query: { readonly file: string }, build: (text: string) => Statement): Promise<T[]> {
    const { text, params } = build(await queryText(query.file));
    const answer = await this.#database.query<T>(text, { ...params, tenant: this.tenant }, this.#options);
    return answer.rows;
  }
}
