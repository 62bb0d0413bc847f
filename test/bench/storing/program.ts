/**
 * The program as far as storing goes, in a process of its own: processor, embedded store, all tables and views.
 * program.ts DATA_DIR; says where it is, answers each message with its inserts so far, and ends when its parent goes.
 */
import { startProcessor } from '../../../processor/processor.js';
import { openDatabase } from '../../../schema/store/database.js';
import { startEmbeddedStore } from '../../../schema/store/embedded/start.js';
import { migrate } from '../../../schema/store/migrate.js';
import { SILENT } from '../measuring/benchmark.js';

/** Where the program takes logs, and how to ask its store. */
export interface ProgramPlace {
  readonly logsUrl: string;
  readonly storePid: number;
  readonly storeUrl: string;
  readonly username: string;
  readonly password: string;
  readonly database: string;
}

/** How many inserts there were, and of how many rows. */
export interface Inserts {
  readonly count: number;
  readonly rows: number;
}

const [dataDir = ''] = process.argv.slice(2);
const store = await startEmbeddedStore({ dataDir });
const { url, username, password } = store;
const database = openDatabase({ url, username, password, database: store.database });
await migrate(database);
const processor = await startProcessor({
  database,
  key: 'a benchmark keeps no secrets',
  host: '127.0.0.1',
  otlpHttpPort: 0,
  logger: SILENT,
});

process.once('disconnect', async () => {
  await processor.close();
  await database.close();
  await store.stop();
  process.exit();
});
process.on('message', () => {
  const { count, rows } = processor.counters.inserts;
  process.send?.({ count, rows } satisfies Inserts);
});
process.send?.({
  logsUrl: `${processor.otlpHttp.url}/v1/logs`,
  storePid: store.pid ?? Number.NaN,
  storeUrl: url,
  username,
  password,
  database: store.database,
} satisfies ProgramPlace);
