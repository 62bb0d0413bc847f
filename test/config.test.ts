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
      host: '127.0.0.1',
      otlpHttpPort: 4318,
      apiPort: 4000,
      roles: ['processor', 'scheduler', 'api'],
      logLevel: 'info',
    };
    expect(readConfig({ PATH: '/bin' })).toEqual({ config: expected, warnings: [] });
  });

  it('takes every setting', () => {
    const { config, warnings } = readConfig({
      VOUCHTRAIL_DATA_DIR: folder,
      VOUCHTRAIL_CLICKHOUSE_URL: 'https://clickhouse.example:8443',
      VOUCHTRAIL_CLICKHOUSE_USER: 'writer',
      VOUCHTRAIL_CLICKHOUSE_PASSWORD: 'secret',
      VOUCHTRAIL_CLICKHOUSE_DATABASE: 'security',
      VOUCHTRAIL_KEY: key,
      VOUCHTRAIL_HOST: '::1',
      VOUCHTRAIL_OTLP_HTTP_PORT: '0',
      VOUCHTRAIL_API_PORT: '65535',
      VOUCHTRAIL_ROLES: 'api, processor,api',
      VOUCHTRAIL_GEO_DB: file,
      VOUCHTRAIL_ASN_DB: file,
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
      host: '::1',
      otlpHttpPort: 0,
      apiPort: 65_535,
      roles: ['api', 'processor'],
      geoDb: file,
      asnDb: file,
      logLevel: 'debug',
    });
    expect(warnings).toEqual([]);
  });

  it('is frozen all the way down', () => {
    const { config } = readConfig({});
    const parts = [config, config.store, config.roles];
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
    const any = { VOUCHTRAIL_OTLP_HTTP_PORT: '0', VOUCHTRAIL_API_PORT: '0' };
    expect(readConfig(any).config).toMatchObject({ otlpHttpPort: 0, apiPort: 0 });
  });

  it('requires a key of 32 characters where one is given or the store is somebody else’s', () => {
    expect(problemsOf({ VOUCHTRAIL_KEY: 'x'.repeat(31) }).message).toContain('must be 32 characters or more');
    expect(readConfig({ VOUCHTRAIL_KEY: 'x'.repeat(32) }).config.key).toBe('x'.repeat(32));
    const external = { VOUCHTRAIL_CLICKHOUSE_URL: 'http://127.0.0.1:8123' };
    expect(problemsOf(external).problems.map(({ name }) => name)).toEqual(['VOUCHTRAIL_KEY']);
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
