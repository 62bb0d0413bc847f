import { accessSync, constants } from 'node:fs';
import { BlockList, isIP } from 'node:net';
import { resolve } from 'node:path';
import { z } from 'zod';

// The environment, read once, becomes one frozen object. The table of settings below is the only list of
// them: parsing, `--help`, `--print-config` and the README's table all come from it.

interface About {
  meaning: string;
  /** Completes "must be ...". */
  allowed: string;
  /** What an unset variable means, as the table shows it. */
  fallback: string;
  /** Never shown, only its length is. */
  secret?: boolean;
}

export type Role = (typeof everyRole)[number];
export type LogLevel = (typeof logLevels)[number];

/** Where events are kept: in the embedded engine below `dataDir`, or in a ClickHouse that somebody else runs. */
export type StoreConfig =
  | { readonly kind: 'embedded'; readonly database: string }
  | {
      readonly kind: 'external';
      readonly url: string;
      readonly username: string;
      readonly password: string;
      readonly database: string;
    };

export interface Config {
  /** Absolute path. */
  readonly dataDir: string;
  readonly store: StoreConfig;
  readonly host: string;
  /** 0 = any free port. */
  readonly otlpHttpPort: number;
  /** 0 = any free port. */
  readonly apiPort: number;
  readonly roles: readonly Role[];
  /** Absent only with the embedded store: the service then keeps one of its own in the data folder. */
  readonly key?: string;
  readonly geoDb?: string;
  readonly asnDb?: string;
  readonly logLevel: LogLevel;
}

export interface Problem {
  name: string;
  /** Ready to be shown: secrets are masked. */
  value: string;
  reason: string;
}

