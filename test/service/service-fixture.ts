import { type Config, readConfig } from '../../config.js';
import { type EmbeddedStore, startEmbeddedStore } from '../../schema/store/embedded/start.js';
import { createLogger } from '../../service/logger.js';
import { type Service, type Surroundings, startService } from '../../service/service.js';
import { anyPorts, endAll, temporaryFolder } from '../program.js';

// The service inside of the test's own process: what it is started with and what it logs is at hand.

export const someKey = 'a key of thirty-two characters or more';

const closing: (() => unknown)[] = [];

/** Has something closed by {@link closeServices}. */
export function toBeClosed(close: () => unknown): void {
  closing.push(close);
}

/** Closes what a test has started, in the opposite order, and removes its folders: for afterEach or afterAll. */
export async function closeServices(): Promise<void> {
  for (const close of closing.splice(0).reverse()) await close();
  await endAll();
}

/** The configuration of an environment, on any free ports and a folder that the test leaves behind empty. */
export function configOf(environment: Record<string, string>): Config {
  return readConfig({ VOUCHTRAIL_DATA_DIR: temporaryFolder(), ...anyPorts, ...environment }).config;
}

/** Surroundings whose log can be read: one line an entry, as JSON. */
export function listening(): { log: string[]; surroundings: Surroundings } {
  const log: string[] = [];
  const logger = createLogger('info', { terminal: false, write: (line) => log.push(line) });
  return { log, surroundings: { logger, out: () => {} } };
}

export interface StartedService extends Service {
  /** JSON lines. */
  readonly log: readonly string[];
}

/** A service that is closed by {@link closeServices}. */
export async function started(config: Config, more: Partial<Surroundings> = {}): Promise<StartedService> {
  const { log, surroundings } = listening();
  const service = await startService(config, { ...surroundings, ...more });
  toBeClosed(() => service.close());
  return Object.assign(service, { log });
}

/** What a start fails with. */
export async function failure(start: Promise<unknown>): Promise<unknown> {
  try {
    await start;
    return undefined;
  } catch (error) {
    return error;
  }
}

/** A ClickHouse that somebody else runs, and the settings of a service on it. */
export async function externalStore(
  database = 'elsewhere',
): Promise<{ store: EmbeddedStore; environment: Record<string, string> }> {
  const store = await startEmbeddedStore({ dataDir: temporaryFolder() });
  toBeClosed(() => store.stop());
  const environment = {
    VOUCHTRAIL_CLICKHOUSE_URL: store.url,
    VOUCHTRAIL_CLICKHOUSE_USER: store.username,
    VOUCHTRAIL_CLICKHOUSE_PASSWORD: store.password,
    VOUCHTRAIL_CLICKHOUSE_DATABASE: database,
    VOUCHTRAIL_KEY: someKey,
  };
  return { store, environment };
}

/** What /readyz answers: its status, and what it says. */
export async function readiness(url: string): Promise<{ code: number; status: string; reasons: string[] }> {
  const response = await fetch(`${url}/readyz`);
  return { code: response.status, ...((await response.json()) as { status: string; reasons: string[] }) };
}

/** The text of /metrics. */
export async function metricsOf(url: string): Promise<string> {
  return await (await fetch(`${url}/metrics`)).text();
}
