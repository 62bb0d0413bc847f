import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

/** The tests that the table names: each title with the file that it is in. */
function namedTests(): [file: string, title: string][] {
  const named: [string, string][] = [];
  for (const line of read('docs/otlp.md').split('\n')) {
    let file = '';
    for (const [, path, title] of line.matchAll(/`([\w/-]+\.test\.ts)`|“([^”]+)”/g)) {
      if (path !== undefined) file = path.includes('/') ? path : `test/processor/receiver/${path}`;
      else named.push([file, title as string]);
    }
  }
  return named;
}

describe('docs/otlp.md', () => {
  it('names tests that exist, under their names', () => {
    const named = namedTests();
    expect(named.length).toBeGreaterThan(60);
    const title = (text: string) => [`'${text}'`, `"${text}"`];
    const missing = named.filter(
      ([file, text]) => !title(text).some((quoted) => read(file).includes(quoted)),
    );
    expect(missing).toEqual([]);
  });

  it('names every test that is called after a MUST', () => {
    const files = ['both-transports', 'http', 'json', 'grpc'].map(
      (name) => `test/processor/receiver/checklist-${name}.test.ts`,
    );
    const musts = files.flatMap((file) =>
      [...read(file).matchAll(/'(MUST [^']+)'/g)].map(([, title]) => title),
    );
    expect(musts.length).toBeGreaterThan(15);
    const named = new Set(namedTests().map(([, title]) => title));
    expect(musts.filter((title) => !named.has(title as string))).toEqual([]);
  });
});
