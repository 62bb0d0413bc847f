import { scenarios } from '../scenarios/stories/index.js';
import { firstDay } from '../scenarios/time.js';
import { worldOf } from '../scenarios/world.js';
import { explain } from './explain.js';
import { readFindings, readWithdrawn } from './found.js';
import { comparePeers } from './peers/compare.js';
import { play } from './play.js';
import { figuresOf, scoreOf } from './score.js';
import type { Reported } from './text.js';

export interface EvaluationOptions {
  readonly seed: string;
  readonly users: number;
  readonly days: number;
  /** Only scenarios whose id holds one of these. */
  readonly only: readonly string[];
  readonly everyHours: number;
  readonly explain: boolean;
  readonly onStep: (share: number) => void;
}

/** What one world came to. */
export interface Evaluation extends Reported {
  /** What judging saw of each miss and each false finding; empty unless asked for. */
  readonly explained: string;
}

/** Tells a world, plays it, and measures what is found. */
export async function evaluate(options: EvaluationOptions): Promise<Evaluation> {
  const { seed, users, days, only } = options;
  const chosen = scenarios.filter(({ id }) => only.length === 0 || only.some((part) => id.includes(part)));
  const world = worldOf({ seed, users, days, start: firstDay(days, Date.now()), scenarios: chosen });
  const played = await play(world, options.everyHours, options.onStep);
  try {
    const { database, owners, rows, runs, seconds } = played;
    const all = await readFindings(database);
    const standing = all.filter(({ state }) => state !== 'withdrawn');
    const score = scoreOf(world, standing, owners);
    return {
      options,
      world,
      score,
      figures: figuresOf(score),
      withdrawn: await readWithdrawn(database),
      played: { rows, runs, seconds },
      peers: await comparePeers(database, world, owners),
      explained: options.explain ? await explain(database, score, owners, all) : '',
    };
  } finally {
    await played.close();
  }
}
