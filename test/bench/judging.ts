import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CorrelationFile, loadCorrelations } from '../../schema/detection/correlation-file.js';
import { type RunOutcome, runOnce } from '../../schema/detection/run.js';
import { createDatabase, openDatabase } from '../../schema/store/database.js';
import { installDefinitions } from '../../schema/store/definitions.js';
import { type EmbeddedStore, startEmbeddedStore } from '../../schema/store/embedded/start.js';
import { migrate } from '../../schema/store/migrate.js';
import { type CountingDatabase, countReads } from './judged/counting-database.js';
import { type Arrived, type Extent, eventsIn, type News, storeHistory, storeNews } from './judged/history.js';
import { type Effort, type Say, sayGoal } from './measuring/benchmark.js';
import { median, spread, whole } from './measuring/statistics.js';

/** Ten times the history is three times the users and three times as long, and so on. */
const SIZES: Record<Effort, { histories: readonly Extent[]; news: readonly News[]; rounds: number }> = {
  full: {
    histories: [
      { users: 1000, days: 10 },
      { users: 3200, days: 31 },
      { users: 10_000, days: 100 },
    ],
    news: [
      { name: 'quiet', users: 20, eventsAUser: 5 },
      { name: 'busy', users: 200, eventsAUser: 30 },
    ],
    rounds: 5,
  },
  smoke: {
    histories: [
      { users: 5, days: 2 },
      { users: 10, days: 3 },
    ],
    news: [{ name: 'quiet', users: 5, eventsAUser: 4 }],
    rounds: 1,
  },
};

/** A store with a history that has been judged, and news that has not. */
interface Case {
  readonly extent: Extent;
  readonly database: CountingDatabase;
  readonly news: readonly Judged[];
}

/** News of a store, and what judging them again and again did. */
interface Judged {
  readonly news: News;
  readonly arrived: Arrived;
  readonly outcomes: RunOutcome[];
  /** Rows read by each statement, of the last round. */
  reads: ReadonlyMap<string, number>;
}

/**
 * Measures what one run of judging over the same 5 minutes of new events reads and takes, with ten and a hundred times
 * the history stored before them. The cache of conditions is off in judging, so that what is read is told.
 */
export async function run(say: Say, effort: Effort): Promise<void> {
  const { histories, news, rounds } = SIZES[effort];
  const dataDir = mkdtempSync(join(tmpdir(), 'vouchtrail-bench-'));
  const store = await startEmbeddedStore({ dataDir, temporary: true });
  const cases: Case[] = [];
  try {
    const correlations = await loadCorrelations();
    for (const extent of histories) {
      cases.push(await prepare(store, correlations, extent, news));
      say(
        `prepared: ${whole(eventsIn(extent))} events before, ${extent.users} users over ${extent.days} days`,
      );
    }
    // Rounds take turns; the first of each warms its files and is not counted.
    for (let round = -1; round < rounds; round++) {
      for (const { database, news: all } of cases) {
        for (const judged of all) await judgeAgain(database, correlations, judged, round >= 0);
      }
    }
    report(say, cases, rounds);
  } finally {
    await Promise.all(cases.map(({ database }) => database.close()));
    await store.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function prepare(
  store: EmbeddedStore,
  correlations: readonly CorrelationFile[],
  extent: Extent,
  news: readonly News[],
): Promise<Case> {
  const { url, username, password } = store;
  const options = {
    url,
    username,
    password,
    database: `history_of_${extent.days}_days`,
    requestTimeoutMs: 600_000,
  };
  await createDatabase(options);
  const database = countReads(openDatabase(options));
  await migrate(database);
  await installDefinitions(database);
  const now = Date.now();
  for (const batch of await storeHistory(database, extent, now)) await judge(database, correlations, batch);
  const judged: Judged[] = [];
  for (const [i, each] of news.entries()) {
    const arrived = await storeNews(database, each, now + i);
    judged.push({ news: each, arrived, outcomes: [], reads: new Map() });
  }
  return { extent, database, news: judged };
}

async function judgeAgain(
  database: CountingDatabase,
  correlations: readonly CorrelationFile[],
  judged: Judged,
  isCounted: boolean,
): Promise<void> {
  database.takeRowsRead();
  const outcome = await judge(database, correlations, judged.arrived);
  judged.reads = database.takeRowsRead();
  if (isCounted) judged.outcomes.push(outcome);
}

async function judge(
  database: CountingDatabase,
  correlations: readonly CorrelationFile[],
  { from, to }: Arrived,
): Promise<RunOutcome> {
  const outcome = await runOnce(database, correlations, { from, to, now: to, lookAtClocks: true });
  for (const { correlation, error } of outcome.correlations) {
    if (error !== '') throw new Error(`correlation ${correlation} failed: ${error}`);
  }
  return outcome;
}

const rowsReadIn = ({ preparation, correlations }: RunOutcome): number =>
  [preparation, ...correlations].reduce((sum, { rowsRead }) => sum + rowsRead, 0);
const millisecondsIn = ({ preparation, correlations }: RunOutcome): number =>
  [preparation, ...correlations].reduce((sum, { durationMs }) => sum + durationMs, 0);

function report(say: Say, cases: readonly Case[], rounds: number): void {
  for (const [i, { news }] of cases[0]?.news.entries() ?? []) {
    const events = whole(news.users * news.eventsAUser);
    const judged = cases.map(({ extent, news: all }) => ({ extent, ...(all[i] as Judged) }));
    say('');
    say(`${news.name}: one run over ${events} new events of ${news.users} users; ${rounds} rounds in turns`);
    say('events before   sessions judged   rows read     ms: median, min..max');
    for (const { extent, outcomes } of judged) {
      const [before, sessions] = [whole(eventsIn(extent)), whole(outcomes[0]?.sessions ?? 0)];
      const rows = whole(median(outcomes.map(rowsReadIn)));
      const time = spread(outcomes.map(millisecondsIn), 0);
      say(`${before.padStart(13)} ${sessions.padStart(17)} ${rows.padStart(11)}     ${time}`);
    }
    const [least, most] = [judged[0], judged.at(-1)].map((each) =>
      median((each?.outcomes ?? []).map(rowsReadIn)),
    );
    const growth = (most ?? Number.NaN) / (least ?? Number.NaN);
    say(`rows read with the longest history against the shortest: ${growth.toFixed(2)}`);
    sayGoal(say, 'below 1.5 times the rows read with a hundred times the history', growth < 1.5);
    say('');
    sayStatements(say, judged);
  }
}

function sayStatements(say: Say, judged: readonly Judged[]): void {
  const names = new Set(judged.flatMap(({ reads }) => [...reads.keys()]));
  const rowsOf = (name: string): number[] => judged.map(({ reads }) => reads.get(name) ?? 0);
  const largestFirst = [...names].sort((a, b) => (rowsOf(b).at(-1) ?? 0) - (rowsOf(a).at(-1) ?? 0));
  say('rows read by each statement (other: what finds the run its work and keeps its findings)');
  for (const name of largestFirst) {
    say(
      `${name.padEnd(34)} ${rowsOf(name)
        .map((rows) => whole(rows).padStart(12))
        .join('')}`,
    );
  }
}
