import { once } from 'node:events';
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../schema/store/database.js';
import { installDefinitions } from '../../schema/store/definitions.js';
import { migrate } from '../../schema/store/migrate.js';
import { applyRetention } from '../../schema/store/retention.js';
import { isSupported, OLDEST_SERVER, UnsupportedServerError } from '../../schema/store/server-version.js';
import { isExplained, PendingMigrationsError } from '../../service/start-errors.js';
import { accessRecord, finished, send, temporaryFolder, throughNode } from '../program.js';
import { testStore } from '../schema/store-fixture.js';
import { closeServices, configOf, externalStore, failure, started, toBeClosed } from './service-fixture.js';

afterEach(closeServices);

const migrations =
  'SELECT version, count() AS times FROM schema_migrations FINAL GROUP BY version ORDER BY version';

async function kept(database: Database): Promise<Record<string, string[]>> {
  const { rows } = await database.query<{ name: string; text: string }>(
    `SELECT name, create_table_query AS text FROM system.tables
    WHERE database = currentDatabase() AND name IN
      ('events', 'user_events', 'session_evidence', 'dead_letters', 'correlation_runs')`,
  );
  return Object.fromEntries(
    rows.map(({ name, text }) => [
      name,
      [...text.matchAll(/toIntervalDay\((\d+)\)/g)].map(([, days = '']) => days),
    ]),
  );
}

/** A server that says that it is of another version, and is the one behind it for the rest. */
async function olderServer(behind: string, version: string): Promise<string> {
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    if (body.includes('SELECT version()')) {
      response.end(JSON.stringify({ data: [{ version }] }));
      return;
    }
    const { authorization = '', 'content-type': type = 'text/plain' } = request.headers;
    const method = request.method ?? 'GET';
    const answer = await fetch(new URL(request.url ?? '', behind), {
      method,
      headers: { authorization, 'content-type': type },
      ...(method === 'GET' ? {} : { body }),
    });
    response.writeHead(answer.status);
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  toBeClosed(() => server.close());
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
}

describe('the tables', () => {
  it('are the same whether one program makes them or several at once', async () => {
    const store = await testStore();
    try {
      const all = await Promise.all([1, 2, 3].map(() => migrate(store.database)));
      const { rows } = await store.database.query<{ version: number }>(migrations);
      expect(rows.map(({ version }) => version)).toEqual(rows.map((_, index) => index + 1));
      const applied = new Set(all.flat().map(({ version }) => version));
      expect([...applied].sort((a, b) => a - b)).toEqual(rows.map(({ version }) => version));
      await Promise.all([1, 2, 3].map(() => installDefinitions(store.database)));
      expect(await migrate(store.database)).toEqual([]);
    } finally {
      await store.close();
    }
  });

  it('are made and used by two programs that start at once on one server', async () => {
    const { environment } = await externalStore('shared');
    const [one, other] = await Promise.all([started(configOf(environment)), started(configOf(environment))]);
    expect(await send(one.otlpHttpUrl ?? '', [accessRecord('one')])).toBe(200);
    expect(await send(other.otlpHttpUrl ?? '', [accessRecord('other')])).toBe(200);
    const answer = await one.database?.query('SELECT user_name FROM report_events ORDER BY user_name');
    expect(answer?.rows).toEqual([{ user_name: 'one@example.com' }, { user_name: 'other@example.com' }]);
  });

  it('are refused, not made, where the start only checks them; npm run migrate makes them', async () => {
    const { environment } = await externalStore('checked');
    const check = { ...environment, VOUCHTRAIL_MIGRATE: 'check' };
    const migrateCommand = (...args: string[]) => finished([...throughNode, 'migrate', ...args], check);
    const made = await migrateCommand();
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(made.stdout).toMatch(/^migrated: 1 facts\n/);
    expect(await migrateCommand('--check')).toMatchObject({ code: 0, stdout: 'Every migration has run.\n' });
    const service = await started(configOf(check));
    await service.database?.command('TRUNCATE TABLE schema_migrations');
    await service.close();

    expect(await migrateCommand('--check')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('pending: 2 events'),
    });
    const error = await failure(started(configOf(check)));
    expect(error).toBeInstanceOf(PendingMigrationsError);
    expect(isExplained(error)).toBe(true);
    expect(String(error)).toContain('npm run migrate');
    await started(configOf({ ...environment, VOUCHTRAIL_MIGRATE: 'off' }));
  });

  it('of an embedded store are made by npm run migrate as well, unless a service runs on it', async () => {
    const config = configOf({});
    const environment = { VOUCHTRAIL_DATA_DIR: config.dataDir };
    const migrateCommand = () => finished([...throughNode, 'migrate'], environment);
    expect((await migrateCommand()).stdout).toContain('The tables of vouchtrail are those of this program.');
    await started(config);
    const second = await migrateCommand();
    expect(second.code).toBe(1);
    expect(second.stderr).toContain('in use');
  });

  it('are not made by a command that is wrongly called', async () => {
    const environment = { VOUCHTRAIL_DATA_DIR: temporaryFolder() };
    const { code, stderr } = await finished([...throughNode, 'migrate', '--chekc'], environment);
    expect(code).toBe(2);
    expect(stderr).toContain('--chekc');
    expect(stderr).toContain('Usage: npm run migrate');
  });
});

