import { parseArgs } from 'node:util';

// npm run demo: the whole service on a temporary store, a labelled sample through its OTLP port, what it finds.

const USAGE = `Usage: npm run demo             play the sample, show what is found, stay up until Ctrl-C
       npm run demo -- --exit   end instead: 0 if exactly what was planted was found, else 1
       npm run demo -- --help   this text

Starts the service on the embedded store in a temporary folder, which is removed at the end, on the ports of
VOUCHTRAIL_OTLP_HTTP_PORT (4318), VOUCHTRAIL_OTLP_GRPC_PORT (4317) and VOUCHTRAIL_API_PORT (4000), or on free ones where
those are busy. Sends it the sample of deploy/demo/, moved in time so that its last event is now, and prints what is
found beside what was planted.
`;

async function main(args: readonly string[]): Promise<number> {
  const flags = readFlags(args);
  if (flags === undefined) return 2;
  if (flags.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  // Only now: the usage is printed at once, without loading the whole service.
  const { runDemo } = await import('../demo/run-demo.js');
  return await runDemo({ exit: flags.exit });
}

function readFlags(args: readonly string[]) {
  const flag = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({ args: [...args], options: { help: { ...flag, short: 'h' }, exit: flag } }).values;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\nTry: npm run demo -- --help\n`);
    return undefined;
  }
}

process.exit(await main(process.argv.slice(2)));
