import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { z } from 'zod';
import { type ForwardProtocol, targetUrl } from './processor/forward/forward-options.js';
import { isLoopback } from './service/loopback.js';
import { type ConfigFile, readConfigFile } from './service/settings/config-file.js';
import { everyRole, type GroupName, groups, type logLevels } from './service/settings/groups.js';
import { ConfigError, type Problem } from './service/settings/problem.js';
import { nearestSetting, settingNamed, settings, shownValue } from './service/settings/settings.js';

// The environment and the configuration file, read once, become one frozen object.

export { isLoopback } from './service/loopback.js';
export { ConfigError, type Problem } from './service/settings/problem.js';
export { type Setting, settings, shownValue } from './service/settings/settings.js';

export type Role = (typeof everyRole)[number];
export type LogLevel = (typeof logLevels)[number];

/**
 * Where events are kept: in the embedded engine below `dataDir`, in a ClickHouse that somebody else runs, or nowhere
 * (`off`: they are enriched and forwarded only).
 */
export type StoreConfig =
  | { readonly kind: 'embedded'; readonly database: string }
  | {
      readonly kind: 'external';
      readonly url: string;
      readonly username: string;
      readonly password: string;
      readonly database: string;
    }
  | { readonly kind: 'off' };

/** Where every record goes on to. */
export interface ForwardConfig {
  readonly url: string;
  readonly protocol: ForwardProtocol;
  readonly headers: Readonly<Record<string, string>>;
}

/** How long rows are kept, in days from their arrival. */
export interface Retention {
  readonly events: number;
  readonly evidence: number;
  readonly raw: number;
  readonly deadLetters: number;
  readonly runs: number;
}

export interface Config {
  /** Absolute path. */
  readonly dataDir: string;
  readonly store: StoreConfig;
  /** What the start does about the tables. */
  readonly migrate: 'auto' | 'check' | 'off';
  readonly retention: Retention;
  /** Bytes that must stay free on the disk of an embedded store; absent: a share of the disk. */
  readonly minimumFreeBytes?: number;
  readonly host: string;
  /** 0 = any free port. */
  readonly otlpHttpPort: number;
  /** 0 = any free port. */
  readonly otlpGrpcPort: number;
  /** 0 = any free port. */
  readonly apiPort: number;
  readonly forward?: ForwardConfig;
  readonly roles: readonly Role[];
  /** Absent only with the embedded store, which then keeps one of its own in the data folder, and without a store. */
  readonly key?: string;
  /** Absolute path. */
  readonly policyFile?: string;
  readonly geoDb?: string;
  readonly asnDb?: string;
  readonly logLevel: LogLevel;
}

/** A setting that is set, and where: the environment, or a place in the configuration file. */
export interface GivenSetting {
  readonly text: string;
  readonly from: string;
}

export interface ReadConfig {
  readonly config: Config;
  readonly warnings: string[];
  /** By name; what is not here is unset. */
  readonly given: ReadonlyMap<string, GivenSetting>;
}

type Environment = Readonly<Record<string, string | undefined>>;

const ENVIRONMENT = 'environment';

/**
 * Reads the service's settings from an environment and from the file that its VOUCHTRAIL_CONFIG names; the
 * environment beats the file. An empty variable counts as unset (compose files write `NAME=` for "no value").
 * Variables that start with VOUCHTRAIL_ and are not known are warnings, never errors, so that one environment can
 * serve two versions of the program; in the file, which is written for this one, they are errors.
 *
 * @throws ConfigError with every problem at once
 */
export function readConfig(environment: Environment): ReadConfig {
  const set = Object.entries(environment).filter(([, value]) => value !== undefined && value !== '');
  const env = Object.fromEntries(set) as Record<string, string>;
  const file = configFileOf(env);
  const given = new Map<string, GivenSetting>();
  for (const [name, { text, place }] of file.values) given.set(name, { text, from: place });
  for (const { name } of settings) {
    const text = env[name];
    if (text !== undefined) given.set(name, { text, from: ENVIRONMENT });
  }
  const reading = new Reading(given, file.problems);
  const config = reading.config();
  return { config, warnings: [...unknownNames(env), ...reading.unused()], given };
}

function configFileOf(env: Readonly<Record<string, string>>): ConfigFile {
  const path = env['VOUCHTRAIL_CONFIG'];
  if (path === undefined) return { values: new Map(), problems: [] };
  try {
    return readConfigFile(readFileSync(path, 'utf8'), path);
  } catch {
    // That it cannot be read is found by the check of the setting itself.
    return { values: new Map(), problems: [] };
  }
}

/** The settings on their way to a {@link Config}; collects what is wrong. */
class Reading {
  readonly #given: ReadonlyMap<string, GivenSetting>;
  readonly #problems: Problem[];

