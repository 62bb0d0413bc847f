import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

// The real program as a child process: what a person who runs it sees.

const patienceMs = 40_000;

const root = fileURLToPath(new URL('../', import.meta.url));

export interface Run {
  readonly process: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Resolves with the groups of the first match in standard output; rejects when the program ends before. */
  said(pattern: RegExp): Promise<Record<string, string>>;
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** A process that leads a group of its own, so that nothing of it survives the test that started it. */
export function run(command: readonly string[], env: Record<string, string> = {}, input = ''): Run {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('VOUCHTRAIL_'));
  const child = spawn(command[0] ?? '', command.slice(1), {
    cwd: root,
    env: { ...Object.fromEntries(inherited), NO_UPDATE_NOTIFIER: '1', ...env },
    detached: true,
  });
  running.add(child);
  child.stdin.end(input);
  const text = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text.stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text.stderr += chunk));
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  let over = false;
  void ended.then(() => (over = true));
  return {
    process: child,
    stdout: () => text.stdout,
    stderr: () => text.stderr,
    ended,
    said: async (pattern) => {
      for (const end = Date.now() + patienceMs; ; await delay(20)) {
        const match = pattern.exec(text.stdout);
        if (match !== null) return match.groups ?? {};
        if (!over && Date.now() < end) continue;
        const how = over ? 'ended without saying' : `did not within ${patienceMs} ms say`;
        throw new Error(`the program ${how} ${pattern}:\n${text.stdout}\n${text.stderr}`);
      }
    },
  };
}

const running = new Set<ChildProcess>();

/** Ends whatever a test left: for afterEach. */
export async function endAll(): Promise<void> {
  for (const { pid } of running) {
    if (pid !== undefined && groupRuns(pid)) process.kill(-pid, 'SIGKILL');
  }
  running.clear();
  for (const folder of folders.splice(0))
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

const folders: string[] = [];

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'vouchtrail-main-'));
  folders.push(folder);
  return folder;
}

export const throughNode = ['node', '--import', 'tsx', 'main.ts'];
export const throughNpm = ['npm', 'start', '--'];

/** Runs to its end: for commands that print and exit. */
export async function finished(command: readonly string[], env: Record<string, string> = {}, input = '') {
  const started = run(command, env, input);
  const { code, signal } = await started.ended;
  return { code, signal, stdout: started.stdout(), stderr: started.stderr() };
}

/** Runs a line that a person would paste, in a shell whose curl is Node: not every machine has one. */
export function pasted(line: string) {
  const curl = `
    const [url, ...args] = process.argv.slice(1).filter((arg) => arg !== '-sS');
    const after = (flag) => args[args.indexOf(flag) + 1];
    const [name, value] = args.includes('-H') ? after('-H').split(': ') : [];
    const post = { method: 'POST', headers: { [name]: value }, body: after('-d') };
    const response = await fetch(url, args.includes('-d') ? post : {});
    process.stdout.write(await response.text());`;
  const script = 'curl() { node --input-type=module -e "$CURL" -- "$@"; }';
  return finished(['sh', '-c', `${script}\n${line}`], { CURL: curl });
}

export interface RunningService extends Run {
  otlpHttpUrl: string;
  otlpGrpcUrl: string;
  apiUrl: string;
}

/** Whatever runs beside: every port is any free one. */
export const anyPorts = {
  VOUCHTRAIL_OTLP_HTTP_PORT: '0',
  VOUCHTRAIL_OTLP_GRPC_PORT: '0',
  VOUCHTRAIL_API_PORT: '0',
};

/** The service on any free ports, once it says that it is ready. */
export async function startedService(
  dataDir: string,
  env: Record<string, string> = {},
  command = throughNode,
): Promise<RunningService> {
  const service = run(command, { VOUCHTRAIL_DATA_DIR: dataDir, ...anyPorts, ...env });
  const {
    otlpHttpUrl = '',
    otlpGrpcUrl = '',
    apiUrl = '',
  } = await service.said(
    /Send OTLP logs to +(?<otlpHttpUrl>http:\S+)\/v1\/logs\n.*gRPC to +(?<otlpGrpcUrl>http:\S+)[\s\S]*Ask in GraphQL +(?<apiUrl>http:\S+)\/graphql[\s\S]*Ctrl-C/,
  );
  return Object.assign(service, { otlpHttpUrl, otlpGrpcUrl, apiUrl });
}

/** The process that holds the embedded store of a data folder. */
export function storePid(dataDir: string): number {
  return (JSON.parse(readFileSync(join(dataDir, 'embedded-endpoint.json'), 'utf8')) as { pid: number }).pid;
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isDead(pid);
  } catch {
    return false;
  }
}

/** Whether anything runs in the group that this process leads or led. */
export function groupRuns(pid: number): boolean {
  try {
    process.kill(-pid, 0);
  } catch {
    return false;
  }
  if (!existsSync('/proc/self/stat')) return true;
  const members = readdirSync('/proc').filter(
    (name) => /^\d+$/.test(name) && processStat(Number(name))[2] === String(pid),
  );
  return members.some((member) => !isDead(Number(member)));
}

/** A container's first process may never collect the orphans: they have ended all the same. */
const isDead = (pid: number): boolean => processStat(pid)[0] === 'Z';

/** State, parent, group, ... of Linux's /proc; nothing elsewhere. */
function processStat(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
  } catch {
    return [];
  }
}

/** True as soon as `condition` is; false if it never was within the time. */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
  withinMs = 10_000,
): Promise<boolean> {
  for (const end = Date.now() + withinMs; Date.now() < end; await delay(25)) {
    if (await condition()) return true;
  }
  return false;
}

/** A port that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** A log record of an application, as OTLP/JSON, of a user and a session that are called after `name`. */
export function accessRecord(name: string): object {
  return {
    timeUnixNano: `${Date.now()}000000`,
    eventName: 'app.access',
    attributes: [
      { key: 'session.id', value: { stringValue: `session of ${name}` } },
      { key: 'user.name', value: { stringValue: `${name}@example.com` } },
    ],
  };
}

/**
 * Sends log records in one request, on a connection of its own: fetch may wait for ever where the other side ends
 * between connection and request.
 *
 * @returns the HTTP status
 */
export async function send(otlpHttpUrl: string, logRecords: readonly object[]): Promise<number> {
  const post = request(`${otlpHttpUrl}/v1/logs`, {
    method: 'POST',
    agent: false,
    headers: { 'content-type': 'application/json' },
  });
  post.end(JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }));
  const [response] = (await once(post, 'response')) as [IncomingMessage];
  response.resume();
  await once(response, 'end');
  return response.statusCode ?? 0;
}
