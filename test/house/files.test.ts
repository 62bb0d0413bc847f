import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root, sourceFiles } from './source-files.js';

const longestFile = 400;

/** Written in pieces, so that this file does not trip over itself. */
const neverWritten: readonly [name: string, pattern: RegExp][] = [
  [
    'a path of somebody’s machine',
    new RegExp(['/work', '/home/[a-z]+', '/Users/[a-z]+'].map((path) => `${path}/`).join('|'), 'i'),
  ],
  [
    'a note of unfinished work',
    new RegExp(`\\b(${['TO', 'FIX', 'XX'].map((start, i) => start + ['DO', 'ME', 'X'][i]).join('|')})\\b`),
  ],
  [
    'a test that does not run',
    new RegExp(`\\b(it|test|describe)\\.(${['skip', 'only', 'todo'].join('|')})\\(`),
  ],
  ['a silenced type error', new RegExp(`@ts-(${['ignore', 'nocheck', 'expect-error'].join('|')})`)],
  ['the number of an issue', /\bissues? #?\d+\b/i],
];

describe('the files of the house', () => {
  const files = sourceFiles('.ts', '.sql', '.md', '.json', '.yaml', '.yml', '.graphql', '.html').filter(
    ({ path }) => path !== 'package-lock.json' && path !== 'test/house/files.test.ts',
  );

  it(`have no TypeScript of more than ${longestFile} lines`, () => {
    const long = sourceFiles('.ts')
      .map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }))
      .filter(({ lines }) => lines > longestFile);
    expect(long).toEqual([]);
  });

  it('are named after what they hold, never after being useful', () => {
    const vague = /(^|[/.-])(utils?|helpers?|common|managers?|misc)([/.-]|$)/i;
    expect(files.map(({ path }) => path).filter((path) => vague.test(path))).toEqual([]);
  });

  it.each(neverWritten)('hold no trace of %s', (_name, pattern) => {
    expect(files.filter(({ text }) => pattern.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it('install from whichever registry is configured: the lock file names no host', () => {
    const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
    expect(lock).not.toMatch(/"resolved":/);
    expect(lock).not.toMatch(/https?:\/\/[^"]*\.tgz/);
    expect(lock).toMatch(/"integrity": "sha512-/);
  });

  it('install on every platform: the lock file has the optional packages of all of them', () => {
    const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { optionalDependencies?: Record<string, string> }>;
    };
    const locked = Object.keys(lock.packages);
    const optional = Object.values(lock.packages).flatMap((entry) =>
      Object.keys(entry.optionalDependencies ?? {}),
    );
    const missing = [...new Set(optional)].filter(
      (name) => !locked.some((path) => path.endsWith(`node_modules/${name}`)),
    );
    expect(missing).toEqual([]);
  });

  it('pin every dependency to one version', () => {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
      string,
      Record<string, string>
    >;
    const ranges = ['dependencies', 'optionalDependencies', 'devDependencies']
      .flatMap((kind) => Object.entries(manifest[kind] ?? {}))
      .filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version));
    expect(ranges).toEqual([]);
  });
});
