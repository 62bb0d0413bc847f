import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Config, readConfig } from '../../config.js';
import { createLogger } from '../../logger.js';
import { isExplained, type Service, startService } from '../../service.js';
import { compare, isAsPlanted } from '../demo/comparison.js';
import { endAskedFor } from '../demo/end-asked-for.js';
import { play, RefusedError } from '../demo/player.js';
import { startProgress } from '../demo/progress.js';
import { report, whereToLook } from '../demo/report.js';
import { readLabels, readSample } from '../demo/sample.js';
import { settledFindings, UnsettledError } from '../demo/settle.js';
import { shifted, shiftTo } from '../demo/shift.js';

// npm run demo: the whole service on a temporary store, a labelled sample through its OTLP port, what it finds.

const USAGE = `Usage: npm run demo             play the sample, show what is found, stay up until Ctrl-C
       npm run demo -- --exit   end instead: 0 if exactly what was planted was found, else 1
       npm run demo -- --help   this text

Starts the service on the embedded store in a temporary folder, which is removed at the end, on the ports of
VOUCHTRAIL_OTLP_HTTP_PORT (4318) and VOUCHTRAIL_API_PORT (4000), or on free ones where those are busy. Sends it the
sample of deploy/demo/, moved in time so that its last event is now, and prints what is found beside what was planted.
`;

const terminal = process.stdout.isTTY === true;
const columns = terminal ? process.stdout.columns : undefined;

function say(line = ''): void {
  process.stdout.write(`${line}\n`);
}

async function main(args: readonly string[]): Promise<number> {
  const flags = readFlags(args);
  if (flags === undefined) return 2;
  if (flags.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const end = endAskedFor();
  const dataDir = await mkdtemp(join(tmpdir(), 'vouchtrail-demo-'));
  let service: Service | undefined;
  try {
    const config = demoConfig(dataDir);
    say('Starting Vouchtrail on the embedded store in a temporary folder ...');
    const logger = createLogger('warn');
    service = await startService(config, { logger, out: () => {}, anyPortIfBusy: true, signal: end });
    const { otlpHttpUrl, apiUrl } = addresses(service, config);
    const asPlanted = await showFindings(otlpHttpUrl, apiUrl, end);
    if (flags.exit) return asPlanted ? 0 : 1;
    say(whereToLook({ otlpHttpUrl, apiUrl, dataDir }));
    await aborted(end);
    return 0;
  } catch (error) {
    if (end.aborted) return flags.exit ? 1 : 0;
    console.error(isForReaders(error) ? error.message : error);
    return 1;
  } finally {
    await service?.close();
    await rm(dataDir, { recursive: true, force: true, maxRetries: 3 });
  }
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

/** Only the ports are taken from the environment: a demo must not touch the store that somebody works with. */
function demoConfig(dataDir: string): Config {
  const { VOUCHTRAIL_OTLP_HTTP_PORT, VOUCHTRAIL_API_PORT } = process.env;
  return readConfig({ VOUCHTRAIL_DATA_DIR: dataDir, VOUCHTRAIL_OTLP_HTTP_PORT, VOUCHTRAIL_API_PORT }).config;
}

/** Where the service listens; says so where that is not the configured port. */
function addresses(service: Service, config: Config): { otlpHttpUrl: string; apiUrl: string } {
  const { otlpHttpUrl, apiUrl } = service;
  if (otlpHttpUrl === undefined || apiUrl === undefined)
    throw new Error('The demo needs every role of the service.');
  for (const [what, url, wanted] of [
    ['OTLP', otlpHttpUrl, config.otlpHttpPort],
    ['GraphQL', apiUrl, config.apiPort],
  ] as const) {
    const { port } = new URL(url);
    const instead = wanted === 0 || port === String(wanted) ? '' : ` (port ${wanted} is busy)`;
    say(`  ${what.padEnd(8)} ${url}${instead}`);
  }
  return { otlpHttpUrl, apiUrl };
}

/** Plays the sample and prints what comes of it; whether that is exactly what was planted. */
async function showFindings(otlpHttpUrl: string, apiUrl: string, signal: AbortSignal): Promise<boolean> {
  const [labels, sample] = await Promise.all([readLabels(), readSample()]);
  const shift = shiftTo(Date.now(), labels.end);
  const deliveries = sample.map((delivery) => shifted(delivery, shift));
  const progress = startProgress('Playing the sample', deliveries.length, terminal, say);
  let acknowledgedAt: number;
  try {
    acknowledgedAt = await play(deliveries, { otlpHttpUrl, signal, onProgress: progress.reach });
  } finally {
    progress.end();
  }
  say('Waiting until everything is judged and findings have settled ...');
  const findings = await settledFindings({ apiUrl, acknowledgedAt, signal });
  const comparison = compare(labels.planted, findings, shift);
  say(report({ labels, records: deliveries.length, findings, comparison, columns }));
  return isAsPlanted(comparison);
}

function isForReaders(error: unknown): error is Error {
  return isExplained(error) || error instanceof RefusedError || error instanceof UnsettledError;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

process.exit(await main(process.argv.slice(2)));
