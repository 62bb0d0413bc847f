import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importedModules, type SourceFile, sourceFiles } from './source-files.js';

/** Which rooms the files of a room may import; the key is the room. */
const allowed: Record<string, readonly string[]> = {
  schema: ['schema'],
  processor: ['processor', 'schema'],
  api: ['api', 'schema'],
};

const roomOf = (path: string): string => path.split('/')[0] ?? '';

function wrongImports({ path, text }: SourceFile): string[] {
  const rooms = allowed[roomOf(path)];
  if (rooms === undefined) return [];
  return importedModules(text)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => posix.join(posix.dirname(path), specifier))
    .filter((target) => !rooms.includes(roomOf(target)))
    .map((target) => `${path} imports ${target}`);
}

describe('the direction of dependencies', () => {
  const files = sourceFiles('.ts').filter(({ path }) => roomOf(path) in allowed);

  it('looks at files of every room', () => {
    expect(new Set(files.map(({ path }) => roomOf(path)))).toEqual(new Set(Object.keys(allowed)));
  });

  it('lets processor and api import schema and themselves, and schema only itself', () => {
    expect(files.flatMap(wrongImports)).toEqual([]);
  });

  it('sees an import that goes the wrong way, however it is written', () => {
    const text = [
      "import { a } from '../api/server.js';",
      "import type {\n  B,\n} from '../config.js';",
      "export { c } from '../schema/event.js';",
      "const d = await import('../test/x.js');",
    ].join('\n');
    expect(wrongImports({ path: 'processor/file.ts', text })).toEqual([
      'processor/file.ts imports api/server.js',
      'processor/file.ts imports config.js',
      'processor/file.ts imports test/x.js',
    ]);
  });

  it('keeps the environment out of the rooms: what they need comes in as arguments', () => {
    // The engine's child process is a program of its own: it sets variables that the engine reads at load.
    const readers = files.filter(
      ({ path, text }) => /\bprocess\s*\.\s*env\b/.test(text) && !path.startsWith('schema/store/embedded/'),
    );
    expect(readers.map(({ path }) => path)).toEqual([]);
  });
});
