import type { Writable } from 'node:stream';
import { Presets, SingleBar } from 'cli-progress';

const LINE_EVERY_MS = 5_000;

/** Shows how far reading files has come: a bar on a terminal, a line now and then elsewhere. */
export interface Progress {
  /** `bytes` of the files are read, `records` are done with. */
  at(bytes: number, records: number): void;
  stop(): void;
}

/** `totalBytes`: of all files; 0 if that is not known. `done`: what is done with records, such as `delivered`. */
export function showProgress(out: Writable, totalBytes: number, done: string): Progress {
  return 'isTTY' in out && out.isTTY ? bar(out, totalBytes) : lines(out, totalBytes, done);
}

function bar(out: Writable, totalBytes: number): Progress {
  const known = totalBytes > 0;
  const bar = new SingleBar(
    {
      stream: out as NodeJS.WriteStream,
      format: known ? '{bar} {percentage} % | {records} records | {eta_formatted} left' : '{records} records',
      hideCursor: true,
    },
    Presets.shades_classic,
  );
  bar.start(Math.max(1, totalBytes), 0, { records: 0 });
  return {
    at: (bytes, records) => bar.update(known ? Math.min(bytes, totalBytes) : 0, { records }),
    stop: () => bar.stop(),
  };
}

function lines(out: Writable, totalBytes: number, done: string): Progress {
  let shownAt = performance.now();
  return {
    at: (bytes, records) => {
      const now = performance.now();
      if (now - shownAt < LINE_EVERY_MS) return;
      shownAt = now;
      const share = totalBytes > 0 ? `, ${Math.min(100, Math.floor((100 * bytes) / totalBytes))} %` : '';
      out.write(`${records} records ${done}${share}\n`);
    },
    stop: () => {},
  };
}
