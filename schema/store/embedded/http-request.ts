import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { assertPlainName } from './connection.js';
import { QueryError } from './query-error.js';
import { insertRows } from './statement.js';

/** A request to run a statement, read out of HTTP. */
export interface QueryRequest {
  readonly text: string;
  /** Opens the rows of an INSERT that arrive as the request's body; nothing is read before. */
  readonly rows: (() => Readable) | undefined;
  readonly queryId: string | undefined;
  readonly sessionId: string | undefined;
  readonly sessionTimeoutSeconds: number;
  readonly database: string | undefined;
  readonly format: string;
  /** The client asks that nothing be changed: by `readonly`, or by GET as on a ClickHouse server. */
  readonly readOnly: boolean;
  readonly settings: ReadonlyMap<string, string>;
  readonly parameters: ReadonlyMap<string, string>;
  readonly gzipAnswer: boolean;
}

/** A statement's text and its parameters may take this much; rows have no limit here. */
const MAX_TEXT_BYTES = 64 * 1024 * 1024;

/** Names in the URL that steer the HTTP interface and are no settings of the engine. */
const HTTP_ONLY = new Set([
  'query',
  'query_id',
  'database',
  'default_format',
  'user',
  'password',
  'session_id',
  'session_timeout',
  'session_check',
  'close_session',
  'role',
  'compress',
  'decompress',
  'quota_key',
  'stacktrace',
  'wait_end_of_query',
  'buffer_size',
  'client_protocol_version',
  'enable_http_compression',
  'http_zlib_compression_level',
  'http_headers_progress_interval_ms',
  'http_response_buffer_size',
  'http_write_exception_in_output_format',
  'send_progress_in_http_headers',
  'cancel_http_readonly_queries_on_client_close',
]);

/** Settings that block all settings after them: `readonly` has its own way, `allow_ddl` is of no use here. */
const BLOCKING = new Set(['readonly', 'allow_ddl']);

function bodyOf(request: IncomingMessage): Readable {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity') return request;
  const decoder =
    encoding === 'gzip' || encoding === 'x-gzip'
      ? createGunzip()
      : encoding === 'deflate'
        ? createInflate()
        : encoding === 'br'
          ? createBrotliDecompress()
          : undefined;
  if (!decoder) {
    throw new QueryError(
      779,
      'UNSUPPORTED_MEDIA_TYPE',
      `Content-Encoding ${JSON.stringify(encoding)} is not understood here: use gzip, deflate, br or none.`,
    );
  }
  // An error of a decoder that nobody reads, or no more, must not end the process.
  decoder.on('error', () => {});
  request.on('error', (error) => decoder.destroy(error));
  request.on('close', () => {
    if (!request.complete) decoder.destroy(new Error('The client went away before its body was complete.'));
  });
  return request.pipe(decoder);
}

async function readText(body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_TEXT_BYTES) {
      throw new QueryError(
        229,
        'QUERY_IS_TOO_LARGE',
        `The statement is longer than ${MAX_TEXT_BYTES} bytes.`,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Reads `multipart/form-data`, in which clients send parameters too long for a URL. */
async function readForm(request: IncomingMessage): Promise<Map<string, string>> {
  const response = new Response(new Uint8Array(await readText(bodyOf(request))), {
    headers: { 'content-type': request.headers['content-type'] ?? '' },
  });
  const fields = new Map<string, string>();
  for (const [name, value] of await response.formData()) {
    fields.set(name, typeof value === 'string' ? value : await value.text());
  }
  return fields;
}

/**
 * The end of the query's text in a body that holds an INSERT and its rows, as some clients send it: the line
 * break after `FORMAT name`. Undefined when no rows follow on a line of their own.
 */
function rowsInBody(body: Buffer): number | undefined {
  const head = body.subarray(0, 256 * 1024).toString('latin1');
  const rows = insertRows(head);
  if (!rows) return undefined;
  const newline = /^[ \t]*\r?\n/.exec(head.slice(rows.end, rows.end + 16));
  return newline ? rows.end + newline[0].length : undefined;
}

/** Reads a request, all but its `rows`. Throws a QueryError for what cannot be understood. */
export async function readQueryRequest(request: IncomingMessage, url: URL): Promise<QueryRequest> {
  const fields = new Map(url.searchParams);
  let text = fields.get('query') ?? '';
  let rows: QueryRequest['rows'];
  if (/^multipart\/form-data/i.test(request.headers['content-type'] ?? '')) {
    for (const [name, value] of await readForm(request)) {
      if (name === 'query') text += value;
      else fields.set(name, value);
    }
  } else if (request.method === 'POST') {
    if (text !== '' && insertRows(text)) rows = () => bodyOf(request);
    else {
      const body = await readText(bodyOf(request));
      const rowsAt = text === '' ? rowsInBody(body) : undefined;
      if (rowsAt === undefined)
        text = text === '' ? body.toString('utf8') : `${text}\n${body.toString('utf8')}`;
      else {
        text = body.subarray(0, rowsAt).toString('utf8');
        rows = () => Readable.from([body.subarray(rowsAt)], { objectMode: false });
      }
    }
  }
  const settings = new Map<string, string>();
  const parameters = new Map<string, string>();
  for (const [name, value] of fields) {
    if (name.startsWith('param_')) {
      assertPlainName(name, 'The parameter');
      parameters.set(name.slice('param_'.length), value);
    } else if (!HTTP_ONLY.has(name)) {
      assertPlainName(name, 'The setting');
      if (BLOCKING.has(name)) continue;
      settings.set(name, value);
    }
  }
  const accepts = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  return {
    text: text.trim().replace(/(?:\s*;)+$/, ''),
    rows,
    queryId: fields.get('query_id'),
    sessionId: fields.get('session_id'),
    sessionTimeoutSeconds: Number(fields.get('session_timeout') ?? 60) || 60,
    database: fields.get('database') ?? header(request, 'x-clickhouse-database'),
    format: fields.get('default_format') ?? header(request, 'x-clickhouse-format') ?? 'TabSeparated',
    readOnly: request.method === 'GET' || (fields.get('readonly') ?? '0') !== '0',
    settings,
    parameters,
    gzipAnswer: accepts && fields.get('enable_http_compression') === '1',
  };
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** The user name and password of a request, from Basic authentication, ClickHouse's headers or the URL. */
export function requestCredentials(request: IncomingMessage, url: URL): { user: string; password: string } {
  const basic = /^Basic (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (basic !== undefined) {
    const [user = '', ...rest] = Buffer.from(basic, 'base64').toString('utf8').split(':');
    return { user, password: rest.join(':') };
  }
  return {
    user: header(request, 'x-clickhouse-user') ?? url.searchParams.get('user') ?? 'default',
    password: header(request, 'x-clickhouse-key') ?? url.searchParams.get('password') ?? '',
  };
}
