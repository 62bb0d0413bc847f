import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, expect, it } from 'vitest';

const source = fileURLToPath(new URL('../../../../schema/store/', import.meta.url));
// Inside the repository, so that packages are found, where git looks away.
mkdirSync(new URL('../../../../dist', import.meta.url), { recursive: true });
const built = mkdtempSync(fileURLToPath(new URL('../../../../dist/.test-store-', import.meta.url)));
const dataDir = mkdtempSync(join(tmpdir(), 'vouchtrail-built-'));

afterAll(() => {
  for (const folder of [built, dataDir]) rmSync(folder, { recursive: true, force: true });
});

it('starts its child from a build of JavaScript, without tsx', () => {
  for (const name of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts')) continue;
    const { outputText } = ts.transpileModule(readFileSync(join(source, name), 'utf8'), {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    });
    const target = join(built, name.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, outputText);
  }
  const program = join(built, 'program.js');
  writeFileSync(
    program,
    `import { execFileSync } from 'node:child_process';
     import { startEmbeddedStore } from './embedded/start.js';
     const store = await startEmbeddedStore({ dataDir: ${JSON.stringify(dataDir)} });
     const headers = { 'X-ClickHouse-User': store.username, 'X-ClickHouse-Key': store.password };
     const answer = await (await fetch(store.url + '/?query=SELECT+currentDatabase()', { headers })).text();
     const commandLine = execFileSync('ps', ['-ww', '-o', 'args=', '-p', String(store.pid)], { encoding: 'utf8' });
     await store.stop();
     console.log(JSON.stringify({ answer, commandLine: commandLine.trim() }));`,
  );
  const output = execFileSync(process.execPath, [program], { cwd: '/', encoding: 'utf8', timeout: 30_000 });
  expect(JSON.parse(output)).toEqual({
    answer: 'vouchtrail\n',
    commandLine: `${process.execPath} ${join(built, 'embedded', 'server.js')}`,
  });
});
