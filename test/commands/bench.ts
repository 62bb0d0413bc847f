import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, platform, release, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import type { Benchmark } from '../bench/measuring/benchmark.js';
import { replaceSection, sectionText } from '../bench/measuring/results-page.js';

// npm run bench -- NAME: runs test/bench/NAME.ts, which exports `run()` and prints what it measured.

const folder = new URL('../bench/', import.meta.url);
const root = new URL('../../', import.meta.url);

const names = readdirSync(folder)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length))
  .sort();

const USAGE = `Usage: npm run bench -- NAME [--write] [--smoke]

NAME is one of: ${names.join(', ')}

  --write   put the figures into docs/benchmarks.md, in place of those of the last such run
  --smoke   the smallest sizes, to see that it runs: the figures say nothing
  --help    this text
`;

interface Options {
  readonly name: string;
  readonly write: boolean;
  readonly smoke: boolean;
}

/** The options, or what is wrong with them. */
function readOptions(): Options | string {
  const flag = { type: 'boolean', default: false } as const;
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { write: flag, smoke: flag, help: { ...flag, short: 'h' } },
    });
    const [name, ...more] = positionals;
    if (values.help) return USAGE;
    if (name === undefined) return `No benchmark named.\n\n${USAGE}`;
    if (more.length > 0) return `One benchmark at a time, not also ${more.join(' ')}.\n\n${USAGE}`;
    if (!names.includes(name)) return `There is no benchmark "${name}".\n\n${USAGE}`;
    if (values.write && values.smoke)
      return 'Figures of --smoke say nothing and are not written: leave one out.\n';
    return { name, write: values.write, smoke: values.smoke };
  } catch (error) {
    return `${(error as Error).message}\n\n${USAGE}`;
  }
}

function versionIn(path: string): string {
  const text = readFileSync(new URL(`${path}package.json`, root), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

function describeVersions(): string {
  // The engine is optional, and not there on every platform.
  const measured = ['protobufjs', '@clickhouse/client', 'chdb'].filter((name) =>
    existsSync(new URL(`node_modules/${name}/package.json`, root)),
  );
  return [
    `Node ${process.version}`,
    `V8 ${process.versions.v8}`,
    `vouchtrail ${versionIn('')}`,
    ...measured.map((name) => `${name} ${versionIn(`node_modules/${name}/`)}`),
  ].join(', ');
}

function describeMachine(): string {
  const processors = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const model = processors[0]?.model.trim() ?? 'unknown processor';
  return `${processors.length} x ${model}, ${memory} GiB, ${platform()} ${release()} ${process.arch}`;
}

async function main(): Promise<number> {
  const options = readOptions();
  if (typeof options === 'string') {
    const isHelp = options === USAGE;
    (isHelp ? process.stdout : process.stderr).write(options);
    return isHelp ? 0 : 1;
  }
  const { name, write, smoke } = options;
  const setting = [new Date().toISOString().slice(0, 10), describeMachine(), describeVersions()];
  console.log(`${name}: ${setting.join('\n')}\n`);
  const said: string[] = [];
  const say = (line: string): void => {
    said.push(line);
    console.log(line);
  };
  const benchmark = (await import(new URL(`${name}.ts`, folder).href)) as Benchmark;
  await benchmark.run(say, smoke ? 'smoke' : 'full');
  if (write) {
    const page = new URL('docs/benchmarks.md', root);
    const text = existsSync(page) ? readFileSync(page, 'utf8') : '';
    writeFileSync(page, replaceSection(text, name, sectionText(name, setting, said)));
    console.log('\nwritten to docs/benchmarks.md');
  }
  return 0;
}

process.exitCode = await main();
