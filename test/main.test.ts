import { once } from 'node:events';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { settings } from '../config.js';
import {
  accessRecord,
  anyPorts,
  endAll,
  eventually,
  finished,
  freePort,
  groupRuns,
  isRunning,
  pasted,
  run,
  send,
  startedService,
  storePid,
  temporaryFolder,
  throughNode,
  throughNpm,
} from './program.js';

afterEach(endAll);

const statusOf = async (url: string): Promise<number> => {
  try {
    const response = await fetch(url);
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
};

describe('the command line', () => {
  it('prints help with every setting and exits with 0', async () => {
    const { code, stdout } = await finished([...throughNode, '--help']);
    expect(code).toBe(0);
    for (const { name } of settings) expect(stdout).toContain(name);
  });

  it('prints the version through npm and exits with 0', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    const { code, stdout } = await finished([...throughNpm, '--version']);
    expect({ code, last: stdout.trim().split('\n').at(-1) }).toEqual({ code: 0, last: version });
  });

  it('prints the settings in force without the secrets', async () => {
    const key = 'a-secret-that-nobody-is-to-see-anywhere';
    const { code, stdout, stderr } = await finished([...throughNode, '--print-config'], {
      VOUCHTRAIL_KEY: key,
      VOUCHTRAIL_API_PORT: '4001',
    });
    expect(code).toBe(0);
    expect(stdout).toContain('VOUCHTRAIL_API_PORT="4001"');
    expect(stdout).toContain(`VOUCHTRAIL_KEY=*** (${key.length} characters)`);
    expect(stdout + stderr).not.toContain(key);
    for (const { name } of settings) expect(stdout).toContain(name);
  });

  it('refuses a flag that it does not know with 2 and names it', async () => {
    const { code, stderr } = await finished([...throughNode, '--prot', '4000']);
    expect(code).toBe(2);
    expect(stderr).toContain('--prot');
    expect(stderr).toContain('--help');
  });

  it('refuses a command that it does not know with 2 and names it', async () => {
    const { code, stderr } = await finished([...throughNode, 'sqll']);
    expect(code).toBe(2);
    expect(stderr).toContain('sqll');
  });

  it('reports everything that is wrong with the configuration and exits with 1', async () => {
    const wrong = { VOUCHTRAIL_API_PORT: 'many', VOUCHTRAIL_ROLES: 'judge' };
    const { code, stderr } = await finished(throughNode, wrong);
    expect(code).toBe(1);
    expect(stderr).toContain('VOUCHTRAIL_API_PORT = "many"');
    expect(stderr).toContain('VOUCHTRAIL_ROLES = "judge"');
  });

  it.each(['0.0.0.0', '::', '192.0.2.1'])(
    'refuses to listen on %s within 10 s and says what to do',
    async (host) => {
      const began = performance.now();
      const dataDir = temporaryFolder();
      const { code, stderr } = await finished(throughNode, {
        VOUCHTRAIL_HOST: host,
        VOUCHTRAIL_DATA_DIR: dataDir,
      });
      expect(code).toBe(1);
      expect(performance.now() - began).toBeLessThan(10_000);
      expect(stderr).toContain(host);
      expect(stderr).toContain('Until authentication exists');
      expect(stderr).toContain('127.0.0.1');
    },
  );
});

