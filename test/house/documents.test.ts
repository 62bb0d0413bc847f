import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { type Config, readConfig, settings } from '../../config.js';
import { createEnricher } from '../../processor/enrich/enrich.js';
import { readPolicy } from '../../schema/policy/policy.js';
import { enrichPolicyOf } from '../../service/policy.js';
import {
  endAll,
  finished,
  pasted,
  type RunningService,
  startedService,
  temporaryFolder,
  throughNode,
} from '../program.js';
import { blocks, commands, tableBelow } from './document.js';
import { root, sourceFiles } from './source-files.js';

afterAll(endAll);

interface CollectorConfig {
  exporters: Record<string, { endpoint: string }>;
  service: { pipelines: { logs: { exporters: string[] } } };
}

describe('docs/verified.md', () => {
  it('says of each command in the documents how it was run, or that nobody ran it', () => {
    const documents = sourceFiles('.md').map(({ path }) => path);
    const written = new Set(documents.flatMap(commands));
    const rows = tableBelow('docs/verified.md', 'Commands of these documents');
    const listed = rows.map(([command = '']) => command.replace(/^`+ ?| ?`+$/g, ''));
    expect(listed.sort()).toEqual([...written].sort());
    const files = rows.flatMap(([, how = '']) =>
      [...how.matchAll(/`([\w./-]+)`/g)].map(([, file = '']) => file),
    );
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
    const unsaid = rows.filter(([, how = '']) => !/`|nobody ran it/.test(how));
    expect(unsaid).toEqual([]);
  });
});

describe('docs/run.md', () => {
  const folder = temporaryFolder();

  /** The configuration that a block gives, its paths below a folder of the test. */
  function configured(yaml: string): Config {
    const policy = join(folder, 'policy.yaml');
    writeFileSync(policy, '');
    const path = join(folder, 'vouchtrail.yaml');
    writeFileSync(path, yaml.replace('/etc/vouchtrail/policy.yaml', policy));
    return readConfig({ VOUCHTRAIL_CONFIG: path }).config;
  }

  it('shows configuration files that are right', () => {
    const [file, stage, ...more] = blocks('docs/run.md', 'yaml').map(({ text }) => configured(text));
    expect(more).toEqual([]);
    expect(file).toMatchObject({
      dataDir: '/var/lib/vouchtrail',
      minimumFreeBytes: 2 * 1024 ** 3,
      otlpHttpPort: 4318,
      otlpGrpcPort: 4317,
      retention: { events: 400, evidence: 400, raw: 30, deadLetters: 30, runs: 30 },
    });
    expect(stage).toMatchObject({
      store: { kind: 'off' },
      forward: {
        url: 'http://127.0.0.1:14317',
        protocol: 'grpc',
        headers: { 'x-scope-orgid': 'security' },
      },
    });
  });

  it('names only settings that there are, as do the other documents', () => {
    const known = settings.map(({ name }) => name);
    const wrong = sourceFiles('.md').flatMap(({ path, text }) =>
      [...text.matchAll(/\bVOUCHTRAIL_[A-Z_]*[A-Z]/g)]
        .map(([name]) => name)
        // A group of them is named by its beginning: `VOUCHTRAIL_RETENTION_*`.
        .filter((name) => !known.some((one) => one === name || one.startsWith(`${name}_`)))
        .filter((name) => !name.startsWith('VOUCHTRAIL_TEST_'))
        .map((name) => `${path}: ${name}`),
    );
    expect(wrong).toEqual([]);
  });
});

describe('deploy/systemd/vouchtrail.service', () => {
  const unit = readFileSync(join(root, 'deploy/systemd/vouchtrail.service'), 'utf8');
  const execute = promisify(execFile);

  it('sets settings that there are, and waits for longer than a drain takes', () => {
    const names = [...unit.matchAll(/\b(VOUCHTRAIL_\w+)=/g)].map(([, name = '']) => name);
    expect(names).toEqual(['VOUCHTRAIL_DATA_DIR', 'VOUCHTRAIL_CONFIG']);
    expect(settings.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
    expect(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1])).toBeGreaterThan(30);
    expect(readFileSync(join(root, 'main.ts'), 'utf8')).toContain('const drainPatienceMs = 30_000;');
  });

  it('is one that systemd takes, where systemd is here to be asked', async ({ skip }) => {
    const folder = temporaryFolder();
    const verify = async (text: string) => {
      const path = join(folder, 'vouchtrail.service');
      writeFileSync(path, text.replace('/usr/bin/node', process.execPath));
      return await execute('systemd-analyze', ['verify', path]);
    };
    const answer = await verify(unit).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (answer === undefined) skip('there is no systemd-analyze here');
    expect(answer).toEqual({ stdout: '', stderr: '' });
    expect((await verify(unit.replace('KillMode=mixed', 'KillMode=gently'))).stderr).toContain('kill mode');
  });
});

describe('docs/tune.md', () => {
  const [example, ...more] = blocks('docs/tune.md', 'yaml').map(({ text }) => text);

  it('shows one policy, which is right and has everything that a policy can have', () => {
    expect(more).toEqual([]);
    const document = readPolicy(example ?? '', 'docs/tune.md');
    const { policy } = document;
    expect(() => createEnricher({ policy: enrichPolicyOf(document) })).not.toThrow();
    const written = parseYaml(example ?? '') as Record<string, unknown>;
    expect(Object.keys(written)).toEqual(Object.keys(policy));
    expect(policy.applications.map(({ level }) => level)).toEqual(['high', 'low', 'normal']);
    expect(policy.applications.at(-1)?.reauthentication).toEqual({ max: 7 * 86_400, idle: 12 * 3_600 });
    expect(policy.networks.corporate).toHaveLength(2);
  });

  it('lists every name of it', () => {
    const names = (value: unknown): string[] => {
      if (Array.isArray(value)) return value.flatMap(names);
      if (typeof value !== 'object' || value === null) return [];
      return Object.entries(value).flatMap(([name, inner]) => [name, ...names(inner)]);
    };
    const rows = tableBelow('docs/tune.md', 'The names of the policy');
    const told = rows.map(([name = '']) => name).join(' ');
    const written = [...new Set(names(parseYaml(example ?? '')))];
    expect(written.filter((name) => !told.includes(name))).toEqual([]);
  });
});

describe('docs/send.md', () => {
  it('shows Collector configurations whose pipelines name the exporter that they configure', () => {
    const shown = ['README.md', 'docs/send.md'].flatMap((path) =>
      blocks(path, 'yaml').map(({ text }) => parseYaml(text) as CollectorConfig),
    );
    expect(shown).toHaveLength(3);
    for (const { exporters, service } of shown) {
      expect(service.pipelines.logs.exporters).toEqual(Object.keys(exporters));
    }
    const endpoints = shown.flatMap(({ exporters }) =>
      Object.values(exporters).map(({ endpoint }) => endpoint),
    );
    const { otlpHttpPort, otlpGrpcPort } = readConfig({}).config;
    expect(new Set(endpoints)).toEqual(
      new Set([`http://127.0.0.1:${otlpHttpPort}`, `127.0.0.1:${otlpGrpcPort}`]),
    );
  });
});

