import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const MAX_STDERR = 8 * 1024;

/** A running child and the end of what its engine wrote to stderr. */
export interface Child {
  readonly process: ChildProcess;
  stderr(): string;
}

/**
 * Starts the child's entry file: the .js beside this one in a build, or the .ts through tsx.
 *
 * The environment is made, not inherited: the child needs no secret of its parent. UV_THREADPOOL_SIZE must be
 * there before Node starts: with the usual four threads, four slow statements would block every file read.
 */
export function spawnChild(): Child {
  const extension = extname(fileURLToPath(import.meta.url));
  const entry = fileURLToPath(new URL(`./server${extension}`, import.meta.url));
  // Resolved from here, so that the working directory does not matter.
  const loader = () => pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const nodeArguments = extension === '.ts' ? ['--import', loader()] : [];
  const child = spawn(process.execPath, [...nodeArguments, entry], {
    env: { TZ: 'UTC', UV_THREADPOOL_SIZE: '16', LANG: 'C.UTF-8' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let stderr = '';
  child.stderr?.setEncoding('utf8');
  child.stderr?.on('data', (text: string) => {
    stderr = (stderr + text).slice(-MAX_STDERR);
  });
  return { process: child, stderr: () => stderr };
}
