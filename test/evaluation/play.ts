import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCorrelations } from '../../schema/detection/correlation-file.js';
import { judgeCells, runOnce } from '../../schema/detection/run.js';
import { type Database, openDatabase } from '../../schema/store/database.js';
import { installDefinitions } from '../../schema/store/definitions.js';
import { startEmbeddedStore } from '../../schema/store/embedded/start.js';
import { migrate } from '../../schema/store/migrate.js';
import type { Arrival } from '../scenarios/arrival.js';
import { DAY, HOUR } from '../scenarios/time.js';
import type { World } from '../scenarios/world.js';
import { createProcessor, type Owners, store } from './feed.js';

/** A store in which a world has been played and judged. */
export interface Played {
  readonly database: Database;
  readonly owners: Owners;
  readonly rows: number;
  readonly runs: number;
  readonly seconds: number;
  close(): Promise<void>;
}

/** A correlation could not be asked: its figures would say nothing. */
class CorrelationFailedError extends Error {
  override readonly name = 'CorrelationFailedError';
}

// Hours of UTC in which little happens.
const QUIET = new Set([0, 1, 2, 3, 4, 22, 23]);
const QUIETER = 3;

/**
 * The ends of the steps between two times, in which it is judged: every so many hours by day, a third as often at night
 * and before `calmUntil`, when there is only a past to learn.
 */
export function stepsOf(start: number, end: number, everyHours: number, calmUntil = start): number[] {
  const steps: number[] = [];
  let since = 0;
  for (let at = start + HOUR; at <= end; at += HOUR) {
    since += 1;
    const isQuiet = at <= calmUntil || QUIET.has(new Date(at).getUTCHours());
    if (since < (isQuiet ? everyHours * QUIETER : everyHours)) continue;
    steps.push(at);
    since = 0;
  }
  return steps.at(-1) === end ? steps : [...steps, end];
}

/** The midnight at which the first story with a past begins. */
function firstStoryOf({ start, told }: World): number {
  const days = told.flatMap(({ scenario, day }) => (scenario.story.notBefore === 0 ? [] : [day]));
  return start + Math.min(...days, 365) * DAY;
}

/**
 * Plays a world into an embedded store of its own, in order of arrival, and judges it step by step as a scheduler would
 * at those times. `onStep` is told how far it is, from 0 to 1.
 */
export async function play(
  world: World,
  everyHours: number,
  onStep: (share: number) => void,
): Promise<Played> {
  const began = performance.now();
  const dataDir = mkdtempSync(join(tmpdir(), 'vouchtrail-evaluate-'));
  const embedded = await startEmbeddedStore({ dataDir, temporary: true, memoryLimitBytes: 2 * 1024 ** 3 });
  const { url, username, password } = embedded;
  const database = openDatabase({ url, username, password, database: 'vouchtrail' });
  const close = async () => {
    await database.close();
    await embedded.stop();
  };
  try {
    await migrate(database);
    await installDefinitions(database);
    const correlations = await loadCorrelations();
    const processor = createProcessor();
    const owners: Owners = new Map();
    // What is under way at the end arrives, and what waits for a watermark is looked at again.
    const steps = stepsOf(world.start, world.end + 6 * HOUR, everyHours, firstStoryOf(world));
    let [from, next, rows] = [world.start - HOUR, 0, 0];
    for (const [index, to] of steps.entries()) {
      const arrived: Arrival[] = [];
      for (; next < world.arrivals.length && (world.arrivals[next] as Arrival).arrives <= to; next++) {
        arrived.push(world.arrivals[next] as Arrival);
      }
      rows += await store(database, processor, arrived, owners);
      const window = { from, to, now: to, lookAtClocks: true };
      failOn(await runOnce(database, correlations, window));
      if (index % 6 === 5) failOn(await judgeCells(database, correlations, { ...window, from: to }, true));
      from = to;
      onStep((index + 1) / steps.length);
    }
    return { database, owners, rows, runs: steps.length, seconds: (performance.now() - began) / 1000, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function failOn(outcome: Awaited<ReturnType<typeof runOnce>>): void {
  const failed = outcome.correlations.find(({ error }) => error !== '');
  if (failed !== undefined) throw new CorrelationFailedError(`${failed.correlation}: ${failed.error}`);
}
