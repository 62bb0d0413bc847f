import { readdirSync, readFileSync } from 'node:fs';
import { cpus, platform, release, totalmem } from 'node:os';

// npm run bench -- NAME: runs test/bench/NAME.ts, which exports `run()` and prints what it measured.

const folder = new URL('../bench/', import.meta.url);

function benchmarkNames(): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -'.ts'.length))
    .sort();
}

function versionIn(path: string): string {
  const text = readFileSync(new URL(`../../${path}package.json`, import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

function describeVersions(): string {
  const measured = ['protobufjs', '@clickhouse/client'];
  const packages = measured.map((name) => `${name} ${versionIn(`node_modules/${name}/`)}`);
  return [
    `Node ${process.version}`,
    `V8 ${process.versions.v8}`,
    `vouchtrail ${versionIn('')}`,
    ...packages,
  ].join(', ');
}

function describeMachine(): string {
  const processors = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const model = processors[0]?.model.trim() ?? 'unknown processor';
  return `${processors.length} x ${model}, ${memory} GiB, ${platform()} ${release()} ${process.arch}`;
}

async function main(): Promise<number> {
  const names = benchmarkNames();
  const name = process.argv[2];
  if (name === undefined || !names.includes(name)) {
    const fault = name === undefined ? 'No benchmark named.' : `There is no benchmark "${name}".`;
    console.error(`${fault} Run: npm run bench -- NAME, where NAME is one of: ${names.join(', ')}`);
    return 1;
  }
  console.log(`${name}: ${describeMachine()}`);
  console.log(`${describeVersions()}\n`);
  const benchmark = (await import(new URL(`${name}.ts`, folder).href)) as { run(): Promise<void> };
  await benchmark.run();
  return 0;
}

process.exitCode = await main();