describe('the service', () => {
  it('says where to send and where to look, and what it tells to paste does it', async () => {
    const dataDir = temporaryFolder();
    const service = await startedService(dataDir);
    const greeting = service.stdout();
    const [sendIt, see, ask] = ['Send one record:', 'See it.*:', 'Ask the store:'].map(
      (title) => new RegExp(`${title}\\n +(.*)`).exec(greeting)?.[1],
    );
    if (sendIt === undefined || see === undefined || ask === undefined) throw new Error(greeting);

    expect(JSON.parse((await pasted(sendIt)).stdout)).toEqual({});
    const seen = JSON.parse((await pasted(see)).stdout) as { data: { events: { nodes: object[] } } };
    expect(seen.data.events.nodes).toMatchObject([{ activity: 'ACCESS', user: { name: 'ada@example.com' } }]);
    const { code, stdout } = await pasted(ask);
    expect(code).toBe(0);
    expect(stdout).toMatch(/access\tada@example\.com\t[0-9a-f]{32}\n/);
  });

  it('answers 503 while it starts, 200 when it is ready, and 503 while the store is down', async () => {
    const dataDir = temporaryFolder();
    const apiPort = await freePort();
    const statuses: number[] = [];
    let probing = true;
    const probe = (async () => {
      for (; probing; await delay(10)) statuses.push(await statusOf(`http://127.0.0.1:${apiPort}/readyz`));
    })();
    const service = await startedService(dataDir, { VOUCHTRAIL_API_PORT: String(apiPort) });
    expect(await eventually(() => statuses.at(-1) === 200)).toBe(true);
    expect([...new Set(statuses)]).toEqual([0, 503, 200]);
    expect(await statusOf(`${service.apiUrl}/healthz`)).toBe(200);

    process.kill(storePid(dataDir), 'SIGKILL');
    expect(await eventually(() => statuses.at(-1) === 503)).toBe(true);
    expect(await eventually(() => statuses.at(-1) === 200, 30_000)).toBe(true);
    probing = false;
    await probe;
    expect(service.process.exitCode).toBe(null);
  });

  it('keeps what it stored and its key over a restart', async () => {
    const dataDir = temporaryFolder();
    const first = await startedService(dataDir);
    await send(first.otlpHttpUrl, [accessRecord('kept')]);
    const key = readFileSync(join(dataDir, 'key'), 'utf8');
    expect(statSync(join(dataDir, 'key')).mode & 0o777).toBe(0o600);
    expect(key.trim().length).toBeGreaterThanOrEqual(32);
    first.process.kill('SIGTERM');
    expect(await first.ended).toEqual({ code: 0, signal: null });

    await startedService(dataDir);
    expect(readFileSync(join(dataDir, 'key'), 'utf8')).toBe(key);
    const statement = "SELECT count() FROM report_events WHERE user_name = 'kept@example.com'";
    const { stdout } = await finished([...throughNode, 'sql', statement], { VOUCHTRAIL_DATA_DIR: dataDir });
    expect(stdout).toBe('count()\n1\n');
  });

  it('refuses a store that was written with another key', async () => {
    const dataDir = temporaryFolder();
    const first = await startedService(dataDir);
    first.process.kill('SIGTERM');
    await first.ended;
    const { code, stderr } = await finished(throughNode, {
      VOUCHTRAIL_DATA_DIR: dataDir,
      VOUCHTRAIL_KEY: 'another key that is long enough to be one',
    });
    expect(code).toBe(1);
    expect(stderr).toContain('VOUCHTRAIL_KEY');
  });

  it('says that the data folder is in use, whatever the ports, and leaves the first instance alone', async () => {
    const dataDir = temporaryFolder();
    const first = await startedService(dataDir);
    const same = { VOUCHTRAIL_DATA_DIR: dataDir, VOUCHTRAIL_API_PORT: new URL(first.apiUrl).port };
    const { code, stderr } = await finished(throughNode, same);
    expect(code).toBe(1);
    expect(stderr).toContain(dataDir);
    expect(stderr).toContain('in use');
    expect(await statusOf(`${first.apiUrl}/readyz`)).toBe(200);
  });

  it.each(Object.keys(anyPorts))(
    'names a busy %s, exits with 1 and leaves nothing behind',
    async (setting) => {
      const busy = createServer().listen(0, '127.0.0.1');
      await once(busy, 'listening');
      const { port } = busy.address() as { port: number };
      const dataDir = temporaryFolder();
      const service = run(throughNode, {
        VOUCHTRAIL_DATA_DIR: dataDir,
        ...anyPorts,
        [setting]: String(port),
      });
      expect(await service.ended).toEqual({ code: 1, signal: null });
      expect(service.stderr()).toContain(String(port));
      expect(service.stderr()).toContain(setting);
      expect(groupRuns(service.process.pid ?? 0)).toBe(false);
      busy.close();
    },
  );

  it('runs by a configuration file, without a store, between two receivers', async () => {
    const folder = temporaryFolder();
    const next = await startedService(join(folder, 'next'));
    const file = join(folder, 'stage.yaml');
    const forward = `forward: { otlp: '${next.otlpHttpUrl}', otlp_headers: { x-password: swordfish } }`;
    writeFileSync(file, `store: off\n${forward}\notlp: { http_port: 0, grpc_port: 0 }\napi_port: 0\n`);
    const environment = { VOUCHTRAIL_CONFIG: file, VOUCHTRAIL_DATA_DIR: join(folder, 'unused') };
    const stage = run(throughNode, environment);
    const { url = '' } = await stage.said(/Send OTLP logs to +(?<url>http:\S+)\/v1\/logs[\s\S]*Ctrl-C/);
    expect(stage.stdout()).toContain(`They go on to       ${next.otlpHttpUrl}`);
    expect(stage.stdout()).toContain('nothing is stored');
    expect(stage.stdout()).not.toMatch(/npm run sql|graphql/);
    expect(await send(url, [accessRecord('passing')])).toBe(200);
    const printed = await finished([...throughNode, '--print-config'], environment);
    expect(printed.stdout).toContain(`VOUCHTRAIL_STORE="off"   (${file} line 1: store)`);
    for (const { stdout, stderr } of [printed, { stdout: stage.stdout(), stderr: stage.stderr() }]) {
      expect(stdout + stderr).not.toContain('swordfish');
    }
    const asked = await finished([...throughNode, 'sql', 'SELECT 1'], environment);
    expect(asked).toMatchObject({ code: 1, stderr: expect.stringContaining('VOUCHTRAIL_STORE is off') });
    stage.process.kill('SIGTERM');
    expect(await stage.ended).toEqual({ code: 0, signal: null });
    expect(existsSync(join(folder, 'unused'))).toBe(false);
    const statement = 'SELECT user_name FROM report_events FORMAT TSV';
    const there = { VOUCHTRAIL_DATA_DIR: join(folder, 'next') };
    expect((await finished([...throughNode, 'sql', statement], there)).stdout).toBe('passing@example.com\n');
  });

  it('ends with 1 after an error that nobody expected, and takes the store along', async () => {
    const dataDir = temporaryFolder();
    const bomb = `process.on('SIGUSR2', () => setTimeout(() => { throw new Error('boom'); }))`;
    const service = await startedService(dataDir, {}, [
      'node',
      '--import',
      'tsx',
      '--import',
      `data:text/javascript,${encodeURIComponent(bomb)}`,
      'main.ts',
    ]);
    const store = storePid(dataDir);
    service.process.kill('SIGUSR2');
    expect(await service.ended).toEqual({ code: 1, signal: null });
    expect(service.stderr()).toContain('boom');
    expect(await eventually(() => !isRunning(store))).toBe(true);
  });
});
