import { resolve } from 'node:path';
import type { ForwardProtocol } from './processor/forward/forward-options.js';
import { checkForwarding, checkPorts, checkRetention, checkStore } from './service/settings/agreement.js';
import { type Environment, type GivenSetting, GivenSettings, type Values } from './service/settings/given.js';
import { everyRole, type logLevels } from './service/settings/groups.js';
import { ConfigError } from './service/settings/problem.js';

// The environment and the configuration file, read once, become one frozen object.

export { isLoopback } from './service/loopback.js';
export { ConfigError } from './service/settings/problem.js';
export { settings, shownValue } from './service/settings/settings.js';

export type Role = (typeof everyRole)[number];
export type LogLevel = (typeof logLevels)[number];

/**
 * Where events are kept: in the embedded engine below `dataDir`, in a ClickHouse that somebody else runs, or nowhere
 * (`off`: records are enriched and forwarded only).
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

export interface Config {
  /** Absolute path. */
  readonly dataDir: string;
  readonly store: StoreConfig;
  /** What the start does about the tables. */
  readonly migrate: 'auto' | 'check' | 'off';
  /** How long rows are kept, in days from their arrival. */
  readonly retention: {
    readonly events: number;
    readonly evidence: number;
    readonly raw: number;
    readonly deadLetters: number;
    readonly runs: number;
  };
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
  /** Absolute path of a folder. */
  readonly networkLists?: string;
  readonly logLevel: LogLevel;
}

export interface ReadConfig {
  readonly config: Config;
  readonly warnings: string[];
  /** What is set, by the name of the variable. */
  readonly given: ReadonlyMap<string, GivenSetting>;
}

/**
 * Reads the service's settings from an environment and from the file that its VOUCHTRAIL_CONFIG names; the
 * environment beats the file. An empty variable counts as unset. Variables that start with VOUCHTRAIL_ and are not
 * known are warnings, never errors, so that one environment can serve two versions of the program; in the file,
 * which is written for one, they are errors.
 *
 * @throws ConfigError with every problem at once
 */
export function readConfig(environment: Environment): ReadConfig {
  const given = new GivenSettings(environment);
  const files = given.group('Files');
  const store = given.group('Store');
  const retention = given.group('Retention');
  const network = given.group('Network');
  const forwarding = given.group('Forwarding');
  const work = given.group('Work');
  checkStore(given, work?.VOUCHTRAIL_ROLES);
  if (retention) checkRetention(given, retention);
  if (network) checkPorts(given, network);
  if (forwarding && network) checkForwarding(given, forwarding, network);
  const complete = files && store && retention && network && forwarding && work;
  if (given.problems.length > 0 || !complete) throw new ConfigError(given.problems);
  const { VOUCHTRAIL_POLICY: policy } = files;
  const { VOUCHTRAIL_NETWORK_LISTS: lists } = work;
  const config: Config = {
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
    ...set('minimumFreeBytes', store.VOUCHTRAIL_MINIMUM_FREE_DISK),
    host: network.VOUCHTRAIL_HOST,
    otlpHttpPort: network.VOUCHTRAIL_OTLP_HTTP_PORT,
    otlpGrpcPort: network.VOUCHTRAIL_OTLP_GRPC_PORT,
    apiPort: network.VOUCHTRAIL_API_PORT,
    ...set('forward', forwardConfig(forwarding)),
    roles: Object.freeze(work.VOUCHTRAIL_ROLES ?? rolesOf(store)),
    ...set('key', store.VOUCHTRAIL_KEY),
    ...set('policyFile', policy === undefined ? undefined : resolve(policy)),
    ...set('geoDb', work.VOUCHTRAIL_GEO_DB),
    ...set('asnDb', work.VOUCHTRAIL_ASN_DB),
    ...set('networkLists', lists === undefined ? undefined : resolve(lists)),
    logLevel: work.VOUCHTRAIL_LOG_LEVEL,
  };
  return { config: Object.freeze(config), warnings: given.warnings(), given: given.all };
}

function storeConfig(store: Values<'Store'>): StoreConfig {
  if (store.VOUCHTRAIL_STORE === 'off') return { kind: 'off' };
  const database = store.VOUCHTRAIL_CLICKHOUSE_DATABASE;
  if (store.VOUCHTRAIL_CLICKHOUSE_URL === undefined) return { kind: 'embedded', database };
  return {
    kind: 'external',
    url: store.VOUCHTRAIL_CLICKHOUSE_URL,
    username: store.VOUCHTRAIL_CLICKHOUSE_USER,
    password: store.VOUCHTRAIL_CLICKHOUSE_PASSWORD,
    database,
  };
}

function rolesOf(store: Values<'Store'>): Role[] {
  return store.VOUCHTRAIL_STORE === 'off' ? ['processor'] : [...everyRole];
}

function forwardConfig(forwarding: Values<'Forwarding'>): ForwardConfig | undefined {
  const url = forwarding.VOUCHTRAIL_FORWARD_OTLP;
  if (url === undefined) return undefined;
  return Object.freeze({
    url,
    protocol: forwarding.VOUCHTRAIL_FORWARD_OTLP_PROTOCOL,
    headers: Object.freeze(forwarding.VOUCHTRAIL_FORWARD_OTLP_HEADERS ?? {}),
  });
}

/** The property if it has a value: with exactOptionalPropertyTypes, absent and undefined differ. */
function set<Name extends string, Value>(name: Name, value: Value | undefined): { [N in Name]?: Value } {
  return (value === undefined ? {} : { [name]: value }) as { [N in Name]?: Value };
}
