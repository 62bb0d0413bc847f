import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SqlTarget, sqlCommand } from '../../../schema/commands/sql.js';
import { openDatabase } from '../../../schema/store/database.js';
import { type EmbeddedStore, startEmbeddedStore } from '../../../schema/store/embedded/start.js';

let dataDir: string;
let store: EmbeddedStore;
let embedded: SqlTarget;
let external: SqlTarget;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'vouchtrail-sql-'));
  store = await startEmbeddedStore({ dataDir });
  const { url, username, password, database } = store;
  embedded = { kind: 'embedded', dataDir };
  external = { kind: 'external', url, username, password, database };
  const writer = openDatabase({ url, username, password, database });
  await writer.command('CREATE TABLE fruit (name String, weight UInt32) ENGINE = MergeTree ORDER BY name');
  await writer.insertRows('fruit', [
    { name: 'fig', weight: 40 },
    { name: 'pear', weight: 180 },
  ]);
  await writer.close();
});

afterAll(async () => {
  await store.stop();
  rmSync(dataDir, { recursive: true });
});

class Text extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

async function ask(args: string[], { target = embedded, terminal = false, input = '' } = {}) {
  const [out, err] = [new Text(), new Text()];
  const code = await sqlCommand(args, { target, terminal, input: Readable.from([input]), out, err });
  return { code, out: out.text, err: err.text };
}

describe('npm run sql', () => {
  it('answers in lines that other programs read, headed by the names of the columns', async () => {
    const answer = await ask(['SELECT name, weight FROM fruit ORDER BY name']);
    expect(answer).toEqual({ code: 0, out: 'name\tweight\nfig\t40\npear\t180\n', err: '' });
  });

  it('draws a table on a terminal', async () => {
    const { out } = await ask(['SELECT name FROM fruit ORDER BY name'], { terminal: true });
    expect(out).toMatch(/┌─name─+┐/);
    expect(out).toMatch(/│ pear +│/);
  });

  it.each([
    ['asked for', ['--format', 'JSONEachRow', 'SELECT 1 AS one']],
    ['of the statement', ['SELECT 1 AS one FORMAT JSONEachRow']],
    ['asked for, over that of the statement', ['--format=JSONEachRow', 'SELECT 1 AS one FORMAT TSV;']],
    ['asked for, behind a comment at the end', ['--format', 'JSONEachRow', 'SELECT 1 AS one; -- one\n']],
  ])('takes the format %s', async (_whence, args) => {
    expect(await ask(args)).toEqual({ code: 0, out: '{"one":1}\n', err: '' });
  });

  it('reads the statement from standard input for -', async () => {
    expect(await ask(['-'], { input: 'SELECT count()\nFROM fruit' })).toMatchObject({
      code: 0,
      out: 'count()\n2\n',
    });
  });

  it.each(['SHOW TABLES', 'DESCRIBE TABLE fruit', 'EXPLAIN SELECT 1', 'WITH 1 AS a SELECT a'])(
    'answers %s',
    async (statement) => expect((await ask([statement])).code).toBe(0),
  );

  const writes = [
    "INSERT INTO fruit VALUES ('plum', 60)",
    'INSERT INTO fruit SELECT name, weight FROM fruit',
    'DROP TABLE fruit',
    'ALTER TABLE fruit DELETE WHERE 1',
    'CREATE TABLE more (x UInt8) ENGINE = MergeTree ORDER BY x',
    'TRUNCATE TABLE fruit',
  ];
  it.each(writes.flatMap((write) => [[write, 'the embedded store'] as const, [write, 'a server'] as const]))(
    'refuses %s on %s, and nothing is written',
    async (write, where) => {
      const { code, err, out } = await ask([write], { target: where === 'a server' ? external : embedded });
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err).toContain('The store refused it');
      expect((await ask(['SELECT count() FROM fruit'])).out).toBe('count()\n2\n');
    },
  );

  it('shows what the store says of a wrong statement', async () => {
    const { code, err } = await ask(['SELECT nothing FROM nowhere']);
    expect(code).toBe(1);
    expect(err).toContain('nowhere');
  });

  it.each([
    [['SELECT', '1'], 'quotes'],
    [[], 'There is no statement'],
    [['-'], 'no statement'],
    [['--format', 'TSV; DROP', 'SELECT 1'], 'format'],
    [['--limit', '1', 'SELECT 1'], '--limit'],
  ])('explains its usage after %j', async (args, reason) => {
    const { code, err } = await ask(args, { input: '-- only a comment' });
    expect(code).toBe(2);
    expect(err).toContain(reason);
    expect(err).toContain('Usage: npm run sql');
  });

  it('says what to do when no service runs on the data folder', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'vouchtrail-sql-'));
    const { code, err } = await ask(['SELECT 1'], { target: { kind: 'embedded', dataDir: empty } });
    rmSync(empty, { recursive: true });
    expect(code).toBe(1);
    expect(err).toContain(empty);
    expect(err).toContain('npm start');
  });

  it('says which server does not answer', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
    await new Promise((resolve) => server.close(resolve));
    const target: SqlTarget = {
      kind: 'external',
      url,
      username: 'default',
      password: '',
      database: 'default',
    };
    const { code, err } = await ask(['SELECT 1'], { target });
    expect(code).toBe(1);
    expect(err).toContain(`The store at ${url} does not answer`);
  });
});
