import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase, type Database, dropDatabase, openDatabase } from '../../schema/store/database.js';
import { type EmbeddedStore, startEmbeddedStore } from '../../schema/store/embedded/start.js';

/** A database of its own on a real ClickHouse, for one test file. */
export interface TestStore {
  readonly database: Database;
  readonly url: string;
  readonly username: string;
  readonly password: string;
  readonly databaseName: string;
  /** The embedded child that serves; undefined when a server's URL is given. */
  readonly embedded: EmbeddedStore | undefined;
  /** Drops the database. */
  close(): Promise<void>;
}

/** Whether tests run on the embedded store, so that its own behaviour can be tested. */
export const onEmbeddedStore = (({ VOUCHTRAIL_TEST_CLICKHOUSE_URL: url }) => !url)(process.env);

interface Server {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  readonly embedded: EmbeddedStore | undefined;
}

let server: Promise<Server> | undefined;

async function startServer(): Promise<Server> {
  const {
    VOUCHTRAIL_TEST_CLICKHOUSE_URL: url,
    VOUCHTRAIL_TEST_CLICKHOUSE_USER: username = 'default',
    VOUCHTRAIL_TEST_CLICKHOUSE_PASSWORD: password = '',
  } = process.env;
  if (url) return { url, username, password, embedded: undefined };
  const dataDir = mkdtempSync(join(tmpdir(), 'vouchtrail-test-'));
  const embedded = await startEmbeddedStore({ dataDir, temporary: true, memoryLimitBytes: 2 * 1024 ** 3 });
  return { ...credentials(embedded), embedded };
}

function credentials({ url, username, password }: EmbeddedStore) {
  return { url, username, password };
}

/**
 * A fresh database. All calls in one process share one embedded child, started at the first call and ended
 * with the process; with VOUCHTRAIL_TEST_CLICKHOUSE_URL (and _USER, _PASSWORD) the server there is used.
 */
export async function testStore(): Promise<TestStore> {
  server ??= startServer();
  const { embedded, ...access } = await server;
  const databaseName = `test_${randomBytes(8).toString('hex')}`;
  const options = { ...access, database: databaseName };
  await createDatabase(options);
  const database = openDatabase(options);
  return {
    database,
    ...access,
    databaseName,
    embedded,
    async close() {
      await dropDatabase(options);
      await database.close();
    },
  };
}
