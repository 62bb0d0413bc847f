import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { execution, root } from './project.js';

/** A project of these files, each with its own path as its text, after the second half of the build. */
async function built(paths: readonly string[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'vouchtrail-build-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const path of paths) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), path);
  }
  const script = [process.execPath, '--import', 'tsx', 'deploy/build/place-files.ts', folder];
  expect(await execution(script, root)).toEqual({ code: 0, stdout: '', stderr: '' });
  return folder;
}

it('a build puts beside the code what the code reads', async () => {
  const read = ['package.json', 'schema/migrations/0001-facts.sql', 'schema/schema.graphql'];
  const folder = await built([...read, 'schema/event.ts', 'schema/tsconfig.json', 'dist/main.js', 'main.ts']);
  for (const path of read) expect(readFileSync(join(folder, 'dist', path), 'utf8')).toBe(path);
  expect(existsSync(join(folder, 'dist/schema/event.ts'))).toBe(false);
  expect(existsSync(join(folder, 'dist/schema/tsconfig.json'))).toBe(false);
});

it('a build keeps nothing that no longer has a source, least of all a migration', async () => {
  const kept = [
    'dist/api/server.js',
    'dist/api/server.d.ts',
    'dist/.test/old.js',
    'dist/tsconfig.tsbuildinfo',
  ];
  const gone = [
    'dist/api/old.js',
    'dist/api/old.js.map',
    'dist/api/old.d.ts',
    'dist/schema/migrations/0002-old.sql',
  ];
  const folder = await built([
    'package.json',
    'api/server.ts',
    'schema/migrations/0001-facts.sql',
    ...kept,
    ...gone,
  ]);
  for (const path of kept) expect(existsSync(join(folder, path)), path).toBe(true);
  for (const path of gone) expect(existsSync(join(folder, path)), path).toBe(false);
  expect(existsSync(join(folder, 'dist/schema/migrations/0001-facts.sql'))).toBe(true);
});
