import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Config, ConfigError, isLoopback, readConfig, settings, shownValue } from '../config.js';

const key = 'a key of thirty-two characters or more';

function problemsOf(env: Record<string, string>): ConfigError {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

describe('the configuration', () => {
  let folder: string;
  let file: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'vouchtrail-config-'));
    file = join(folder, 'addresses.mmdb');
    writeFileSync(file, '');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('runs everything on the embedded store and on loopback when nothing is set', () => {
    const expected: Config = {
      dataDir: resolve('data'),
      store: { kind: 'embedded', database: 'vouchtrail' },
      migrate: 'auto',
      retention: { events: 400, evidence: 400, raw: 90, deadLetters: 90, runs: 90 },
      host: '127.0.0.1',
      otlpHttpPort: 4318,
      otlpGrpcPort: 4317,
      apiPort: 4000,
      roles: ['processor', 'scheduler', 'api'],
      logLevel: 'info',
    };
    expect(readConfig({ PATH: '/bin' })).toEqual({ config: expected, warnings: [], given: new Map() });
  });

  it('takes every setting', () => {
    const { config, warnings } = readConfig({
      VOUCHTRAIL_DATA_DIR: folder,
      VOUCHTRAIL_CLICKHOUSE_URL: 'https://clickhouse.example:8443',
      VOUCHTRAIL_CLICKHOUSE_USER: 'writer',
      VOUCHTRAIL_CLICKHOUSE_PASSWORD: 'secret',
      VOUCHTRAIL_CLICKHOUSE_DATABASE: 'security',
      VOUCHTRAIL_KEY: key,
      VOUCHTRAIL_MIGRATE: 'check',
      VOUCHTRAIL_RETENTION_EVENTS: '365',
      VOUCHTRAIL_RETENTION_EVIDENCE: '730',
      VOUCHTRAIL_RETENTION_RAW: '7',
      VOUCHTRAIL_RETENTION_DEAD_LETTERS: '2',
      VOUCHTRAIL_RETENTION_RUNS: '3650',
      VOUCHTRAIL_POLICY: file,
      VOUCHTRAIL_FORWARD_OTLP: 'https://next.example:4317',
      VOUCHTRAIL_FORWARD_OTLP_PROTOCOL: 'grpc',
      VOUCHTRAIL_FORWARD_OTLP_HEADERS: 'Authorization=Basic%20YTpi, x-tenant=one',
      VOUCHTRAIL_HOST: '::1',
      VOUCHTRAIL_OTLP_HTTP_PORT: '0',
      VOUCHTRAIL_OTLP_GRPC_PORT: '14317',
      VOUCHTRAIL_API_PORT: '65535',
      VOUCHTRAIL_ROLES: 'api, processor,api',
      VOUCHTRAIL_GEO_DB: file,
      VOUCHTRAIL_ASN_DB: file,
      VOUCHTRAIL_NETWORK_LISTS: folder,
      VOUCHTRAIL_LOG_LEVEL: 'debug',
    });
    expect(config).toEqual({
      dataDir: folder,
      store: {
        kind: 'external',
        url: 'https://clickhouse.example:8443',
        username: 'writer',
        password: 'secret',
        database: 'security',
      },
      key,
      migrate: 'check',
      retention: { events: 365, evidence: 730, raw: 7, deadLetters: 2, runs: 3650 },
      policyFile: file,
      forward: {
        url: 'https://next.example:4317',
        protocol: 'grpc',
        headers: { authorization: 'Basic YTpi', 'x-tenant': 'one' },
      },
      host: '::1',
      otlpHttpPort: 0,
      otlpGrpcPort: 14_317,
      apiPort: 65_535,
      roles: ['api', 'processor'],
      geoDb: file,
      asnDb: file,
      networkLists: folder,
      logLevel: 'debug',
    });
    expect(warnings).toEqual([]);
  });

  it('is frozen all the way down', () => {
    const { config } = readConfig({});
    const parts = [config, config.store, config.roles, config.retention];
    expect(parts.every((part) => Object.isFrozen(part))).toBe(true);
  });

  it('takes an empty variable for an unset one', () => {
    const empty = Object.fromEntries(settings.map(({ name }) => [name, '']));
    expect(readConfig(empty)).toEqual(readConfig({}));
  });

  it('names every problem at once, with the value and what is allowed', () => {
    const { message, problems } = problemsOf({
      VOUCHTRAIL_API_PORT: '65536',
      VOUCHTRAIL_ROLES: 'api,judge',
      VOUCHTRAIL_GEO_DB: join(folder, 'nowhere.mmdb'),
      VOUCHTRAIL_NETWORK_LISTS: file,
      VOUCHTRAIL_CLICKHOUSE_URL: 'clickhouse.example',
      VOUCHTRAIL_CLICKHOUSE_DATABASE: 'drop table',
      VOUCHTRAIL_LOG_LEVEL: 'loud',
    });
    expect(problems.map(({ name }) => name).sort()).toEqual([
      'VOUCHTRAIL_API_PORT',
      'VOUCHTRAIL_CLICKHOUSE_DATABASE',
      'VOUCHTRAIL_CLICKHOUSE_URL',
      'VOUCHTRAIL_GEO_DB',
      'VOUCHTRAIL_KEY',
      'VOUCHTRAIL_LOG_LEVEL',
      'VOUCHTRAIL_NETWORK_LISTS',
      'VOUCHTRAIL_ROLES',
    ]);
    expect(message).toContain('VOUCHTRAIL_API_PORT = "65536": must be a whole number from 0 to 65535');
    expect(message).toContain(
      'VOUCHTRAIL_ROLES = "api,judge": must be one or more of processor, scheduler, api',
    );
    expect(message).toContain('VOUCHTRAIL_LOG_LEVEL = "loud": must be one of trace, debug, info');
    expect(message).toContain('VOUCHTRAIL_KEY = not set: is required with VOUCHTRAIL_CLICKHOUSE_URL');
  });

  it.each(['-1', '1.5', '1e3', '0x10', ' 80', '123456', 'http'])('refuses the port %j', (port) => {
    const names = problemsOf({ VOUCHTRAIL_OTLP_HTTP_PORT: port }).problems.map(({ name }) => name);
    expect(names).toEqual(['VOUCHTRAIL_OTLP_HTTP_PORT']);
  });

  it('refuses one port for two things, and two times any port not', () => {
    const same = { VOUCHTRAIL_OTLP_HTTP_PORT: '4000' };
    expect(problemsOf(same).message).toContain('must differ from VOUCHTRAIL_OTLP_HTTP_PORT');
    const both = { VOUCHTRAIL_OTLP_GRPC_PORT: '4318' };
    expect(problemsOf(both).message).toContain(
      'VOUCHTRAIL_OTLP_GRPC_PORT = "4318": must differ from VOUCHTRAIL_OTLP_HTTP_PORT',
    );
    const any = {
      VOUCHTRAIL_OTLP_HTTP_PORT: '0',
      VOUCHTRAIL_OTLP_GRPC_PORT: '0',
      VOUCHTRAIL_API_PORT: '0',
    };
    expect(readConfig(any).config).toMatchObject({ otlpHttpPort: 0, otlpGrpcPort: 0, apiPort: 0 });
  });

  it('requires a key of 32 characters where one is given or the store is somebody else’s', () => {
    expect(problemsOf({ VOUCHTRAIL_KEY: 'x'.repeat(31) }).message).toContain('must be 32 characters or more');
    expect(readConfig({ VOUCHTRAIL_KEY: 'x'.repeat(32) }).config.key).toBe('x'.repeat(32));
    const external = { VOUCHTRAIL_CLICKHOUSE_URL: 'http://127.0.0.1:8123' };
    expect(problemsOf(external).problems.map(({ name }) => name)).toEqual(['VOUCHTRAIL_KEY']);
  });

  it('runs without a store where records go on to another receiver, as a processor only', () => {
    const off = { VOUCHTRAIL_STORE: 'off', VOUCHTRAIL_FORWARD_OTLP: 'http://127.0.0.1:14318' };
    const { config } = readConfig(off);
    expect(config).toMatchObject({ store: { kind: 'off' }, roles: ['processor'] });
    expect(config.key).toBe(undefined);
    expect(problemsOf({ VOUCHTRAIL_STORE: 'off' }).message).toContain(
      'VOUCHTRAIL_FORWARD_OTLP = not set: is required where VOUCHTRAIL_STORE is off',
    );
    const asking = { ...off, VOUCHTRAIL_ROLES: 'processor,api' };
    expect(problemsOf(asking).message).toContain('must be processor where VOUCHTRAIL_STORE is off');
    const both = { ...off, VOUCHTRAIL_CLICKHOUSE_URL: 'http://127.0.0.1:8123' };
    expect(problemsOf(both).problems.map(({ name }) => name)).toEqual(['VOUCHTRAIL_CLICKHOUSE_URL']);
  });

  it.each([
    ['http://127.0.0.1:4318', {}],
    ['http://localhost:4317', { VOUCHTRAIL_FORWARD_OTLP_PROTOCOL: 'grpc' }],
    ['http://[::1]:9', { VOUCHTRAIL_OTLP_HTTP_PORT: '9' }],
  ])('refuses to forward to itself: %s', (url, more) => {
    const { message } = problemsOf({ VOUCHTRAIL_FORWARD_OTLP: url, ...more });
    expect(message).toContain('is where this service itself receives');
  });

  it('refuses a path where records are forwarded over gRPC, which has none', () => {
    const forward = { VOUCHTRAIL_FORWARD_OTLP: 'http://next.example:4317/v1/logs' };
    expect(readConfig(forward).config.forward?.protocol).toBe('http/protobuf');
    const { message } = problemsOf({ ...forward, VOUCHTRAIL_FORWARD_OTLP_PROTOCOL: 'grpc' });
    expect(message).toContain('leave it out');
  });

  it.each(['=x', 'no pair', 'a b=c', 'name=with%0Anewline', 'a=1,b'])('refuses the headers %j', (headers) => {
    const { problems } = problemsOf({
      VOUCHTRAIL_FORWARD_OTLP: 'http://next.example',
      VOUCHTRAIL_FORWARD_OTLP_HEADERS: headers,
    });
    expect(problems.map(({ name }) => name)).toEqual(['VOUCHTRAIL_FORWARD_OTLP_HEADERS']);
  });

  it.each([
    ['512MiB', 512 * 1024 ** 2],
    ['3 GiB', 3 * 1024 ** 3],
    ['1TiB', 1024 ** 4],
  ])('takes %s to stay free on the disk', (size, bytes) => {
    expect(readConfig({ VOUCHTRAIL_MINIMUM_FREE_DISK: size }).config.minimumFreeBytes).toBe(bytes);
  });

  it.each(['1', '1GB', '-1GiB', '1.5GiB', 'GiB'])('does not take %j to stay free on the disk', (size) => {
    const { problems } = problemsOf({ VOUCHTRAIL_MINIMUM_FREE_DISK: size });
    expect(problems.map(({ name }) => name)).toEqual(['VOUCHTRAIL_MINIMUM_FREE_DISK']);
  });

  it.each(['1', '3651', '30d', '0.5'])('does not take %j for a number of days', (days) => {
    const { problems } = problemsOf({ VOUCHTRAIL_RETENTION_RAW: days });
    expect(problems.map(({ name }) => name)).toEqual(['VOUCHTRAIL_RETENTION_RAW']);
  });

  it('refuses to keep evidence for a shorter time than what it vouches for', () => {
    expect(problemsOf({ VOUCHTRAIL_RETENTION_EVENTS: '401' }).message).toContain(
      'VOUCHTRAIL_RETENTION_EVIDENCE = not set: must not be below VOUCHTRAIL_RETENTION_EVENTS: 400 days are fewer',
    );
    const longer = { VOUCHTRAIL_RETENTION_EVENTS: '401', VOUCHTRAIL_RETENTION_EVIDENCE: '401' };
    expect(readConfig(longer).config.retention).toMatchObject({ events: 401, evidence: 401 });
  });

  it('never shows a secret, whatever else is wrong', () => {
    const secret = fc.string({ minLength: 6, maxLength: 31 }).filter((text) => /[a-z]/i.test(text));
    fc.assert(
      fc.property(fc.uuid(), secret, (password, shortKey) => {
        const { message } = problemsOf({
          VOUCHTRAIL_CLICKHOUSE_URL: `http://user:${password}@127.0.0.1:8123`,
          VOUCHTRAIL_CLICKHOUSE_PASSWORD: password,
          VOUCHTRAIL_KEY: `<${shortKey}`,
          VOUCHTRAIL_API_PORT: 'x',
        });
        expect(message).not.toContain(password);
        expect(message).not.toContain(`<${shortKey}`);
      }),
    );
    expect(shownValue('VOUCHTRAIL_KEY', key)).toBe(`*** (${key.length} characters)`);
  });

  it('warns of a name that it does not know and says which one was probably meant', () => {
    const { warnings } = readConfig({
      VOUCHTRAIL_KEYS: 'x',
      VOUCHTRAIL_OTLP_PORT: '1',
      VOUCHTRAIL_DATADIR: 'x',
      OTHER_KEYS: 'x',
    });
    expect(warnings).toEqual([
      'VOUCHTRAIL_KEYS is not a setting and has no effect; did you mean VOUCHTRAIL_KEY?',
      'VOUCHTRAIL_OTLP_PORT is not a setting and has no effect; did you mean VOUCHTRAIL_OTLP_HTTP_PORT?',
      'VOUCHTRAIL_DATADIR is not a setting and has no effect; did you mean VOUCHTRAIL_DATA_DIR?',
    ]);
  });

  it('warns of server credentials that the embedded store ignores', () => {
    const { warnings } = readConfig({ VOUCHTRAIL_CLICKHOUSE_PASSWORD: 'x' });
    expect(warnings).toEqual([
      'VOUCHTRAIL_CLICKHOUSE_PASSWORD has no effect without VOUCHTRAIL_CLICKHOUSE_URL',
    ]);
  });

  it('warns of settings of the forwarding that is not asked for', () => {
    const { warnings } = readConfig({ VOUCHTRAIL_FORWARD_OTLP_PROTOCOL: 'grpc' });
    expect(warnings).toEqual([
      'VOUCHTRAIL_FORWARD_OTLP_PROTOCOL has no effect without VOUCHTRAIL_FORWARD_OTLP',
    ]);
  });

  it.each(['127.0.0.1', '127.1.2.3', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1', 'localhost', 'LOCALHOST'])(
    'takes %s for this machine only',
    (host) => expect(isLoopback(host)).toBe(true),
  );

  it.each([
    '0.0.0.0',
    '::',
    '10.0.0.1',
    '128.0.0.1',
    '::ffff:10.0.0.1',
    'fe80::1',
    'example.com',
    'localhost.evil.example',
    '127.1',
  ])('takes %s for an address that others may reach', (host) => expect(isLoopback(host)).toBe(false));
});
