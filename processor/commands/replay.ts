import type { Readable, Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { ReplayPathError } from './replay/replay-files.js';
import { replay } from './replay/replay-run.js';
import { isComplete, summaryText } from './replay/replay-summary.js';

export { type ReplayOptions, replay } from './replay/replay-run.js';
export type { FileSummary, ReplaySummary } from './replay/replay-summary.js';

const USAGE = `Sends log files to a running Vouchtrail through its OTLP/HTTP port.

Usage: npm run replay -- [--endpoint URL] FILE...

FILE is a file, a folder (every .json, .jsonl, .ndjson and .gz below it) or - for the standard input.
It holds vendors' records as JSON (one a line, an array, or CloudTrail's {"Records": [...]}) or OTLP/JSON,
plain or gzipped.

  --endpoint URL   where the service takes OTLP over HTTP (default: what the settings say)
  -h, --help       this text

Exit code: 0 if every record was delivered and none rejected, 1 if not, 2 for wrong usage.
`;

export interface ReplayCommandContext {
  readonly endpoint: string;
  readonly out: Writable;
  readonly err: Writable;
  readonly input?: Readable;
}

/** The command `replay`. Returns its exit code. */
export async function replayCommand(
  args: readonly string[],
  { endpoint, out, err, input }: ReplayCommandContext,
): Promise<number> {
  const wrongUsage = (message: string): number => {
    err.write(`${message}\nTry: npm run replay -- --help\n`);
    return 2;
  };
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    return wrongUsage((error as Error).message);
  }
  const { values, positionals: files } = parsed;
  if (values.help) {
    out.write(USAGE);
    return 0;
  }
  if (files.length === 0) return wrongUsage('Name at least one file to send.');
  const target = values.endpoint ?? endpoint;
  if (!/^https?:/.test(target) || !URL.canParse(target)) {
    return wrongUsage(`--endpoint must be an http:// or https:// URL, not ${target}`);
  }
  try {
    const summary = await replay({ endpoint: target, files, out, ...(input === undefined ? {} : { input }) });
    out.write(summaryText(summary));
    return isComplete(summary) ? 0 : 1;
  } catch (error) {
    if (error instanceof ReplayPathError) return wrongUsage(error.message);
    throw error;
  }
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { help: { type: 'boolean', short: 'h', default: false }, endpoint: { type: 'string' } },
  });
}
