import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { ClickHouseError, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { readEmbeddedEndpoint } from '../store/embedded/endpoint-file.js';
import { sqlTokens } from '../store/sql-tokens.js';

/** Which store to ask: the one that a service keeps in a data folder, or a ClickHouse by URL. */
export type SqlTarget =
  | { readonly kind: 'embedded'; readonly dataDir: string }
  | {
      readonly kind: 'external';
      readonly url: string;
      readonly username: string;
      readonly password: string;
      readonly database: string;
    };

export interface SqlSurroundings {
  readonly target: SqlTarget;
  /** Read when the statement is `-`. */
  readonly input: Readable;
  readonly out: Writable;
  readonly err: Writable;
  /** Whether a person reads `out`: a drawn table instead of tab-separated lines. */
  readonly terminal: boolean;
}

const USAGE = `Usage: npm run sql -- [--format NAME] 'SELECT ...'
       npm run sql -- [--format NAME] -        (the statement comes from standard input)

Asks the store of a running service, read-only. NAME is any output format of ClickHouse
(PrettyCompact on a terminal, TSVWithNames elsewhere; JSONEachRow, CSVWithNames, Vertical, ...).
Start with: npm run sql -- 'SHOW TABLES'
`;

const READONLY = '164';
const ACCESS_DENIED = '497';
const TEN_MINUTES_MS = 600_000;

/**
 * `npm run sql`: one statement to the store, its answer to `out`.
 *
 * @returns the exit code: 0 answered, 1 the store refused or does not run, 2 wrongly called
 */
export async function sqlCommand(args: readonly string[], surroundings: SqlSurroundings): Promise<number> {
  const { target, input, out, err, terminal } = surroundings;
  const call = readArguments(args);
  if ('fault' in call) {
    err.write(`${call.fault}\n\n${USAGE}`);
    return 2;
  }
  if (call.help) {
    out.write(USAGE);
    return 0;
  }
  const written = call.statement === '-' ? await text(input) : call.statement;
  const statement = withFormat(written, call.format, terminal ? 'PrettyCompact' : 'TSVWithNames');
  if (statement === undefined) {
    err.write(`There is no statement.\n\n${USAGE}`);
    return 2;
  }
  const connection = await connectionTo(target);
  if (connection === undefined) {
    const folder = target.kind === 'embedded' ? target.dataDir : '';
    err.write(
      `No service runs on the data folder ${folder}. Start it (npm start), or set VOUCHTRAIL_DATA_DIR to the folder ` +
        'that it uses, or VOUCHTRAIL_CLICKHOUSE_URL to its server.\n',
    );
    return 1;
  }
  const client = createClient({
    ...connection,
    request_timeout: TEN_MINUTES_MS,
    application: 'vouchtrail-sql',
    log: { level: ClickHouseLogLevel.OFF },
  });
  try {
    const { stream } = await client.exec({ query: statement });
    await pipeline(stream, out, { end: false });
    return 0;
  } catch (error) {
    // `npm run sql ... | head` has seen enough.
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') return 0;
    err.write(`${explain(error, connection.url)}\n`);
    return 1;
  } finally {
    await client.close();
  }
}

type Call = { statement: string; format: string | undefined; help: boolean } | { fault: string };

function readArguments(args: readonly string[]): Call {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { format: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
    });
    if (values.help) return { statement: '', format: undefined, help: true };
    const [statement, ...more] = positionals;
    if (statement === undefined) return { fault: 'There is no statement.' };
    if (more.length > 0) return { fault: 'Put the statement in quotes, so that it is one argument.' };
    if (values.format !== undefined && !/^\w+$/.test(values.format)) {
      return { fault: `${JSON.stringify(values.format)} is not the name of a format.` };
    }
    return { statement, format: values.format, help: false };
  } catch (error) {
    return { fault: (error as Error).message };
  }
}

/**
 * The statement with a FORMAT at its end, unless it has one of its own and none is asked for. Undefined when
 * there is nothing but blanks and comments.
 */
function withFormat(written: string, asked: string | undefined, usual: string): string | undefined {
  const tokens = [...sqlTokens(written)];
  while (tokens.at(-1)?.text === ';') tokens.pop();
  const last = tokens.at(-1);
  if (last === undefined) return undefined;
  const body = written.slice(0, last.end);
  const isWord = (index: number, word: string): boolean => tokens.at(index)?.text.toUpperCase() === word;
  // What follows VALUES or FORMAT of an INSERT is rows; the store is to refuse it as the write that it is.
  if (isWord(0, 'INSERT')) return body;
  if (isWord(-2, 'FORMAT') && last.kind === 'word') {
    const start = tokens.at(-2)?.start ?? 0;
    return asked === undefined ? body : `${body.slice(0, start)}\nFORMAT ${asked}`;
  }
  return `${body}\nFORMAT ${asked ?? usual}`;
}

async function connectionTo(target: SqlTarget) {
  if (target.kind === 'embedded') {
    const endpoint = await readEmbeddedEndpoint(target.dataDir);
    if (endpoint === undefined) return undefined;
    const { url, username, password, database } = endpoint;
    return { url, username, password, database };
  }
  const { url, username, password, database } = target;
  // 2 and not 1: reading may still change settings, `SELECT ... SETTINGS max_threads = 1` for instance.
  return { url, username, password, database, clickhouse_settings: { readonly: '2' as const } };
}

function explain(error: unknown, url: string): string {
  if (!(error instanceof ClickHouseError)) {
    return `The store at ${url} does not answer: ${(error as Error).message}`;
  }
  if (error.code === READONLY || error.code === ACCESS_DENIED) {
    return `The store refused it, since npm run sql only reads: ${error.message}`;
  }
  return `The store refused it: ${error.message} (code ${error.code}${error.type ? `, ${error.type}` : ''})`;
}
