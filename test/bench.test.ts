import { readdirSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { companyRequests } from './bench/company/requests.js';
import { replaceSection, sectionText } from './bench/measuring/results-page.js';
import { endAll, run } from './program.js';

afterEach(endAll);

const benchmarks = readdirSync(new URL('bench/', import.meta.url))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replace('.ts', ''));

async function bench(...args: string[]) {
  const program = run(['node', '--import', 'tsx', 'test/commands/bench.ts', ...args]);
  const { code } = await program.ended;
  return { code, out: program.stdout(), err: program.stderr() };
}

describe('npm run bench', () => {
  it.each(benchmarks)('-- %s prints what it measured', async (name) => {
    const { code, out, err } = await bench(name, '--smoke');
    expect(code, err).toBe(0);
    expect(out).toMatch(/Node v\d+/);
    // A median with the smallest and the largest of its rounds; figures of all kinds, and none that is no number.
    expect(out).toMatch(/\d+(?:\.\d+)?, \d+(?:\.\d+)?\.\.\d+/);
    expect(out).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('says which benchmarks there are when it is asked for another, or for none', async () => {
    for (const args of [['speed'], []]) {
      const { code, err } = await bench(...args);
      expect(code).toBe(1);
      for (const name of benchmarks) expect(err).toContain(name);
    }
  });

  it('does not write the figures of the smallest sizes down', async () => {
    const { code, err } = await bench('decode', '--smoke', '--write');
    expect(code).toBe(1);
    expect(err).toContain('--smoke');
  });
});

describe('the page of benchmarks', () => {
  const page = replaceSection('', 'store', sectionText('store', ['a machine'], ['9 us']));

  it('begins with what it is', () => {
    expect(page).toMatch(/^# Benchmarks\n/);
    expect(page).toContain('## store\n\n`npm run bench -- store --write`\n\n- a machine\n');
  });

  it('keeps a section for each benchmark, in order, and replaces one that is measured again', () => {
    const two = replaceSection(page, 'decode', sectionText('decode', ['a machine'], ['2 us']));
    const again = replaceSection(two, 'store', sectionText('store', ['a machine'], ['8 us']));
    expect(again.match(/^## .*/gm)).toEqual(['## decode', '## store']);
    expect(again).toContain('8 us');
    expect(again).not.toContain('9 us');
    expect(again).toMatch(/^# Benchmarks\n/);
  });

  it('is the same when the same is written again', () => {
    expect(replaceSection(page, 'store', sectionText('store', ['a machine'], ['9 us']))).toBe(page);
  });
});

describe('the logs that are measured', () => {
  it('are the same for the same seed, and others for another', () => {
    const [first, again, other] = [3, 3, 4].map((seed) =>
      [...companyRequests(seed, 2, 20)].map(({ encoded }) => encoded),
    );
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });
});
