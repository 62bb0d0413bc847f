import { type Api, type ApiOptions, type CorrelationMetadata, startApi } from '../../api/server.js';
import type { Database } from '../../schema/store/database.js';
import { installDefinitions } from '../../schema/store/definitions.js';
import { migrate } from '../../schema/store/migrate.js';
import { type TestStore, testStore } from '../schema/store-fixture.js';

/** A store with all tables and nothing in them. */
export async function migratedStore(): Promise<TestStore> {
  const store = await testStore();
  await migrate(store.database);
  await installDefinitions(store.database);
  return store;
}

export const CORRELATIONS: readonly CorrelationMetadata[] = [
  {
    id: 'unvouched-access',
    title: 'Session used that nothing vouches for',
    meaning: 'A session was used and nothing vouches for it.',
    severity: 'medium',
    attack: [
      { id: 'AN0201', name: 'Anomalous session token use' },
      { id: 'T1550.004', name: 'Web Session Cookie' },
    ],
    every: '5 s',
    lookback: 'the whole life of a session',
    parameters: [
      { name: 'NonePoints', type: 'Int16', default: 4, minimum: 0, maximum: 10, meaning: 'Points.' },
    ],
    falsePositives: ['A log that was lost.'],
    knownGaps: ['Sessions older than the logs.'],
    response: ['Revoke the session.', 'Ask the user.'],
    sql: 'SELECT 1',
  },
  {
    id: 'session-fork',
    title: 'Session used in two places',
    meaning: 'A session was used in two places at once.',
    severity: 'high',
    attack: [{ id: 'AN0202' }],
    every: '5 s',
    lookback: '1 day',
    parameters: [],
    falsePositives: [],
    knownGaps: [],
    response: [],
    sql: 'SELECT 2',
  },
];

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: an answer has the shape that its query asked for
  readonly data: any;
  readonly errors:
    | { message: string; path?: (string | number)[]; extensions?: Record<string, unknown> }[]
    | undefined;
}

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly fields: object;
  readonly message: string;
}

/** The API on a real socket. */
export interface TestApi extends Api {
  readonly logged: LogLine[];
  /** SQL that the API has sent to the store since `statements` was last emptied. */
  readonly statements: string[];
  query(query: string, variables?: object, headers?: Record<string, string>): Promise<Answer>;
}

/** The same database; what is asked of it is written down. */
function observed(database: Database, statements: string[]): Database {
  return Object.assign(Object.create(database) as Database, {
    query: (...args: Parameters<Database['query']>) => {
      statements.push(args[0]);
      return database.query(...args);
    },
    insertRows: (...args: Parameters<Database['insertRows']>) => database.insertRows(...args),
  });
}

export async function startTestApi(database: Database, options: Partial<ApiOptions> = {}): Promise<TestApi> {
  const logged: LogLine[] = [];
  const statements: string[] = [];
  const logAs = (level: LogLine['level']) => (fields: object, message: string) =>
    void logged.push({ level, fields, message });
  const api = await startApi({
    database: observed(database, statements),
    host: '127.0.0.1',
    port: 0,
    logger: { info: logAs('info'), warn: logAs('warn'), error: logAs('error') },
    correlations: CORRELATIONS,
    readiness: () => ({ status: 'ready', reasons: [] }),
    metrics: async () => 'vouchtrail_up 1\n',
    version: '0.0.0-test',
    ...options,
  });
  return {
    ...api,
    logged,
    statements,
    async query(query, variables = {}, headers = {}) {
      const response = await fetch(`${api.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query, variables }),
      });
      const { data, errors } = (await response.json()) as Answer;
      return { status: response.status, headers: response.headers, data, errors };
    },
  };
}
