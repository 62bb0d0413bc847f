import { SingleBar } from 'cli-progress';

/** How far something is: a bar on a terminal, a line at each quarter elsewhere. */
export interface Progress {
  reach(count: number): void;
  end(): void;
}

export function startProgress(
  what: string,
  total: number,
  terminal: boolean,
  say: (line: string) => void,
): Progress {
  if (!terminal) return quarterLines(what, total, say);
  const bar = new SingleBar({
    format: `${what} {bar} {percentage}% | {value} of {total} records`,
    barCompleteChar: '\u2588',
    barIncompleteChar: '\u2591',
    hideCursor: true,
    clearOnComplete: false,
  });
  bar.start(total, 0);
  return { reach: (count) => bar.update(count), end: () => bar.stop() };
}

function quarterLines(what: string, total: number, say: (line: string) => void): Progress {
  let quarter = 0;
  return {
    reach: (count) => {
      const reached = Math.floor((4 * count) / total);
      if (reached > quarter) say(`${what}: ${count} of ${total} records`);
      quarter = Math.max(quarter, reached);
    },
    end: () => {},
  };
}
