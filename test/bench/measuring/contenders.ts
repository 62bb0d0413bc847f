import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

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

// Most of what a request makes is garbage after it, and copied over and over in a small young generation.
const NODE_OPTIONS = ['--import', 'tsx', '--max-semi-space-size=64'];

/**
 * The figures of each contender, a round each. Every contender has a process of its own; they take turns, so that a
 * machine that is busy for a while slows all of them; the first round of each warms it up and does not count.
 */
export async function measureInTurns(turns: Turns): Promise<number[][]> {
  const { module, contenders, input, rounds } = turns;
  const program = fileURLToPath(new URL('contender-process.ts', import.meta.url));
  const children = contenders.map((name) => fork(program, [module, name, input], { execArgv: NODE_OPTIONS }));
  const figures = contenders.map((): number[] => []);
  try {
    for (let round = -1; round < rounds; round++) {
      for (const [index, child] of children.entries()) {
        const figure = await nextFigure(child);
        if (round >= 0) figures[index]?.push(figure);
      }
    }
  } finally {
    for (const child of children) child.kill();
  }
  return figures;
}

function nextFigure(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`a measuring process ended with code ${code}`));
    child.once('exit', onExit);
    child.once('message', (figure) => {
      child.off('exit', onExit);
      resolve(figure as number);
    });
    child.send('round');
  });
}
