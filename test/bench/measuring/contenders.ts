import { ServedProcess } from './served-process.js';

/** One round of a contender: does its work once and returns the figure. */
export type Round = () => number | Promise<number>;

/** What a module whose contenders run in processes of their own exports. */
export interface ContenderModule {
  /** Called in the contender's process, once; `input` is what `measureInTurns` was given. */
  prepare(contender: string, input: string): Round | Promise<Round>;
}

export interface Turns {
  /** `import.meta.url` of a {@link ContenderModule}. */
  readonly module: string;
  readonly contenders: readonly string[];
  /** Handed to `prepare` as it is. */
  readonly input: string;
  readonly rounds: number;
}

/**
 * The figures of each contender, a round each. Every contender has a process of its own; they take turns, so that a
 * machine that is busy for a while slows all of them; the first round of each warms it up and does not count.
 */
export async function measureInTurns(turns: Turns): Promise<number[][]> {
  const { module, contenders, input, rounds } = turns;
  const program = new URL('contender-process.ts', import.meta.url);
  const processes = contenders.map((name) => new ServedProcess(program, [module, name, input]));
  const figures = contenders.map((): number[] => []);
  try {
    for (let round = -1; round < rounds; round++) {
      for (const [index, contender] of processes.entries()) {
        const figure = await contender.ask<number>('round');
        if (round >= 0) figures[index]?.push(figure);
      }
    }
  } finally {
    await Promise.all(processes.map((each) => each.end()));
  }
  return figures;
}
