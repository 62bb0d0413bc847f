import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const execute = promisify(execFile);

export const root = fileURLToPath(new URL('../../', import.meta.url));

export interface Output {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Of what `npm test` sets, the folder that it works in above all; where a registry is stays known. */
const notInherited =
  /^(?:VOUCHTRAIL_|VITEST|NODE_OPTIONS|NODE_ENV|npm_(?!config_(?:registry|cache|userconfig|https?_?proxy|noproxy)$))/i;

/** Runs a command to its end, without what this shell's own settings would change. */
export async function execution(
  command: readonly string[],
  cwd: string,
  env: Record<string, string> = {},
): Promise<Output> {
  const inherited = Object.entries(process.env).filter(([name]) => !notInherited.test(name));
  const options = { cwd, env: { ...Object.fromEntries(inherited), NO_UPDATE_NOTIFIER: '1', ...env } };
  try {
    const [program = '', ...args] = command;
    const output = await execute(program, args, { ...options, maxBuffer: 64 * 1024 * 1024 });
    return { code: 0, ...output };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: unknown; stdout?: string; stderr?: string };
    if (typeof code !== 'number') throw error;
    return { code, stdout: stdout ?? '', stderr: stderr ?? '' };
  }
}

/** Packs the project, which builds it. Gives the path of the tarball. */
export async function pack(folder: string): Promise<string> {
  const { code, stdout, stderr } = await execution(
    ['npm', 'pack', '--json', '--pack-destination', folder],
    root,
  );
  if (code !== 0) throw new Error(`npm pack failed:\n${stdout}\n${stderr}`);
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  return join(folder, tarball ?? 'no tarball');
}

/** The files in a tarball, as they lie in the package's folder. */
export async function packedFiles(tarball: string): Promise<string[]> {
  const { stdout } = await execution(['tar', '-tzf', tarball], '/');
  return stdout
    .split('\n')
    .filter((path) => path.startsWith('package/'))
    .map((path) => path.slice('package/'.length));
}

/** A project of somebody else, in a folder of its own that ends with `remove`. */
export class Project {
  readonly folder = mkdtempSync(join(tmpdir(), 'vouchtrail-project-'));

  constructor() {
    this.write('package.json', JSON.stringify({ name: 'portal', private: true, type: 'module' }));
  }

  /** `npm install`, without what is optional. False if there is no registry that could be reached. */
  async install(...packages: readonly string[]): Promise<boolean> {
    const flags = ['--omit=optional', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund'];
    const retries = ['--fetch-retries=1', '--fetch-retry-mintimeout=500', '--fetch-retry-maxtimeout=1000'];
    const output = await execution(['npm', 'install', ...flags, ...retries, ...packages], this.folder);
    if (output.code === 0) return true;
    if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|ECONNRESET|ENOTCACHED/.test(output.stderr))
      return false;
    throw new Error(`npm install failed:\n${output.stderr}`);
  }

  /** What `install` would do, from the packages of this repository: for where there is no registry. */
  async unpack(tarball: string): Promise<void> {
    const modules = join(this.folder, 'node_modules');
    mkdirSync(join(modules, 'vouchtrail'), { recursive: true });
    for (const name of readdirSync(join(root, 'node_modules'))) {
      if (name.startsWith('.') || name === 'chdb') continue;
      symlinkSync(join(root, 'node_modules', name), join(modules, name));
    }
    const target = join(modules, 'vouchtrail');
    await execution(['tar', '-xzf', tarball, '--strip-components=1', '-C', target], this.folder);
  }

  path(...names: readonly string[]): string {
    return join(this.folder, ...names);
  }

  has(...names: readonly string[]): boolean {
    return existsSync(this.path(...names));
  }

  write(name: string, text: string): void {
    writeFileSync(this.path(name), text);
  }

  node(args: readonly string[], env: Record<string, string> = {}): Promise<Output> {
    return execution([process.execPath, ...args], this.folder, env);
  }

  /** Type-checks files of the project with this repository's compiler, which knows no types but those imported. */
  typecheck(files: readonly string[], flags: readonly string[] = []): Promise<Output> {
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    const strict = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--module', 'nodenext'];
    return this.node([compiler, ...strict, '--target', 'es2022', ...flags, ...files]);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
