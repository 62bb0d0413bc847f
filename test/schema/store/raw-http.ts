import type { TestStore } from '../store-fixture.js';

export interface RawRequest {
  /** Parameters of the URL; the database is the store's unless given. */
  readonly url?: Record<string, string>;
  readonly body?: string | Uint8Array<ArrayBuffer> | FormData;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Record<string, string>;
  readonly user?: { readonly username: string; readonly password: string };
  readonly signal?: AbortSignal;
}

export interface RawAnswer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  /** ClickHouse's error code, from its header. */
  readonly code: string | null;
}

/** Sends a request as curl would: what the official client hides stays visible. */
export async function rawHttp(store: TestStore, request: RawRequest): Promise<RawAnswer> {
  const url = new URL(store.url);
  for (const [name, value] of Object.entries({ database: store.databaseName, ...request.url })) {
    url.searchParams.set(name, value);
  }
  const { username, password } = request.user ?? store;
  const response = await fetch(url, {
    method: request.method ?? (request.body === undefined ? 'GET' : 'POST'),
    headers: { 'X-ClickHouse-User': username, 'X-ClickHouse-Key': password, ...request.headers },
    ...(request.body === undefined ? {} : { body: request.body }),
    ...(request.signal ? { signal: request.signal } : {}),
  });
  return {
    status: response.status,
    text: await response.text(),
    headers: response.headers,
    code: response.headers.get('x-clickhouse-exception-code'),
  };
}

/** Runs a statement sent as the body, and gives its text. */
export async function rawText(
  store: TestStore,
  statement: string,
  url: Record<string, string> = {},
): Promise<string> {
  return (await rawHttp(store, { body: statement, url })).text;
}
