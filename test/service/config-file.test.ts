import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { ConfigError, readConfig, settings } from '../../config.js';
import { readConfigFile } from '../../service/settings/config-file.js';

let folder: string;
let path: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vouchtrail-config-file-'));
  path = join(folder, 'vouchtrail.yaml');
});
afterAll(() => rmSync(folder, { recursive: true }));

function configured(yaml: string, environment: Record<string, string> = {}) {
  writeFileSync(path, yaml);
  return readConfig({ VOUCHTRAIL_CONFIG: path, ...environment });
}

function refusal(yaml: string, environment: Record<string, string> = {}): ConfigError {
  try {
    configured(yaml, environment);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the file was accepted');
}

describe('the configuration file', () => {
  it('takes settings flat or nested at any underscore, lists and headers as such', () => {
    const { config } = configured(`
data_dir: /var/lib/vouchtrail
otlp:
  http_port: 14318
  grpc: { port: 0 }
api_port: 14000
roles: [processor, api]
log_level: warn
retention:
  events: 30
  dead_letters: 14
forward:
  otlp: https://collector.example:4318
  otlp_headers:
    Authorization: Bearer a,b=c
    X-Scope: one
minimum_free_disk: 2GiB
`);
    expect(config).toMatchObject({
      dataDir: '/var/lib/vouchtrail',
      otlpHttpPort: 14_318,
      otlpGrpcPort: 0,
      apiPort: 14_000,
      roles: ['processor', 'api'],
      logLevel: 'warn',
      retention: { events: 30, evidence: 400, raw: 90, deadLetters: 14, runs: 90 },
      forward: {
        url: 'https://collector.example:4318',
        protocol: 'http/protobuf',
        headers: { authorization: 'Bearer a,b=c', 'x-scope': 'one' },
      },
      minimumFreeBytes: 2 * 1024 ** 3,
    });
  });

  it('is beaten by the environment, in which an empty variable says nothing', () => {
    const yaml = 'api_port: 1\notlp_http_port: 2\n';
    const { config } = configured(yaml, { VOUCHTRAIL_API_PORT: '3', VOUCHTRAIL_OTLP_HTTP_PORT: '' });
    expect(config).toMatchObject({ apiPort: 3, otlpHttpPort: 2 });
  });

  it('says of each setting where it is from', () => {
    const { given } = configured('api_port: 1\n\nlog: { level: warn }\n', { VOUCHTRAIL_API_PORT: '3' });
    expect(given.get('VOUCHTRAIL_API_PORT')).toEqual({ text: '3', place: undefined });
    expect(given.get('VOUCHTRAIL_LOG_LEVEL')).toEqual({ text: 'warn', place: `${path} line 3: log.level` });
  });

  it.each(['', '# nothing yet\n', '---\n', 'null\n', 'roles:\nretention:\n'])('may be empty: %j', (yaml) => {
    const { config } = configured(yaml);
    expect(config).toEqual(readConfig({}).config);
  });

  it('takes every setting by the name of its variable without the prefix, in lower case', () => {
    const texts = settings.filter(({ name }) => name !== 'VOUCHTRAIL_CONFIG').map(({ name }) => name);
    const yaml = stringify(
      Object.fromEntries(texts.map((name) => [name.replace('VOUCHTRAIL_', '').toLowerCase(), 'x'])),
    );
    const { values, problems } = readConfigFile(yaml, path);
    expect(problems).toEqual([]);
    expect([...values.keys()]).toEqual(texts);
  });

  it('reports every problem at once with line, place and what is allowed', () => {
    const { problems, message } = refusal(
      `
otlp:
  http_port: many
roles: [processor, judge]
log_level: [warn]
retention: { events: 0 }
clickhuose_url: http://x
api_port: 4000
api:
  port: 4001
`,
      { VOUCHTRAIL_API_PORT: 'x' },
    );
    expect(problems.map(({ name }) => name.replace(path, 'FILE'))).toEqual([
      'FILE line 5: log_level',
      'FILE line 7: clickhuose_url',
      'FILE line 10: api.port',
      'FILE line 6: retention.events',
      'FILE line 3: otlp.http_port',
      'VOUCHTRAIL_API_PORT',
      'FILE line 4: roles',
    ]);
    expect(message).toContain(
      `${path} line 3: otlp.http_port = "many": must be a whole number from 0 to 65535`,
    );
    expect(message).toContain('did you mean clickhouse_url?');
    expect(message).toContain('roles = "processor,judge": must be one or more of processor, scheduler, api');
    expect(message).toContain(`was set before, at ${path} line 8: api_port`);
    expect(message).toContain('log_level: must be one of trace, debug');
  });

  it.each([
    ['a list of settings', '- api_port: 1\n', 'must be settings'],
    ['a text', 'just words\n', 'must be settings'],
    ['what is no YAML', 'api_port: 1\n  log_level: [\n', 'is no YAML'],
    ['another file', 'config: other.yaml\n', 'is not a setting'],
    ['a mapping where a text belongs', 'data_dir: { a: b }\n', 'must be a folder'],
    ['a list where a text belongs', 'key: [a, b]\n', 'must be 32 characters or more'],
  ])('refuses %s', (_what, yaml, reason) => {
    expect(refusal(yaml).message).toMatch(new RegExp(`${path} line \\d+: .*${reason}`));
  });

  it('says that it cannot be read', () => {
    const missing = join(folder, 'nowhere.yaml');
    expect(() => readConfig({ VOUCHTRAIL_CONFIG: missing })).toThrow(
      `VOUCHTRAIL_CONFIG = "${missing}": must be a readable YAML file`,
    );
  });

  it('never shows a secret that stands in it', () => {
    const { message } = refusal(`key: too-short-a-secret\nforward_otlp_headers: 'no secret pair'\n`);
    expect(message).toContain('*** (18 characters)');
    expect(message).not.toContain('too-short');
    expect(message).not.toContain('no secret pair');
  });

  it('reads paths as the environment does, from the working folder', () => {
    expect(configured('data_dir: ./elsewhere\n').config.dataDir).toBe(resolve('elsewhere'));
  });

  it('never makes the reading throw, whatever it holds', () => {
    const json = fc.jsonValue({ maxDepth: 4 });
    const keyed = fc.dictionary(
      fc.constantFrom('otlp', 'roles', 'key', 'forward_otlp_headers', 'retention', 'x'),
      json,
    );
    fc.assert(
      fc.property(
        fc.oneof(
          json.map(JSON.stringify),
          keyed.map((value) => stringify(value)),
          fc.string(),
        ),
        (text) => {
          const { values, problems } = readConfigFile(text, 'file.yaml');
          return values.size >= 0 && problems.every(({ name }) => /^file\.yaml line \d+: /.test(name));
        },
      ),
    );
  });
});
