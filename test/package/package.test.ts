import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  afterAll,
  afterEach,
  beforeAll,
  describe,
  expect,
  it,
  onTestFinished,
  type TestContext,
} from 'vitest';
import { migrate } from '../../schema/store/migrate.js';
import { endAll, run } from '../program.js';
import { testStore } from '../schema/store-fixture.js';
import { misuses, moduleLister, program, typedProgram } from './consumer.js';
import { execution, Project, pack, packedFiles, root } from './project.js';

// Packing builds the project, and each SDK is installed into a project of its own.
const patienceMs = 240_000;
const KEY = 'a key that is as long as it has to be';

const folder = mkdtempSync(join(tmpdir(), 'vouchtrail-pack-'));
const projects: Project[] = [];
let tarball: string;
let project: Project;
let installed: boolean;

beforeAll(async () => {
  tarball = await pack(folder);
  project = newProject();
  installed = await project.install(tarball);
  if (!installed) await project.unpack(tarball);
}, patienceMs);
afterEach(() => endAll());
afterAll(() => {
  for (const { folder: path } of [...projects, { folder }]) rmSync(path, { recursive: true, force: true });
});

function newProject(): Project {
  const made = new Project();
  projects.push(made);
  return made;
}

function needsRegistry({ skip }: TestContext): void {
  if (!installed) skip('no npm registry can be reached from here, so nothing was installed from one');
}

describe('the package', () => {
  it('holds what runs and what is read, and nothing that builds or tests it', async () => {
    const files = await packedFiles(tarball);
    expect(files).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'NOTICE',
        'README.md',
        'dist/main.js',
        'dist/package.json',
        'dist/processor/index.js',
        'dist/processor/index.d.ts',
        'dist/schema/store/embedded/server.js',
      ]),
    );
    const sql = readdirSync(join(root, 'schema'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.sql'))
      .map((path) => join('dist/schema', path));
    expect(files).toEqual(expect.arrayContaining(sql));
    const others = files.filter((path) => !/^(?:dist|docs)\/|^[A-Z]+(?:\.md)?$|^package\.json$/.test(path));
    expect(others).toEqual([]);
    expect(files.filter((path) => /\.test\.|(?<!\.d)\.ts$|\.tsbuildinfo|\.map$|\/\./.test(path))).toEqual([]);
  });

  it('leaves the embedded store out where what is optional is left out', (test) => {
    needsRegistry(test);
    expect(project.has('node_modules/vouchtrail/package.json')).toBe(true);
    expect(project.has('node_modules/chdb')).toBe(false);
  });

  it('loads neither the service nor what only that needs', async () => {
    project.write('modules.js', moduleLister);
    const { stdout } = await project.node(['modules.js', project.path('modules.txt')]);
    const modules = stdout.split('\n');
    for (const needed of [
      'vouchtrail/dist/processor/index.js',
      'node_modules/lru-cache/',
      '@opentelemetry/api/',
    ]) {
      expect(modules.filter((path) => path.includes(needed))).not.toEqual([]);
    }
    const service =
      /node_modules\/(?:chdb|graphql|graphql-yoga|@graphql-yoga|@envelop|@pothos|@grpc|pino|yaml|zod|tsx)\/|dist\/(?:api|main|service)\b/;
    expect(modules.filter((path) => service.test(path))).toEqual([]);
    expect(modules.filter((path) => path.includes('@opentelemetry/sdk'))).toEqual([]);
  });

  it('has types that stand without those of Node or of the SDK', async () => {
    project.write(
      'alone.ts',
      "import { SessionLogRecordProcessor } from 'vouchtrail';\nnew SessionLogRecordProcessor();\n",
    );
    const flags = ['--skipLibCheck', 'false', '--lib', 'es2022'];
    expect(await project.typecheck(['alone.ts'], flags)).toMatchObject({ code: 0, stdout: '' });
  });

  it('has types that refuse what cannot work', async () => {
    const imports = "import { SessionLogRecordProcessor } from 'vouchtrail';";
    project.write('misuse.ts', [imports, ...misuses].join('\n'));
    const { code, stdout } = await project.typecheck(['misuse.ts'], ['--pretty', 'false', '--skipLibCheck']);
    expect(code).not.toBe(0);
    const lines = [...stdout.matchAll(/^misuse\.ts\((\d+),/gm)].map(([, line]) => Number(line) - 2);
    expect([...new Set(lines)]).toEqual(misuses.map((_, i) => i));
  });
});

