import { type Evaluation, evaluate } from './evaluate.js';

/** What the command line asks for. */
export interface EvaluationFlags {
  readonly seed: readonly string[];
  readonly users: number;
  readonly days: number;
  readonly everyHours: number;
  readonly only: readonly string[];
  readonly explain: boolean;
  readonly json: boolean;
  readonly write: boolean;
}

/** Worlds that parameters may be tuned on; figures count on the others. */
export const TUNING_SEEDS = ['tuning-1', 'tuning-2'] as const;
export const HELD_OUT_SEEDS = ['held-out-1', 'held-out-2'] as const;

/** Runs `npm run evaluate`; returns the exit status. */
export async function runEvaluation(flags: EvaluationFlags): Promise<number> {
  const seeds = flags.seed.length > 0 ? flags.seed : [TUNING_SEEDS[0]];
  for (const seed of seeds) {
    const { figures, text, explained } = await told(flags, seed);
    process.stdout.write(flags.json ? `${JSON.stringify({ seed, ...figures })}\n` : `${text}\n${explained}\n`);
  }
  return 0;
}

async function told(flags: EvaluationFlags, seed: string): Promise<Evaluation> {
  let shown = -1;
  return evaluate({
    ...flags,
    seed,
    onStep(share) {
      const percent = Math.floor(share * 20) * 5;
      if (percent > shown) process.stderr.write(`\r${seed}: ${percent} %${percent === 100 ? '\n' : ''}`);
      shown = Math.max(shown, percent);
    },
  });
}
