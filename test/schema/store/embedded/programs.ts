import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { openDatabase } from '../../../../schema/store/database.js';
import { memoryFolderOf } from '../../../../schema/store/embedded/spool.js';

/** What a program says of itself: where it serves, or why it does not. */
export interface ProgramReport {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  readonly database: string;
  readonly pid: number;
  readonly error?: string;
  readonly message?: string;
}

export interface Program {
  readonly process: ChildProcess;
  readonly report: ProgramReport;
  /** The exit code, when it has ended. */
  readonly ended: Promise<number | null>;
}

const started = new Set<ChildProcess>();

/** Runs parent-program.ts on a data folder, in a process group of its own, and waits for its report. */
export async function runProgram(dataDir: string, cwd = '/'): Promise<Program> {
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const program = fileURLToPath(new URL('./parent-program.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', loader, program, dataDir], {
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.add(child);
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  const [line] = (await once(createInterface(child.stdout as NodeJS.ReadableStream), 'line')) as [string];
  return { process: child, report: JSON.parse(line) as ProgramReport, ended };
}

/** Kills what runProgram started and is still there. */
export function killPrograms(): void {
  for (const child of started) child.kill('SIGKILL');
  started.clear();
}

const folders: string[] = [];

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'vouchtrail-lifecycle-'));
  folders.push(folder);
  return folder;
}

export function removeTemporaryFolders(): void {
  for (const folder of folders.splice(0)) {
    for (const path of [folder, memoryFolderOf(folder)])
      rmSync(path, { recursive: true, force: true, maxRetries: 5 });
  }
}

export function processRuns(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The first column of a statement's rows. */
export async function column(access: Parameters<typeof openDatabase>[0], sql: string): Promise<unknown[]> {
  const database = openDatabase(access);
  try {
    const { rows } = await database.query<Record<string, unknown>>(sql);
    return rows.map((row) => Object.values(row)[0]);
  } finally {
    await database.close();
  }
}
