import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, ConfigError, readConfig } from '../../config.js';
import { createLogger } from '../../service/logger.js';
import { isExplained, type Service, startService } from '../../service/service.js';
import { compare, isAsPlanted } from './comparison.js';
import { endAskedFor } from './end-asked-for.js';
import { play, RefusedError } from './player.js';
import { startProgress } from './progress.js';
import { report, whereToLook } from './report.js';
import { readLabels, readSample } from './sample.js';
import { settledFindings, UnsettledError } from './settle.js';
import { shifted, shiftTo } from './shift.js';

/** They say by themselves what was wrong, so that no stack is needed. */
const OWN_ERRORS = [ConfigError, RefusedError, UnsettledError];

const terminal = process.stdout.isTTY === true;
const columns = terminal ? process.stdout.columns : undefined;

function say(line = ''): void {
  process.stdout.write(`${line}\n`);
}

/**
 * Starts the service, plays the sample, prints what is found, and unless told to `exit` stays up until a signal.
 * @returns the exit code: with `exit` 0 only if exactly what was planted was found, else 0 unless something failed
 */
export async function runDemo({ exit }: { exit: boolean }): Promise<number> {
  const end = endAskedFor();
  const dataDir = await mkdtemp(join(tmpdir(), 'vouchtrail-demo-'));
  try {
    return await withService(dataDir, end, async (service, config) => {
      const { otlpHttpUrl, apiUrl } = addresses(service, config);
      const asPlanted = await showFindings(otlpHttpUrl, apiUrl, end);
      if (exit) return asPlanted ? 0 : 1;
      say(whereToLook({ otlpHttpUrl, apiUrl, dataDir }));
      await aborted(end);
      return 0;
    });
  } catch (error) {
    if (end.aborted) return exit ? 1 : 0;
    console.error(isForReaders(error) ? error.message : error);
    return 1;
  } finally {
    await rm(dataDir, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Runs something beside a service of its own, which is drained and closed after it. */
async function withService(
  dataDir: string,
  signal: AbortSignal,
  run: (service: Service, config: Config) => Promise<number>,
): Promise<number> {
  const config = demoConfig(dataDir);
  say('Starting Vouchtrail on the embedded store in a temporary folder ...');
  const logger = createLogger('warn');
  const service = await startService(config, { logger, out: () => {}, anyPortIfBusy: true, signal });
  try {
    return await run(service, config);
  } finally {
    await service.close();
  }
}

/** Only the ports are taken from the environment: a demo must not touch the store that somebody works with. */
function demoConfig(dataDir: string): Config {
  const { VOUCHTRAIL_OTLP_HTTP_PORT, VOUCHTRAIL_OTLP_GRPC_PORT, VOUCHTRAIL_API_PORT } = process.env;
  return readConfig({
    VOUCHTRAIL_DATA_DIR: dataDir,
    VOUCHTRAIL_OTLP_HTTP_PORT,
    VOUCHTRAIL_OTLP_GRPC_PORT,
    VOUCHTRAIL_API_PORT,
  }).config;
}

/** Where the service listens; says so where that is not the configured port. */
function addresses(service: Service, config: Config): { otlpHttpUrl: string; apiUrl: string } {
  const { otlpHttpUrl, otlpGrpcUrl, apiUrl } = service;
  if (otlpHttpUrl === undefined || otlpGrpcUrl === undefined || apiUrl === undefined)
    throw new Error('The demo needs every role of the service.');
  for (const [what, url, wanted] of [
    ['OTLP/HTTP', otlpHttpUrl, config.otlpHttpPort],
    ['OTLP/gRPC', otlpGrpcUrl, config.otlpGrpcPort],
    ['GraphQL', apiUrl, config.apiPort],
  ] as const) {
    const { port } = new URL(url);
    const instead = wanted === 0 || port === String(wanted) ? '' : ` (port ${wanted} is busy)`;
    say(`  ${what.padEnd(9)} ${url}${instead}`);
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
  return isExplained(error) || OWN_ERRORS.some((kind) => error instanceof kind);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
