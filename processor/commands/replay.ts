import type { Readable, Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { ReplayPathError } from './replay/replay-files.js';
import { replay } from './replay/replay-run.js';
import { isComplete, summaryText } from './replay/replay-summary.js';
import { isUnderstood } from './replay-check/check-report.js';
import { type CheckSettings, checkFiles } from './replay-check/check-run.js';
import { checkText } from './replay-check/check-text.js';

export { type ReplayOptions, replay } from './replay/replay-run.js';
export type { FileSummary, ReplaySummary } from './replay/replay-summary.js';

const USAGE = `Sends log files to a running Vouchtrail through its OTLP/HTTP port, or looks at what is in them.

Usage: npm run replay -- [--endpoint URL] FILE...
       npm run replay -- --check [--json] FILE...

FILE is a file, a folder (every .json, .jsonl, .ndjson and .gz below it) or - for the standard input.
It holds vendors' records as JSON (one a line, an array, CloudTrail's {"Records": [...]} or a page of Microsoft
Graph) or OTLP/JSON, plain or gzipped.

  --endpoint URL   where the service takes OTLP over HTTP (default: what the settings say)
  --check          send and store nothing, and tell what the records bring: the share with session id, device,
                   address, user agent and MFA, the best link to evidence, and which correlations could fire on
                   them, or why not. No service need run; the policy is that of VOUCHTRAIL_POLICY
  --json           with --check: the same as JSON, whole
  -h, --help       this text

Exit code: 0 if every record was delivered and none rejected (--check: if every record could be read and understood),
1 if not, 2 for wrong usage.
`;

export interface ReplayCommandContext {
  readonly endpoint: string;
  readonly out: Writable;
  readonly err: Writable;
  readonly input?: Readable;
  /** What `--check` goes by, asked for only then; may throw what is wrong with the settings. */
  readonly checkSettings?: () => Promise<CheckSettings>;
}

/** The command `replay`. Returns its exit code. */
export async function replayCommand(args: readonly string[], context: ReplayCommandContext): Promise<number> {
  const { endpoint, out, err, input } = context;
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
  if (values.json && !values.check) return wrongUsage('--json is for --check only.');
  if (values.check && values.endpoint !== undefined) {
    return wrongUsage('--check sends nothing: leave --endpoint out.');
  }
  const target = values.endpoint ?? endpoint;
  if (!/^https?:/.test(target) || !URL.canParse(target)) {
    return wrongUsage(`--endpoint must be an http:// or https:// URL, not ${target}`);
  }
  try {
    if (values.check) return await check(files, values.json, context);
    const summary = await replay({ endpoint: target, files, out, ...(input === undefined ? {} : { input }) });
    out.write(summaryText(summary));
    return isComplete(summary) ? 0 : 1;
  } catch (error) {
    if (error instanceof ReplayPathError) return wrongUsage(error.message);
    throw error;
  }
}

async function check(
  files: readonly string[],
  asJson: boolean,
  { out, err, input, checkSettings }: ReplayCommandContext,
): Promise<number> {
  const report = await checkFiles({
    files,
    // What is asked for goes to `out`, and a bar on the terminal must not get into it.
    progress: err,
    settings: (await checkSettings?.()) ?? {},
    ...(input === undefined ? {} : { input }),
  });
  out.write(asJson ? `${JSON.stringify(report, null, 2)}\n` : checkText(report));
  return isUnderstood(report) ? 0 : 1;
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      endpoint: { type: 'string' },
      check: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
}