describe('the retention', () => {
  it('is as configured from the start on, and changed only where it differs', async () => {
    const config = configOf({
      VOUCHTRAIL_RETENTION_EVENTS: '30',
      VOUCHTRAIL_RETENTION_EVIDENCE: '60',
      VOUCHTRAIL_RETENTION_RAW: '7',
      VOUCHTRAIL_RETENTION_DEAD_LETTERS: '5',
    });
    const service = await started(config);
    const expected = {
      events: ['7', '30'],
      user_events: ['30'],
      session_evidence: ['60'],
      dead_letters: ['5'],
      correlation_runs: ['90'],
    };
    if (service.database === undefined) throw new Error('there is no store');
    expect(await kept(service.database)).toEqual(expected);
    expect(await applyRetention(service.database, config.retention)).toEqual([]);
    const longer = { ...config.retention, runs: 400 };
    expect(await applyRetention(service.database, longer)).toEqual([
      { what: 'correlation_runs', fromDays: 90, toDays: 400 },
    ]);
    expect(await kept(service.database)).toEqual({ ...expected, correlation_runs: ['400'] });
  });

  it('drops what is older, and keeps what is not', async () => {
    const store = await testStore();
    try {
      await migrate(store.database);
      const letter = (id: string, days: number) => ({
        tenant: 'default',
        received_at: new Date(Date.now() - days * 86_400_000)
          .toISOString()
          .replace('T', ' ')
          .replace('Z', ''),
        id,
      });
      await store.database.insertRows('dead_letters', [letter('old', 20), letter('young', 5)]);
      const days = { events: 400, evidence: 400, raw: 90, deadLetters: 10, runs: 90 };
      expect(await applyRetention(store.database, days)).toHaveLength(1);
      await store.database.command('OPTIMIZE TABLE dead_letters FINAL');
      const { rows } = await store.database.query('SELECT id FROM dead_letters');
      expect(rows).toEqual([{ id: 'young' }]);
    } finally {
      await store.close();
    }
  });
});

describe('a ClickHouse server', () => {
  it.each(['26.3.1.1', '26.7.2.1', '26.12.0.0', '27.1.1.1'])('is supported with version %s', (version) => {
    expect(isSupported(version)).toBe(true);
  });

  it.each(['26.2.9.9', '25.8.1.1', '9.9', ''])('is too old with version %j', (version) => {
    expect(isSupported(version)).toBe(false);
  });

  it('is refused at start where it is too old, before anything is made on it', async () => {
    const { store, environment } = await externalStore('untouched');
    const url = await olderServer(store.url, '25.8.3.66');
    const error = await failure(started(configOf({ ...environment, VOUCHTRAIL_CLICKHOUSE_URL: url })));
    expect(error).toBeInstanceOf(UnsupportedServerError);
    expect(isExplained(error)).toBe(true);
    expect(String(error)).toContain(`25.8.3.66, older than ${OLDEST_SERVER}`);
    const database = openDatabase(store);
    const { rows } = await database.query("SELECT name FROM system.tables WHERE database = 'untouched'");
    await database.close();
    expect(rows).toEqual([]);
  });

  it('is asked for its version: the engine that the tests run on is supported', async () => {
    const { store } = await externalStore();
    const database = openDatabase(store);
    const { rows } = await database.query<{ version: string }>('SELECT version() AS version');
    await database.close();
    expect(isSupported(rows[0]?.version ?? '')).toBe(true);
    expect(isSupported(OLDEST_SERVER)).toBe(true);
  });
});
