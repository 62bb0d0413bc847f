import { afterEach, describe, expect, it } from 'vitest';
import type { Database } from '../../schema/store/database.js';
import { eventually, storePid } from '../program.js';
import { access, type EventRow, store } from '../schema/detection/event-rows.js';
import { closeServices, configOf, started } from './service-fixture.js';

afterEach(closeServices);

const view = 'user_events_of_events';

/** Stores a row as an insert does that is cut off before one of the views has seen it. */
async function cutOff(database: Database, row: EventRow): Promise<void> {
  const { rows } = await database.query<{ sql: string }>(
    'SELECT create_table_query AS sql FROM system.tables WHERE database = currentDatabase() AND name = {view:String}',
    { view },
  );
  await database.command(`DROP VIEW ${view}`);
  await store(database, [row], Date.now());
  await database.command(rows[0]?.sql ?? '');
}

async function seen(database: Database | undefined, user: string): Promise<boolean> {
  const answer = await database?.query<{ rows: number }>(
    'SELECT count() AS rows FROM user_events WHERE user_key = {user:String}',
    { user },
  );
  return answer?.rows[0]?.rows === 1;
}

describe('what an insert that was cut off did not bring to a view', () => {
  it('is fed to it by the next start, before that is ready', async () => {
    const config = configOf({ VOUCHTRAIL_ROLES: 'processor' });
    const first = await started(config);
    const row = access(Date.now(), 'ada', 'session of ada');
    if (first.database !== undefined) await cutOff(first.database, row);
    expect(await seen(first.database, row.user_key)).toBe(false);
    await first.close();
    const second = await started(config);
    expect(await seen(second.database, row.user_key)).toBe(true);
    expect(second.log.join('')).toContain('fed to the views again');
  });

  it('is fed to it once the process of the store, which has ended, runs again', async () => {
    const service = await started(configOf({ VOUCHTRAIL_ROLES: 'processor' }));
    const { database, dataDir } = service;
    const row = access(Date.now(), 'bob', 'session of bob');
    if (database !== undefined) await cutOff(database, row);
    process.kill(storePid(dataDir), 'SIGKILL');
    const fed = () => seen(database, row.user_key).catch(() => false);
    expect(await eventually(fed, 30_000)).toBe(true);
  });
});
