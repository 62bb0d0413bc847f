import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const command = fileURLToPath(new URL('../commands/demo.ts', import.meta.url));
const PATIENCE_MS = 240_000;

let temporary: string;
let busy: Server[];
let child: ChildProcess | undefined;

beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'vouchtrail-demo-test-'));
  busy = await Promise.all([listen(), listen(), listen()]);
});

afterEach(async () => {
  if (child?.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
  child = undefined;
  for (const server of busy) server.close();
  await rm(temporary, { recursive: true, force: true });
});

describe('npm run demo', () => {
  test(
    '--exit ends with 0 after it found exactly what was planted, on free ports where the usual are busy',
    async () => {
      const [http, grpc, api] = busy.map(portOf);
      const demo = start(['--exit'], {
        VOUCHTRAIL_OTLP_HTTP_PORT: `${http}`,
        VOUCHTRAIL_OTLP_GRPC_PORT: `${grpc}`,
        VOUCHTRAIL_API_PORT: `${api}`,
      });
      expect(await demo.code, demo.text()).toBe(0);
      const text = demo.text();
      for (const port of [http, grpc, api]) expect(text).toContain(`(port ${port} is busy)`);
      for (const user of ['claire.dubois', 'sofia.alvarez', 'tom.baker']) {
        expect(text).toMatch(
          new RegExp(
            `^(MEDIUM|HIGH|CRITICAL) \\| OPEN \\| ${user} \\| .* \\| (NONE|USER) \\| .*unvouched-access$`,
            'm',
          ),
        );
      }
      expect(text).toContain(
        'Everything planted was found, and nothing at MEDIUM or above stands on anyone else.',
      );
      expect(await demoFolders()).toEqual([]);
    },
    PATIENCE_MS,
  );

  test(
    'stays up until Ctrl-C, then drains, removes its folder and ends with 0',
    async () => {
      const demo = start([], {
        VOUCHTRAIL_OTLP_HTTP_PORT: '0',
        VOUCHTRAIL_OTLP_GRPC_PORT: '0',
        VOUCHTRAIL_API_PORT: '0',
      });
      await demo.said('Ctrl-C ends it');
      const url = /(http\S+)\/graphql/.exec(demo.text())?.[1];
      expect((await fetch(`${url}/readyz`)).status).toBe(200);
      expect(await demoFolders()).toHaveLength(1);
      process.kill(-(demo.pid ?? 0), 'SIGINT');
      expect(await demo.code, demo.text()).toBe(0);
      expect(await demoFolders()).toEqual([]);
    },
    PATIENCE_MS,
  );

  test(
    'explains itself and refuses what it does not know',
    async () => {
      const help = start(['--help'], {});
      expect(await help.code).toBe(0);
      expect(help.text()).toContain('npm run demo -- --exit');
      const wrong = start(['--fast'], {});
      expect(await wrong.code).toBe(2);
      expect(wrong.text()).toContain("'--fast'");
      expect(await demoFolders()).toEqual([]);
    },
    PATIENCE_MS,
  );
});

/** What demos keep in the temporary folder; tsx keeps its cache beside. */
async function demoFolders(): Promise<string[]> {
  return (await readdir(temporary)).filter((name) => name.startsWith('vouchtrail-'));
}

/** Runs the command as the leader of a process group, as a shell does. */
function start(args: string[], environment: Record<string, string>) {
  const env = { ...process.env, ...environment, TMPDIR: temporary };
  const started = spawn(process.execPath, ['--import', 'tsx', command, ...args], { env, detached: true });
  child = started;
  let text = '';
  const listeners = new Set<() => void>();
  for (const stream of [started.stdout, started.stderr]) {
    stream.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
      for (const listener of listeners) listener();
    });
  }
  const code = once(started, 'close').then(([exitCode]) => exitCode as number | null);
  const said = (what: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (text.includes(what)) resolve();
      };
      listeners.add(look);
      look();
      code.then(() => reject(new Error(`It ended without saying "${what}":\n${text}`)), reject);
    });
  return { pid: started.pid, code, said, text: () => text };
}

async function listen(): Promise<Server> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function portOf(server: Server): number {
  return (server.address() as { port: number }).port;
}
