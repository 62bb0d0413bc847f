import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { OLDEST_SERVER } from '../../schema/store/server-version.js';
import { importedModules, root } from '../house/source-files.js';
import { cases, embeddedOnly } from './cases.js';
import { dockerAnswers } from './docker.js';

describe('the Docker daemon', () => {
  it('answers if it says who it is', async () => {
    expect(await dockerAnswers(async () => ({ ServerVersion: '28.2.2' }))).toBe(true);
  });

  it('does not answer where nobody listens', async () => {
    expect(await dockerAnswers(() => Promise.reject(new Error('connect ENOENT')))).toBe(false);
  });

  it('does not answer if it is silent for too long', async () => {
    expect(await dockerAnswers(() => new Promise(() => {}), 50)).toBe(false);
  });
});

describe.skipIf(await dockerAnswers())('npm run test:containers without a Docker daemon', () => {
  it('exits with 0 and says in one line what did not run, why, and what to do', async () => {
    const environment = Object.entries(process.env).filter(([name]) => !name.startsWith('VOUCHTRAIL_'));
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', join(root, 'test/containers/run.ts')],
      { cwd: root, env: Object.fromEntries(environment) },
    );
    expect(stderr).toBe('');
    expect(stdout.trim().split('\n')).toHaveLength(1);
    expect(stdout).toContain('skipped: no Docker daemon answers');
    expect(stdout).toContain(`nothing ran on ClickHouse ${OLDEST_SERVER} and latest`);
    expect(stdout).toContain('Start Docker');
  });
});

describe('the cases that run on every ClickHouse', () => {
  const testFiles = (path: string): string[] => {
    if (!existsSync(join(root, path))) return [];
    if (statSync(join(root, path)).isFile()) return [path];
    return readdirSync(join(root, path), { recursive: true, encoding: 'utf8' })
      .map((file) => `${path}${file}`)
      .filter((file) => file.endsWith('.test.ts') && !embeddedOnly.some((left) => file.startsWith(left)));
  };

  it.each(cases)('are there: %s', (path) => {
    expect(testFiles(path)).not.toEqual([]);
  });

  it('take the server that they are given: none starts an embedded store of its own', () => {
    const own = cases
      .flatMap(testFiles)
      .filter((path) =>
        importedModules(readFileSync(join(root, path), 'utf8')).some((specifier) =>
          specifier.endsWith('/embedded/start.js'),
        ),
      );
    expect(own).toEqual([]);
  });
});