/** Every setting that is wrong, not only the first. */
export class ConfigError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const lines = problems.map(({ name, value, reason }) => `  ${name} = ${value}: ${reason}`);
    super(`The configuration is wrong; nothing was started.\n${lines.join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

const shortestKey = 32;
const everyRole = ['processor', 'scheduler', 'api'] as const;
const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const documented = z.registry<About>();

const port = () =>
  z
    .string()
    .regex(/^\d{1,5}$/)
    .transform(Number)
    .pipe(z.number().max(65_535));

const readableFile = z.string().refine((path) => {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
});

const plainUrl = z.string().refine((text) => {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const bare = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  return bare && (url.protocol === 'http:' || url.protocol === 'https:');
});

const roles = z
  .string()
  .transform((text) => [...new Set(text.split(',').map((role) => role.trim()))])
  .pipe(z.array(z.enum(everyRole)));

const groups = {
  Store: z.object({
    VOUCHTRAIL_DATA_DIR: z.string().default('./data').register(documented, {
      meaning: 'Folder of the embedded store and of its key',
      allowed: 'a folder; it is created if it is missing',
      fallback: './data',
    }),
    VOUCHTRAIL_CLICKHOUSE_URL: plainUrl.optional().register(documented, {
      meaning: 'A ClickHouse server to use instead of the embedded store',
      allowed: 'an http:// or https:// URL without credentials or query (they have settings of their own)',
      fallback: 'the embedded store',
    }),
    VOUCHTRAIL_CLICKHOUSE_USER: z.string().default('default').register(documented, {
      meaning: 'User of that server',
      allowed: 'a user who may create tables in the database',
      fallback: 'default',
    }),
    VOUCHTRAIL_CLICKHOUSE_PASSWORD: z.string().default('').register(documented, {
      meaning: 'Password of that user',
      allowed: 'any text',
      fallback: 'empty',
      secret: true,
    }),
    VOUCHTRAIL_CLICKHOUSE_DATABASE: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/)
      .default('vouchtrail')
      .register(documented, {
        meaning: 'Database that holds the tables',
        allowed: 'letters, digits and underscores, not starting with a digit, at most 64',
        fallback: 'vouchtrail',
      }),
    VOUCHTRAIL_KEY: z
      .string()
      .min(shortestKey)
      .optional()
      .register(documented, {
        meaning: 'Secret from which session, token and device keys are derived; keep it as long as the data',
        allowed: `${shortestKey} characters or more (openssl rand -base64 32 makes one)`,
        fallback: 'made on first start and kept in the data folder; required with VOUCHTRAIL_CLICKHOUSE_URL',
        secret: true,
      }),
  }),
  Network: z.object({
    VOUCHTRAIL_HOST: z
      .string()
      .regex(/^[^\s/[\]]+$/)
      .default('127.0.0.1')
      .register(documented, {
        meaning: 'Address that every port is bound to',
        allowed: 'a loopback address (127.0.0.1, ::1, localhost): there is no authentication yet',
        fallback: '127.0.0.1',
      }),
    VOUCHTRAIL_OTLP_HTTP_PORT: port().default(4318).register(documented, {
      meaning: 'Port that receives OTLP logs over HTTP',
      allowed: 'a whole number from 0 to 65535; 0 = any free port, printed at start',
      fallback: '4318',
    }),
    VOUCHTRAIL_API_PORT: port().default(4000).register(documented, {
      meaning: 'Port of GraphQL, health and metrics',
      allowed: 'a whole number from 0 to 65535; 0 = any free port, printed at start',
      fallback: '4000',
    }),
  }),
  Work: z.object({
    VOUCHTRAIL_ROLES: roles.default([...everyRole]).register(documented, {
      meaning: 'What this process does',
      allowed: 'one or more of processor, scheduler, api, separated by commas',
      fallback: 'processor,scheduler,api',
    }),
    VOUCHTRAIL_GEO_DB: readableFile.optional().register(documented, {
      meaning: 'Address to country database',
      allowed: 'a readable MMDB file',
      fallback: 'the bundled one',
    }),
    VOUCHTRAIL_ASN_DB: readableFile.optional().register(documented, {
      meaning: 'Address to autonomous system database',
      allowed: 'a readable MMDB file',
      fallback: 'the bundled one',
    }),
    VOUCHTRAIL_LOG_LEVEL: z
      .enum(logLevels)
      .default('info')
      .register(documented, {
        meaning: 'Least severe log line that is written',
        allowed: `one of ${logLevels.join(', ')}`,
        fallback: 'info',
      }),
  }),
};

type Environment = Readonly<Record<string, string | undefined>>;
type GroupName = keyof typeof groups;

export interface Setting {
  group: GroupName;
  name: string;
  meaning: string;
  allowed: string;
  fallback: string;
  secret: boolean;
}

/** The one documented table of settings, in the order in which they are shown. */
export const settings: readonly Setting[] = (Object.keys(groups) as GroupName[]).flatMap((group) =>
  Object.entries(groups[group].shape).map(([name, schema]) => {
    const about = documented.get(schema);
    if (about === undefined) throw new Error(`config.ts: the setting ${name} is not documented`);
    return { group, name, ...about, secret: about.secret ?? false };
  }),
);

const settingsByName = new Map(settings.map((setting) => [setting.name, setting]));

function parseGroup<G extends GroupName>(
  group: G,
  env: Environment,
  problems: Problem[],
): z.output<(typeof groups)[G]> | undefined {
  const parsed = groups[group].safeParse(env);
  if (parsed.success) return parsed.data as z.output<(typeof groups)[G]>;
  for (const name of new Set(parsed.error.issues.map((issue) => String(issue.path[0])))) {
    problems.push(problemOf(name, env, `must be ${settingsByName.get(name)?.allowed}`));
  }
  return undefined;
}

function problemOf(name: string, env: Environment, reason: string): Problem {
  const value = env[name];
  return { name, value: value === undefined ? 'not set' : shownValue(name, value), reason };
}

/** The value of a setting as it may be printed: quoted, a secret or a URL's credentials masked. */
export function shownValue(name: string, value: string): string {
  if (settingsByName.get(name)?.secret === true) return `*** (${value.length} characters)`;
  return JSON.stringify(value.replace(/\/\/[^/]*@/, '//***@'));
}

/**
 * Reads the service's settings from an environment. An empty variable counts as unset (compose files write
 * `NAME=` for "no value"). Names that start with VOUCHTRAIL_ and are not known are warnings, never errors, so
 * that one environment can serve two versions of the program.
 *
 * @throws ConfigError with every problem at once
 */
export function readConfig(environment: Environment): { config: Config; warnings: string[] } {
  const env = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const problems: Problem[] = [];
  const store = parseGroup('Store', env, problems);
  const network = parseGroup('Network', env, problems);
  const work = parseGroup('Work', env, problems);

  const isSet = (name: string): boolean => env[name] !== undefined;
  const external = isSet('VOUCHTRAIL_CLICKHOUSE_URL');
  if (external && !isSet('VOUCHTRAIL_KEY')) {
    const allowed = settingsByName.get('VOUCHTRAIL_KEY')?.allowed;
    problems.push(
      problemOf('VOUCHTRAIL_KEY', env, `is required with VOUCHTRAIL_CLICKHOUSE_URL and must be ${allowed}`),
    );
  }
  const otlpHttpPort = network?.VOUCHTRAIL_OTLP_HTTP_PORT;
  if (otlpHttpPort !== undefined && otlpHttpPort !== 0 && otlpHttpPort === network?.VOUCHTRAIL_API_PORT) {
    problems.push(problemOf('VOUCHTRAIL_API_PORT', env, 'must differ from VOUCHTRAIL_OTLP_HTTP_PORT'));
  }
  if (problems.length > 0 || !store || !network || !work) throw new ConfigError(problems);

  const database = store.VOUCHTRAIL_CLICKHOUSE_DATABASE;
  const config: Config = {
    dataDir: resolve(store.VOUCHTRAIL_DATA_DIR),
    store: Object.freeze(
      store.VOUCHTRAIL_CLICKHOUSE_URL === undefined
        ? { kind: 'embedded', database }
        : {
            kind: 'external',
            url: store.VOUCHTRAIL_CLICKHOUSE_URL,
            username: store.VOUCHTRAIL_CLICKHOUSE_USER,
            password: store.VOUCHTRAIL_CLICKHOUSE_PASSWORD,
            database,
          },
    ),
    host: network.VOUCHTRAIL_HOST,
    otlpHttpPort: network.VOUCHTRAIL_OTLP_HTTP_PORT,
    apiPort: network.VOUCHTRAIL_API_PORT,
    roles: Object.freeze(work.VOUCHTRAIL_ROLES),
    ...(store.VOUCHTRAIL_KEY === undefined ? {} : { key: store.VOUCHTRAIL_KEY }),
    ...(work.VOUCHTRAIL_GEO_DB === undefined ? {} : { geoDb: work.VOUCHTRAIL_GEO_DB }),
    ...(work.VOUCHTRAIL_ASN_DB === undefined ? {} : { asnDb: work.VOUCHTRAIL_ASN_DB }),
    logLevel: work.VOUCHTRAIL_LOG_LEVEL,
  };
  return { config: Object.freeze(config), warnings: warningsOf(env, external) };
}

function warningsOf(env: Environment, external: boolean): string[] {
  const names = Object.keys(env).filter((name) => name.startsWith('VOUCHTRAIL_'));
  const unknown = names
    .filter((name) => !settingsByName.has(name))
    .map((name) => `${name} is not a setting and has no effect; did you mean ${nearestSetting(name)}?`);
  const unused = external
    ? []
    : ['VOUCHTRAIL_CLICKHOUSE_USER', 'VOUCHTRAIL_CLICKHOUSE_PASSWORD']
        .filter((name) => names.includes(name))
        .map((name) => `${name} has no effect without VOUCHTRAIL_CLICKHOUSE_URL`);
  return [...unknown, ...unused];
}

function nearestSetting(name: string): string {
  const byDistance = settings
    .map((setting) => ({ name: setting.name, distance: editDistance(name, setting.name) }))
    .sort((a, b) => a.distance - b.distance);
  return byDistance[0]?.name ?? '';
}

/**
 * Levenshtein distance from what was written to what was meant. A missing character costs half: forgetting a
 * word of a long name is the usual slip.
 */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index / 2);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 0.5));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether only this machine can reach what is bound to `host`: 127.0.0.0/8, ::1 or the name localhost. */
export function isLoopback(host: string): boolean {
  const version = isIP(host);
  if (version === 0) return host.toLowerCase() === 'localhost';
  return loopback.check(host, version === 6 ? 'ipv6' : 'ipv4');
}