describe('what the documents tell to paste', () => {
  let dataDir: string;
  let service: RunningService;
  let environment: Record<string, string>;
  beforeAll(async () => {
    dataDir = temporaryFolder();
    service = await startedService(dataDir);
    const port = (url: string) => new URL(url).port;
    environment = {
      VOUCHTRAIL_DATA_DIR: dataDir,
      VOUCHTRAIL_OTLP_HTTP_PORT: port(service.otlpHttpUrl),
      VOUCHTRAIL_API_PORT: port(service.apiUrl),
    };
  });

  /** A line or a block, with the ports of this service in place of the usual ones. */
  const here = (text: string): string =>
    text
      .replaceAll('http://127.0.0.1:4318', service.otlpHttpUrl)
      .replaceAll('http://127.0.0.1:4317', service.otlpGrpcUrl)
      .replaceAll('http://127.0.0.1:4000', service.apiUrl);

  const command = (path: string, beginning: string): string => {
    const found = commands(path).find((line) => line.startsWith(beginning));
    if (found === undefined) throw new Error(`${path} has no command that begins with ${beginning}`);
    return found;
  };

  async function stored(user: string): Promise<string> {
    const statement = `SELECT activity FROM report_events WHERE user_name = '${user}' OR user_id = '${user}' ORDER BY ts FORMAT TSV`;
    return (await finished([...throughNode, 'sql', statement], environment)).stdout;
  }

  it('sends a record by hand', async () => {
    const { code, stdout } = await pasted(here(command('docs/send.md', 'curl')));
    expect({ code, answer: JSON.parse(stdout) }).toEqual({ code: 0, answer: {} });
    expect(await stored('grace@example.com')).toBe('access\n');
  });

  it('sends records from an application, over HTTP and over gRPC', async () => {
    const programs = blocks('docs/send.md', 'js').map(({ text }) => here(text));
    expect(programs).toHaveLength(2);
    for (const program of programs) {
      const run = await finished(['node', '--input-type=module', '-e', program]);
      expect(run, run.stderr).toMatchObject({ code: 0, stderr: '' });
    }
    expect((await stored('u-1815')).trim().split('\n').sort()).toEqual(['access', 'session_end', 'sign_in']);
  });

  it('sends files', async () => {
    const folder = join(temporaryFolder(), 'logs');
    mkdirSync(folder);
    cpSync(join(root, 'deploy/demo/cloudtrail.ndjson'), join(folder, 'trail.ndjson'));
    const [send, check, ...more] = commands('docs/send.md').filter((line) =>
      line.startsWith('npm run replay'),
    );
    expect(more).toEqual([]);
    for (const line of [send ?? '', check ?? '']) {
      const { code, stdout } = await finished(['sh', '-c', line.replace('./logs', folder)], environment);
      expect(code, stdout).toBe(0);
      expect(stdout).toMatch(line === check ? /cloudtrail[\s\S]*unvouched-access/ : /trail\.ndjson/);
    }
  });

  it.each([
    ['README.md', 'npm run sql'],
    ['docs/tune.md', 'npm run sql'],
  ])('asks the store, as %s says', async (path, beginning) => {
    const { code, stderr } = await finished(['sh', '-c', command(path, beginning)], environment);
    expect(code, stderr).toBe(0);
  });

  it('shows the settings in force', async () => {
    const line = command('docs/tune.md', 'npm start -- --print-config');
    const { code, stdout } = await finished(['sh', '-c', line], environment);
    expect(code).toBe(0);
    expect(stdout).toContain('policy in force: none');
  });

  it('asks for health and metrics', async () => {
    const [ready, metrics] = await Promise.all(
      ['readyz', 'metrics'].map((path) =>
        pasted(here(command('docs/run.md', `curl -sS http://127.0.0.1:4000/${path}`))),
      ),
    );
    expect(JSON.parse(ready?.stdout ?? '')).toMatchObject({ reasons: expect.any(Array) });
    expect(metrics?.stdout).toContain('vouchtrail_build_info');
  });

  it('brings tables up to date', async () => {
    const other = { VOUCHTRAIL_DATA_DIR: temporaryFolder() };
    const [check, update] = commands('docs/run.md').filter((line) => line.startsWith('npm run migrate'));
    const run = (line = '') => finished(['sh', '-c', line], other);
    expect((await run(check)).code).toBe(1);
    expect((await run(update)).code).toBe(0);
    expect((await run(check)).code).toBe(0);
  });
});
