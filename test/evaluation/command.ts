import { writeFile } from 'node:fs/promises';
import { documentOf } from './document.js';
import { type Evaluation, evaluate } from './evaluate.js';
import { HELD_OUT_SEEDS, TUNING_SEEDS } from './seeds.js';
import { reportText } from './text.js';

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

const DOCUMENT = new URL('../../docs/evaluation.md', import.meta.url);

/** Runs `npm run evaluate`; returns the exit status. */
export async function runEvaluation(flags: EvaluationFlags): Promise<number> {
  const usual = flags.write ? [...TUNING_SEEDS, ...HELD_OUT_SEEDS] : TUNING_SEEDS.slice(0, 1);
  const evaluations: Evaluation[] = [];
  for (const seed of flags.seed.length > 0 ? flags.seed : usual) {
    const evaluation = await told(flags, seed);
    evaluations.push(evaluation);
    process.stdout.write(
      flags.json
        ? `${JSON.stringify({ seed, ...evaluation.figures })}\n`
        : `${reportText(evaluation)}\n${evaluation.explained}\n`,
    );
  }
  if (flags.write) await writeFile(DOCUMENT, documentOf(evaluations));
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
