/**
 * The engine alone, in a process of its own, on a folder that has all tables and views.
 * engine-alone.ts DATA_DIR DATABASE; each message is the path of a Native file with rows for `events`.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { EVENT_COLUMNS } from '../../../schema/event.js';
import { openEngine } from '../../../schema/store/embedded/engine.js';
import { sqlName, sqlString } from '../../../schema/store/embedded/quoting.js';

/** What storing a file took: seconds on the clock and of CPU until the insert was done, and of CPU with merges. */
export interface EngineCost {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly cpuSecondsWithMerges: number;
}

const MEMORY_BYTES = 4 * 2 ** 30;

const [dataDir = '', database = ''] = process.argv.slice(2);
const engine = await openEngine(dataDir, MEMORY_BYTES);
const session = engine.connect();
const run = async (statement: string): Promise<string> =>
  (await session.queryAsync(statement, { format: 'TSV' })).text().trim();
await run(`USE ${sqlName(database)}`);
const columns = EVENT_COLUMNS.map(({ name }) => sqlName(name)).join(', ');

function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

async function store(path: string): Promise<EngineCost> {
  const before = process.cpuUsage();
  const began = performance.now();
  await run(`INSERT INTO events (${columns}) FROM INFILE ${sqlString(path)} FORMAT Native`);
  const seconds = (performance.now() - began) / 1000;
  const cpuSeconds = cpuSince(before);
  while ((await run('SELECT count() FROM system.merges')) !== '0') await delay(50);
  return { seconds, cpuSeconds, cpuSecondsWithMerges: cpuSince(before) };
}

process.on('message', async (path: string) => process.send?.(await store(path)));
process.once('disconnect', async () => {
  session.close();
  await engine.close();
  process.exit();
});
process.send?.('ready');
