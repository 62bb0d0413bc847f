import { z } from 'zod';
import { days, headers, listOf, plainUrl, port, readableFile, readableFolder, size } from './kinds.js';

// The table of settings below is the only list of them: parsing, the configuration file, `--help`, `--print-config`
// and the README's table all come from it.

export interface About {
  meaning: string;
  /** Completes "must be ...". */
  allowed: string;
  /** What an unset variable means, as the table shows it. */
  fallback: string;
  /** Never shown, only its length is. */
  secret?: boolean;
  /** How it may be written in the configuration file, beside as one text. */
  inFile?: 'list' | 'mapping';
}

export const documented = z.registry<About>();

export const everyRole = ['processor', 'scheduler', 'api'] as const;
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
const shortestKey = 32;

const aPort = 'a whole number from 0 to 65535; 0 = any free port, printed at start';
const someDays = 'a whole number of days from 2 to 3650';

export const groups = {
  Files: z.object({
    VOUCHTRAIL_CONFIG: readableFile.optional().register(documented, {
      meaning: 'YAML file with settings; an environment variable beats it',
      allowed: 'a readable YAML file',
      fallback: 'none',
    }),
    VOUCHTRAIL_POLICY: readableFile.optional().register(documented, {
      meaning: 'YAML file with the policy, applied at start if it is new',
      allowed: 'a readable YAML file',
      fallback: 'the policy that was applied last, if any',
    }),
  }),
  Store: z.object({
    VOUCHTRAIL_STORE: z.enum(['on', 'off']).default('on').register(documented, {
      meaning: 'Whether events are stored; off = enrich and forward only',
      allowed: 'on or off; off needs VOUCHTRAIL_FORWARD_OTLP',
      fallback: 'on',
    }),
    VOUCHTRAIL_DATA_DIR: z.string().default('./data').register(documented, {
      meaning: 'Folder of the embedded store and of its key',
      allowed: 'a folder; it is created if it is missing',
      fallback: './data',
    }),
    VOUCHTRAIL_MINIMUM_FREE_DISK: size.optional().register(documented, {
      meaning: 'What must stay free on the disk of the data folder; below it senders are told to come later',
      allowed: 'a number with MiB, GiB or TiB behind it, such as 2GiB',
      fallback: '512 MiB or 2 % of the disk, whichever is more, at most 8 GiB',
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
    VOUCHTRAIL_MIGRATE: z.enum(['auto', 'check', 'off']).default('auto').register(documented, {
      meaning: 'What the start does about the tables: bring them up to date, refuse old ones, or nothing',
      allowed: 'auto, check or off; with check and off, `npm run migrate` brings them up to date',
      fallback: 'auto',
    }),
  }),
  Retention: z.object({
    VOUCHTRAIL_RETENTION_EVENTS: days().default(400).register(documented, {
      meaning: 'How long events are kept, from their arrival',
      allowed: someDays,
      fallback: '400',
    }),
    VOUCHTRAIL_RETENTION_EVIDENCE: days()
      .default(400)
      .register(documented, {
        meaning: 'How long the evidence of sessions is kept',
        allowed: `${someDays}, not below VOUCHTRAIL_RETENTION_EVENTS`,
        fallback: '400',
      }),
    VOUCHTRAIL_RETENTION_RAW: days().default(90).register(documented, {
      meaning: 'How long the raw text of events is kept',
      allowed: someDays,
      fallback: '90',
    }),
    VOUCHTRAIL_RETENTION_DEAD_LETTERS: days().default(90).register(documented, {
      meaning: 'How long records are kept that could not be understood',
      allowed: someDays,
      fallback: '90',
    }),
    VOUCHTRAIL_RETENTION_RUNS: days().default(90).register(documented, {
      meaning: 'How long the log of correlation runs is kept',
      allowed: someDays,
      fallback: '90',
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
      allowed: aPort,
      fallback: '4318',
    }),
    VOUCHTRAIL_OTLP_GRPC_PORT: port().default(4317).register(documented, {
      meaning: 'Port that receives OTLP logs over gRPC',
      allowed: aPort,
      fallback: '4317',
    }),
    VOUCHTRAIL_API_PORT: port().default(4000).register(documented, {
      meaning: 'Port of GraphQL, health and metrics',
      allowed: aPort,
      fallback: '4000',
    }),
  }),
  Forwarding: z.object({
    VOUCHTRAIL_FORWARD_OTLP: plainUrl.optional().register(documented, {
      meaning: 'OTLP receiver that every record goes on to, enriched',
      allowed: 'an http:// or https:// URL without credentials or query, such as http://127.0.0.1:14318',
      fallback: 'records are not forwarded',
    }),
    VOUCHTRAIL_FORWARD_OTLP_PROTOCOL: z
      .enum(['http/protobuf', 'grpc'])
      .default('http/protobuf')
      .register(documented, {
        meaning: 'How they are sent there',
        allowed: 'http/protobuf or grpc',
        fallback: 'http/protobuf',
      }),
    VOUCHTRAIL_FORWARD_OTLP_HEADERS: headers.optional().register(documented, {
      meaning: 'Headers sent along, such as credentials',
      allowed: 'name=value pairs separated by commas, values percent-encoded where they hold a comma',
      fallback: 'none',
      secret: true,
      inFile: 'mapping',
    }),
  }),
  Work: z.object({
    VOUCHTRAIL_ROLES: listOf(everyRole).optional().register(documented, {
      meaning: 'What this process does',
      allowed: 'one or more of processor, scheduler, api, separated by commas',
      fallback: 'processor,scheduler,api; processor where VOUCHTRAIL_STORE is off',
      inFile: 'list',
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
    VOUCHTRAIL_NETWORK_LISTS: readableFolder.optional().register(documented, {
      meaning: 'Lists of networks by class, read again when one changes (docs/networks.md)',
      allowed: 'a readable folder',
      fallback: 'none',
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

export type GroupName = keyof typeof groups;