  constructor(given: ReadonlyMap<string, GivenSetting>, problems: readonly Problem[]) {
    this.#given = given;
    this.#problems = [...problems];
  }

  config(): Config {
    const files = this.#group('Files');
    const store = this.#group('Store');
    const retention = this.#group('Retention');
    const network = this.#group('Network');
    const forwarding = this.#group('Forwarding');
    const work = this.#group('Work');
    this.#checkStore(store, forwarding, work);
    this.#checkRetention(retention);
    this.#checkPorts(network);
    this.#checkForwarding(forwarding, network);
    if (this.#problems.length > 0 || !files || !store || !retention || !network || !forwarding || !work) {
      throw new ConfigError(this.#problems);
    }
    const { VOUCHTRAIL_POLICY: policyFile, VOUCHTRAIL_CONFIG: _read } = files;
    return Object.freeze<Config>({
      dataDir: resolve(store.VOUCHTRAIL_DATA_DIR),
      store: Object.freeze(storeConfig(store)),
      migrate: store.VOUCHTRAIL_MIGRATE,
      retention: Object.freeze({
        events: retention.VOUCHTRAIL_RETENTION_EVENTS,
        evidence: retention.VOUCHTRAIL_RETENTION_EVIDENCE,
        raw: retention.VOUCHTRAIL_RETENTION_RAW,
        deadLetters: retention.VOUCHTRAIL_RETENTION_DEAD_LETTERS,
        runs: retention.VOUCHTRAIL_RETENTION_RUNS,
      }),
      ...given('minimumFreeBytes', store.VOUCHTRAIL_MINIMUM_FREE_DISK),
      host: network.VOUCHTRAIL_HOST,
      otlpHttpPort: network.VOUCHTRAIL_OTLP_HTTP_PORT,
      otlpGrpcPort: network.VOUCHTRAIL_OTLP_GRPC_PORT,
      apiPort: network.VOUCHTRAIL_API_PORT,
      ...given('forward', forwardConfig(forwarding)),
      roles: Object.freeze(
        work.VOUCHTRAIL_ROLES ?? (store.VOUCHTRAIL_STORE === 'off' ? ['processor' as const] : [...everyRole]),
      ),
      ...given('key', store.VOUCHTRAIL_KEY),
      ...given('policyFile', policyFile === undefined ? undefined : resolve(policyFile)),
      ...given('geoDb', work.VOUCHTRAIL_GEO_DB),
      ...given('asnDb', work.VOUCHTRAIL_ASN_DB),
      logLevel: work.VOUCHTRAIL_LOG_LEVEL,
    });
  }

  /** Settings that are set and change nothing, in words. */
  unused(): string[] {
    const without = (setting: string, names: readonly string[]): string[] =>
      names
        .filter((name) => this.#isSet(name))
        .map((name) => `${name} has no effect without ${setting}`);
    const unless = this.#isSet('VOUCHTRAIL_CLICKHOUSE_URL')
      ? ['VOUCHTRAIL_MINIMUM_FREE_DISK']
      : ['VOUCHTRAIL_CLICKHOUSE_USER', 'VOUCHTRAIL_CLICKHOUSE_PASSWORD'];
    return [
      ...(this.#isSet('VOUCHTRAIL_CLICKHOUSE_URL')
        ? unless.filter((name) => this.#isSet(name)).map((name) => `${name} has no effect with VOUCHTRAIL_CLICKHOUSE_URL`)
        : without('VOUCHTRAIL_CLICKHOUSE_URL', unless)),
      ...(this.#isSet('VOUCHTRAIL_FORWARD_OTLP')
        ? []
        : without('VOUCHTRAIL_FORWARD_OTLP', [
            'VOUCHTRAIL_FORWARD_OTLP_PROTOCOL',
            'VOUCHTRAIL_FORWARD_OTLP_HEADERS',
          ])),
    ];
  }

  #isSet(name: string): boolean {
    return this.#given.has(name);
  }

  #group<G extends GroupName>(group: G): z.output<(typeof groups)[G]> | undefined {
    const texts = Object.fromEntries([...this.#given].map(([name, { text }]) => [name, text]));
    const parsed = groups[group].safeParse(texts);
    if (parsed.success) return parsed.data as z.output<(typeof groups)[G]>;
    for (const name of new Set(parsed.error.issues.map((issue) => String(issue.path[0])))) {
      this.#wrong(name, `must be ${settingNamed(name)?.allowed}`);
    }
    return undefined;
  }

  #wrong(name: string, reason: string): void {
    const found = this.#given.get(name);
    const place = found === undefined || found.from === ENVIRONMENT ? name : found.from;
    const value = found === undefined ? 'not set' : shownValue(name, found.text);
    this.#problems.push({ name: place, value, reason });
  }
}