/** Runs and compiles a program that uses the package with the SDK that the project has. */
async function usePackage(own: Project): Promise<void> {
  own.write('program.js', program);
  const { code, stdout, stderr } = await own.node(['program.js']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { attributes, counters } = JSON.parse(stdout);
  expect(attributes).toMatchObject({
    'session.id': 'a session of the portal',
    'vouchtrail.source': 'otel',
    'vouchtrail.activity': 'sign_in',
    'vouchtrail.evidence': 'credential',
    'vouchtrail.assurance.level': 1,
    'vouchtrail.session.key': expect.stringMatching(/^[0-9a-f]{32}$/),
  });
  expect(counters).toMatchObject({ enriched: 1, unreadable: 0 });
  own.write('typed.ts', typedProgram);
  const flags = ['--skipLibCheck', '--types', 'node', '--typeRoots', join(root, 'node_modules/@types')];
  expect(await own.typecheck(['typed.ts'], flags)).toMatchObject({ code: 0, stdout: '' });
}

describe('a program that uses the package', () => {
  it('runs and compiles with the SDK that comes by itself', async () => {
    await usePackage(project);
    const required = 'console.log(typeof require("vouchtrail").SessionLogRecordProcessor)';
    expect((await project.node(['--input-type=commonjs', '-e', required])).stdout).toBe('function\n');
  });

  it.for([
    ['0.200.0', '1.9.0'],
    ['3.1.1', '1.10.0'],
  ])(
    'runs and compiles with @opentelemetry/sdk-logs %s',
    { timeout: patienceMs },
    async ([sdk, api], test) => {
      needsRegistry(test);
      const own = newProject();
      const versions = [`@opentelemetry/sdk-logs@${sdk}`, `@opentelemetry/api@${api}`];
      expect(await own.install(tarball, ...versions)).toBe(true);
      await usePackage(own);
    },
  );
});

describe('the example', () => {
  const told = [
    /'vouchtrail\.activity': 'sign_in'/,
    /'vouchtrail\.evidence': 'mfa'/,
    /'client\.as\.number': 15169/,
  ];

  it('runs in this repository once it is built', async () => {
    const output = await execution([process.execPath, 'deploy/examples/in-process/portal.mjs'], root);
    expect(output).toMatchObject({ code: 0, stderr: '' });
    for (const words of told) expect(output.stdout).toMatch(words);
    expect(output.stdout).not.toContain('vouchtrail.session.key');
    expect(output.stdout).toMatch(/enriched: 2,\s+unrecognised: 1,\s+unreadable: 0/);
  });

  it('fills a store that a service uses', async () => {
    const store = await testStore();
    onTestFinished(() => store.close());
    await migrate(store.database);
    const output = await execution([process.execPath, 'deploy/examples/in-process/portal.mjs'], root, {
      VOUCHTRAIL_KEY: KEY,
      VOUCHTRAIL_CLICKHOUSE_URL: store.url,
      VOUCHTRAIL_CLICKHOUSE_USER: store.username,
      VOUCHTRAIL_CLICKHOUSE_PASSWORD: store.password,
      VOUCHTRAIL_CLICKHOUSE_DATABASE: store.databaseName,
    });
    expect(output).toMatchObject({ code: 0, stderr: '' });
    expect(output.stdout).toMatch(/stored: 2,\s+deadLetters: 0,\s+queued: 0,\s+dropped: 0/);
    const sql = 'SELECT activity, user_key, country, asn FROM events ORDER BY activity';
    const person = { user_key: 'ada@example.com', country: 'US', asn: 15169 };
    const { rows } = await store.database.query(sql);
    expect(rows).toEqual([
      { activity: 'access', ...person },
      { activity: 'sign_in', ...person },
    ]);
  });

  it('runs in a project that has the package', async () => {
    cpSync(join(root, 'deploy/examples/in-process/portal.mjs'), project.path('portal.mjs'));
    const output = await project.node(['portal.mjs'], { VOUCHTRAIL_KEY: KEY });
    expect(output).toMatchObject({ code: 0, stderr: '' });
    for (const words of [...told, /'vouchtrail\.session\.key': '[0-9a-f]{32}'/]) {
      expect(output.stdout).toMatch(words);
    }
  });
});

describe('the service in the package', () => {
  it('starts from where it is installed, with its SQL, if the embedded store is there', async ({ skip }) => {
    const engine = join(root, 'node_modules/chdb');
    if (!existsSync(engine)) skip('the embedded store is not installed here');
    symlinkSync(engine, project.path('node_modules/chdb'));
    const main = project.path('node_modules/vouchtrail/dist/main.js');
    const service = run([process.execPath, main], {
      VOUCHTRAIL_DATA_DIR: project.path('data'),
      VOUCHTRAIL_OTLP_HTTP_PORT: '0',
      VOUCHTRAIL_OTLP_GRPC_PORT: '0',
      VOUCHTRAIL_API_PORT: '0',
    });
    const { url } = await service.said(/Ask in GraphQL +(?<url>http:\/\/\S+)\/graphql/);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    const body = JSON.stringify({ query: '{ correlations { id } }' });
    const headers = { 'Content-Type': 'application/json' };
    const answer = await fetch(`${url}/graphql`, { method: 'POST', headers, body });
    expect(await answer.text()).toContain('unvouched-access');
    service.process.kill('SIGTERM');
    expect(await service.ended).toEqual({ code: 0, signal: null });
  });
});
