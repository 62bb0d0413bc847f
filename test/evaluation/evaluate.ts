import { firstDay } from '../scenarios/time.js';
import { scenarios } from '../scenarios/stories/index.js';
import { worldOf } from '../scenarios/world.js';
import { explain } from './explain.js';
import { readFindings, readWithdrawn } from './found.js';
import { play } from './play.js';
import { type Figures, figuresOf, scoreOf } from './score.js';
import { reportText } from './text.js';

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
export interface Evaluation {
  readonly figures: Figures;
  readonly text: string;
  readonly explained: string;
}

/** Tells a world, plays it, and measures what is found. */
export async function evaluate(options: EvaluationOptions): Promise<Evaluation> {
  const { seed, users, days, only } = options;
  const chosen = scenarios.filter(({ id }) => only.length === 0 || only.some((part) => id.includes(part)));
  const world = worldOf({ seed, users, days, start: firstDay(days, Date.now()), scenarios: chosen });
  const played = await play(world, options.everyHours, options.onStep);
  try {
    const all = await readFindings(played.database);
    const score = scoreOf(world, all.filter(({ state }) => state !== 'withdrawn'), played.owners);
    const figures = figuresOf(score);
    const withdrawn = await readWithdrawn(played.database);
    return {
      figures,
      text: reportText({ options, world, score, figures, withdrawn, played, peers: [] }),
      explained: options.explain ? await explain(played.database, score, played.owners, all) : '',
    };
  } finally {
    await played.close();
  }
}
