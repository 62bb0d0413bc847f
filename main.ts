import { parseArgs } from 'node:util';
import { type Config, ConfigError, type ReadConfig, readConfig, settings } from './config.js';
import { createLogger, type Logger } from './service/logger.js';
import { version } from './service/version.js';

// The command line. What a call does not need is imported only where it is used: `--help` answers at once.

const { env, stdout, stderr } = process;

const usage = `Vouchtrail ${version}: receives OpenTelemetry logs, finds cloud sessions that nothing vouches for.

Usage: npm start                     run the service until SIGTERM or Ctrl-C
       npm start -- --help           this text
       npm start -- --version        the version
       npm start -- --print-config   the settings in force, secrets masked
       npm run sql -- 'SELECT ...'   ask the store of the running service, read-only
       npm run replay -- FILE...     send log files to the running service; --check: only look at them
       npm run migrate               bring the tables of the store up to date

Settings are environment variables, or names in the YAML file of VOUCHTRAIL_CONFIG (docs/run.md):
`;

/** Two signals within this time are one wish: npm hands on what its whole process group got as well. */
const sameWishMs = 1_000;
const drainPatienceMs = 30_000;

async function main(args: readonly string[]): Promise<number> {
  const [command] = args;
  if (command === 'sql') return await sql(args.slice(1));
  if (command === 'replay') return await replay(args.slice(1));
  if (command === 'migrate') return await migrate(args.slice(1));
  const flags = readFlags(args);
  if (flags === undefined) return 2;
  if (flags.help) {
    stdout.write(`${usage}\n${settingsHelp()}`);
    return 0;
  }
  if (flags.version) {
    stdout.write(`${version}\n`);
    return 0;
  }
  const read = configOrComplaint();
  if (read === undefined) return 1;
  if (flags['print-config']) {
    const { printedConfig } = await import('./service/print-config.js');
    stdout.write(await printedConfig(read));
    return 0;
  }
  // Whatever a part may have left open, the end is the end.
  return process.exit(await serve(read.config));
}

function readFlags(args: readonly string[]) {
  const flag = { type: 'boolean', default: false } as const;
  try {
    const options = { help: { ...flag, short: 'h' }, version: flag, 'print-config': flag } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    stderr.write(`${(error as Error).message}\nTry: npm start -- --help\n`);
    return undefined;
  }
}

function configOrComplaint(): ReadConfig | undefined {
  try {
    const read = readConfig(env);
    for (const warning of read.warnings) createLogger(read.config.logLevel).warn(warning);
    return read;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    stderr.write(`${error.message}\nnpm start -- --help lists every setting.\n`);
    return undefined;
  }
}

function settingsHelp(): string {
  return settings
    .map(
      ({ name, meaning, allowed, fallback }) =>
        `  ${name}\n      ${meaning}.\n      Unset: ${fallback}. Allowed: ${allowed}.\n`,
    )
    .join('');
}

async function sql(args: readonly string[]): Promise<number> {
  const config = configOrComplaint()?.config;
  if (config === undefined) return 1;
  const { store, dataDir } = config;
  if (store.kind === 'off') return noStore();
  const { sqlCommand } = await import('./schema/commands/sql.js');
  return await sqlCommand(args, {
    target: store.kind === 'embedded' ? { kind: 'embedded', dataDir } : store,
    input: process.stdin,
    out: stdout,
    err: stderr,
    terminal: stdout.isTTY === true,
  });
}

async function migrate(args: readonly string[]): Promise<number> {
  const config = configOrComplaint()?.config;
  if (config === undefined) return 1;
  const { store, dataDir, retention } = config;
  if (store.kind === 'off') return noStore();
  const { migrateCommand } = await import('./schema/commands/migrate.js');
  const target = store.kind === 'embedded' ? { ...store, dataDir } : store;
  return await migrateCommand(args, { target, retention, out: stdout, err: stderr });
}

function noStore(): number {
  stderr.write('There is no store to ask: VOUCHTRAIL_STORE is off.\n');
  return 1;
}

async function replay(args: readonly string[]): Promise<number> {
  const config = configOrComplaint()?.config;
  if (config === undefined) return 1;
  const saysWhere = args.some((arg) => arg.startsWith('--endpoint') || arg === '--check');
  if (config.otlpHttpPort === 0 && !saysWhere) {
    stderr.write(
      'VOUCHTRAIL_OTLP_HTTP_PORT is 0: give the URL that the service printed, as --endpoint URL.\n',
    );
    return 2;
  }
  const { replayCommand } = await import('./processor/commands/replay.js');
  const { isExplained } = await import('./service/start-errors.js');
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  const endpoint = `http://${host}:${config.otlpHttpPort}`;
  const checkSettings = () => settingsOfCheck(config);
  try {
    return await replayCommand(args, {
      endpoint,
      out: stdout,
      err: stderr,
      input: process.stdin,
      checkSettings,
    });
  } catch (error) {
    if (!isExplained(error)) throw error;
    stderr.write(`${error.message}\n`);
    return 1;
  }
}

/** The service would enrich and judge by the same. */
async function settingsOfCheck({ geoDb, asnDb, networkLists, policyFile }: Config) {
  if (policyFile === undefined) return { geoDb, asnDb, networkLists };
  const { enrichPolicyOf, readPolicyFile } = await import('./service/policy.js');
  const document = await readPolicyFile(policyFile);
  const complete = document.policy.complete.map(({ source, organization = '', application = '' }) => {
    return { source, organization, application_id: application };
  });
  return { geoDb, asnDb, networkLists, policy: enrichPolicyOf(document), complete };
}

async function serve(config: Config): Promise<number> {
  const logger = createLogger(config.logLevel);
  process.on('uncaughtException', (error) => {
    // Nothing is known about what still works: a service that is half dead would acknowledge and lose.
    logger.fatal({ err: error }, 'an error that nobody expected; the service ends');
    process.exit(1);
  });
  // That nobody reads what it says is no reason to stop receiving.
  for (const stream of [stdout, stderr]) stream.on('error', () => {});
  const end = endAskedFor(logger);
  const { isExplained, StartAbortedError, startService } = await import('./service/service.js');
  try {
    const service = await startService(config, {
      logger,
      signal: end,
      out: (text) => void stdout.write(`${text}\n`),
    });
    await new Promise<void>((resolve) => {
      if (end.aborted) resolve();
      else end.addEventListener('abort', () => resolve());
    });
    await service.close();
    logger.info('everything is stored and closed');
    return 0;
  } catch (error) {
    if (error instanceof StartAbortedError) return 0;
    logger.fatal(
      isExplained(error) ? {} : { err: error },
      error instanceof Error ? error.message : String(error),
    );
    return 1;
  }
}

/** Aborted by the first SIGTERM, SIGINT or SIGHUP; a second one, or a drain that does not end, exits with 1. */
function endAskedFor(logger: Logger): AbortSignal {
  const end = new AbortController();
  let askedAt = 0;
  const ask = (signal: NodeJS.Signals): void => {
    if (!end.signal.aborted) {
      askedAt = performance.now();
      logger.info({ signal }, 'draining; a second signal ends at once');
      setTimeout(() => {
        logger.fatal(`the drain did not end within ${drainPatienceMs} ms`);
        process.exit(1);
      }, drainPatienceMs).unref();
      end.abort();
    } else if (performance.now() - askedAt > sameWishMs) {
      logger.warn({ signal }, 'ended before everything was closed');
      process.exit(1);
    }
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, ask);
  return end.signal;
}

process.exitCode = await main(process.argv.slice(2));
