import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../schema/store/database.js';
import { startEmbeddedStore } from '../../schema/store/embedded/start.js';
import { migrate } from '../../schema/store/migrate.js';
import { companyRequests } from './company/requests.js';
import { type Effort, type Say, sayGoal } from './measuring/benchmark.js';
import { ServedProcess } from './measuring/served-process.js';
import { median, ratios, spread, whole } from './measuring/statistics.js';
import type { EngineCost } from './storing/engine-alone.js';
import { AT_ONCE, type ProgramCost, RunningProgram } from './storing/running-program.js';

const SEED = 20260802;
const DATABASE = 'vouchtrail';
const SIZES = {
  full: { requestsARound: 20, records: 1000, rounds: 7 },
  smoke: { requestsARound: 2, records: 40, rounds: 1 },
} as const;

interface RoundCost {
  readonly program: ProgramCost;
  readonly engine: EngineCost;
}

/**
 * Measures what a log record costs from an OTLP request to a row in the tables of the embedded store, all views
 * included, in CPU time of all processes of the program; beside it the engine alone, in a process and a folder of its
 * own, which reads the same rows from a Native file into the same tables and views. Takes turns with it.
 */
export async function run(say: Say, effort: Effort): Promise<void> {
  const { requestsARound, records, rounds } = SIZES[effort];
  const folder = mkdtempSync(join(tmpdir(), 'vouchtrail-bench-'));
  say(
    `OTLP requests (protobuf, gzip) over HTTP of ${whole(records)} records of four families, ${AT_ONCE} at once; embedded store on disk,`,
  );
  say(
    `fsync on; ${rounds} rounds of ${whole(requestsARound * records)} records; seed ${SEED}. CPU of all processes of the program, not of the sender.`,
  );
  const program = await RunningProgram.start(join(folder, 'program'));
  const engine = await startEngine(join(folder, 'engine'));
  try {
    const requests = companyRequests(SEED, (rounds + 1) * requestsARound, records);
    const costs: RoundCost[] = [];
    for (let round = -1; round < rounds; round++) {
      const bodies = Array.from({ length: requestsARound }, () => requests.next().value?.gzipped as Buffer);
      const cost = await measureRound(program, engine, bodies, records, join(folder, 'rows.native'));
      if (round >= 0) costs.push(cost);
    }
    report(say, costs, requestsARound * records);
    await reportDisk(say, program);
  } finally {
    await Promise.all([program.end(), engine.end()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The engine on a folder with all tables and views. */
async function startEngine(dataDir: string): Promise<ServedProcess> {
  const store = await startEmbeddedStore({ dataDir, database: DATABASE });
  const { url, username, password } = store;
  const database = openDatabase({ url, username, password, database: DATABASE });
  await migrate(database);
  await database.close();
  await store.stop();
  // As the store's own child sets them for the engine.
  const env = { TZ: 'UTC', UV_THREADPOOL_SIZE: '16' };
  const engine = new ServedProcess(
    new URL('storing/engine-alone.ts', import.meta.url),
    [dataDir, DATABASE],
    env,
  );
  await engine.hear();
  return engine;
}

async function measureRound(
  program: RunningProgram,
  engine: ServedProcess,
  requests: readonly Buffer[],
  records: number,
  path: string,
): Promise<RoundCost> {
  const [began, before] = [Date.now() - 1, await program.events()];
  const cost = await program.store(requests);
  const stored = (await program.events()) - before;
  if (stored !== requests.length * records) {
    throw new Error(`${stored} of ${requests.length * records} records are stored: nothing was measured`);
  }
  await program.exportEvents(began, path);
  return { program: cost, engine: await engine.ask<EngineCost>(path) };
}

function report(say: Say, costs: readonly RoundCost[], records: number): void {
  const micros = (seconds: (cost: RoundCost) => number): number[] =>
    costs.map((cost) => (seconds(cost) / records) * 1e6);
  const line = (name: string, figures: readonly number[]): void =>
    say(`${name.padEnd(44)} ${spread(figures, 1)}`);
  const ours = micros(({ program }) => program.processorCpuSeconds + program.storeCpuSeconds);
  const theirs = micros(({ engine }) => engine.cpuSeconds);
  const [wall, wallAlone] = [
    micros(({ program }) => program.seconds),
    micros(({ engine }) => engine.seconds),
  ];

  say('');
  say('us of CPU a record: median, min..max');
  line('OTLP to queryable rows, until acknowledged', ours);
  line(
    '  of it the processor',
    micros(({ program }) => program.processorCpuSeconds),
  );
  line(
    '  of it the store',
    micros(({ program }) => program.storeCpuSeconds),
  );
  line(
    '  and with the merges that follow',
    micros(({ program }) => program.cpuSecondsWithMerges),
  );
  line('engine alone, the same rows from a file', theirs);
  line(
    '  and with the merges that follow',
    micros(({ engine }) => engine.cpuSecondsWithMerges),
  );
  say('');
  line(
    'requests refused and sent again',
    costs.map(({ program }) => program.refusals),
  );
  line(
    'rows an insert',
    costs.map(({ program }) => program.rowsPerInsert),
  );
  say('');
  const rate = (name: string, figures: readonly number[]): void =>
    say(`${name.padEnd(44)} ${whole(1e6 / median(figures)).padStart(8)}`);
  say('records/s on the clock of this machine, as busy as it was: median');
  rate('OTLP to queryable rows', wall);
  rate('engine alone', wallAlone);
  say('');
  const [byCpu, byClock] = [ratios(theirs, ours), ratios(wallAlone, wall)].map((shares) =>
    shares.map((share) => share * 100),
  ) as [number[], number[]];
  say(`share of the engine's own rate, by CPU:       ${spread(byCpu, 0)} %`);
  say(`share of the engine's own rate, by the clock: ${spread(byClock, 0)} %`);
  sayGoal(say, 'at most 70 us of CPU a stored record (stretch 50)', median(ours) <= 70);
  sayGoal(say, "at least 40 % of the engine's own rate, by CPU", median(byCpu) >= 40);
}

async function reportDisk(say: Say, program: RunningProgram): Promise<void> {
  const { events, all } = await program.bytesOnDisk();
  const stored = await program.events();
  say('');
  say(
    `bytes on disk a stored event, raw record kept: ${whole(events / stored)} in the table of events, ${whole(all / stored)} in all tables`,
  );
  sayGoal(say, 'below 365 bytes in the table of events (stretch 200)', events / stored < 365);
}
