import { existsSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dropJudgedArrivals } from '../../schema/detection/judged-arrivals.js';
import { repairSinceLastTime, repairViewTargets } from '../../schema/store/repair.js';
import { viewTargetsOf } from '../../schema/store/view-target.js';
import { access, at, type EventRow, HOUR, MINUTE, signIn, store } from '../schema/detection/event-rows.js';
import { type Judging, judging } from '../schema/detection/judging-fixture.js';
import { onEmbeddedStore } from '../schema/store-fixture.js';

let judge: Judging;
beforeAll(async () => {
  judge = await judging({ alone: true });
});
afterAll(() => judge.close());
beforeEach(() => emptied(judge));

/** Migrating takes longer than any of these tests: they share a database, emptied of what the one before left. */
async function emptied({ database }: Judging): Promise<void> {
  const { rows } = await database.query<{ name: string }>(
    `SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree'
      AND total_rows > 0 AND name != 'schema_migrations'`,
  );
  for (const { name } of rows) await database.command(`TRUNCATE TABLE ${name}`);
}

const NOW = Date.now();
const DAY_AGO = NOW - 24 * HOUR;

/** A sign-in and two uses of the session that it gave, all with what every view looks for. */
function visit(name: string, time: number): EventRow[] {
  const facts = {
    token_key: `token of ${name}`,
    principal_key: `principal of ${name}`,
    session_created_at: at(time),
  };
  return [
    signIn(time, name, `session of ${name}`),
    access(time + MINUTE, name, `session of ${name}`, {
      ...facts,
      source: 'okta',
      network: '198.51.100.0/24',
    }),
    access(time + 2 * MINUTE, name, `session of ${name}`, {
      ...facts,
      activity: 'admin',
      vendor_event_type: 'user.mfa.factor.activate',
      vendor_risks: ['refresh_token_reuse'],
    }),
    access(time + 3 * MINUTE, name, `session of ${name}`, {
      activity: 'token_issue',
      vouches_for: [`child of ${name}`],
    }),
  ];
}

/** Tables of which not all columns can be compared: those that say when a row was fed, states, and estimates. */
const COMPARED: Record<string, { columns: string; final?: string }> = {
  arrivals: { columns: '* EXCEPT (ingested_at)', final: '' },
  sessions: { columns: '* REPLACE (arraySort(finalizeAggregation(tokens)) AS tokens)' },
  coverage_hours: {
    columns: `* EXCEPT (delays) REPLACE (${['events', 'with_session', 'with_device', 'with_address', 'with_mfa', 'with_user_agent'].map((set) => `finalizeAggregation(${set}) AS ${set}`).join(', ')})`,
  },
  stream_arrivals: { columns: '* EXCEPT (events)' },
};

/** What every view target holds, but for what of it depends on when it was fed. */
async function contents(): Promise<Record<string, unknown[]>> {
  const targets = await viewTargetsOf(judge.database, 'events', 'ingested_at');
  const found: Record<string, unknown[]> = {};
  for (const { table } of targets) {
    const { columns, final = 'FINAL' } = COMPARED[table] ?? { columns: '*' };
    const { rows } = await judge.database.query(`SELECT DISTINCT ${columns} FROM ${table} ${final}`);
    found[table] = rows.map((row) => JSON.stringify(row)).sort();
  }
  return found;
}

/** Stores rows as an insert does that is killed before some of its views have seen it. */
async function cutOff(
  rows: readonly EventRow[],
  arrival: number,
  unseenBy: readonly string[],
): Promise<void> {
  const { rows: views } = await judge.database.query<{ name: string; sql: string }>(
    `SELECT name, create_table_query AS sql FROM system.tables
    WHERE database = currentDatabase() AND name IN {unseenBy:Array(String)}`,
    { unseenBy },
  );
  expect(views).toHaveLength(unseenBy.length);
  for (const { name } of views) await judge.database.command(`DROP VIEW ${name}`);
  await store(judge.database, rows, arrival);
  for (const { sql } of views) await judge.database.command(sql);
}

const viewsOfEvents = async () =>
  (await viewTargetsOf(judge.database, 'events', 'ingested_at')).map(({ view }) => view);

const isOfStreams = (view: string): boolean => view === 'streams_of_events';

describe('after an insert was cut off between events and its views', () => {
  it('knows every view on events', async () => {
    expect((await viewsOfEvents()).sort()).toEqual(
      expect.arrayContaining([
        'arrivals_of_events',
        'session_edges_of_events',
        'session_evidence_of_events',
        'session_principals_of_events',
        'session_tokens_of_events',
        'sessions_of_events',
        'streams_of_events',
        'user_events_of_events',
      ]),
    );
  });

  it('the target of each single view gets what it lacks, and no more than that is fed', async () => {
    // Of a stream the newest event counts, which makes up for any that was lost before.
    const views = (await viewsOfEvents()).sort((a, b) => Number(isOfStreams(a)) - Number(isOfStreams(b)));
    for (const [index, view] of views.entries()) {
      const arrival = NOW - 3 * HOUR + index * MINUTE;
      const person = `person${index}`;
      await store(judge.database, visit(`${person}-before`, arrival - 3 * HOUR), arrival - 2);
      await cutOff(visit(person, arrival - HOUR), arrival, [view]);
      await store(judge.database, visit(`${person}-after`, arrival - 2 * HOUR), arrival + 2);
    }
    expect(await repairViewTargets(judge.database, { since: DAY_AGO })).toEqual({ fed: views.length * 4 });
    const repaired = await contents();
    for (const rows of Object.values(repaired)) expect(rows.length).toBeGreaterThan(0);

    const { rows } = await judge.database.query<EventRow>('SELECT * FROM events ORDER BY ingested_at');
    await emptied(judge);
    await judge.database.insertRows('events', rows);
    expect(repaired).toEqual(await contents());
  });

  it('a session that was there before gets its newest use, whatever else is known of it', async () => {
    const session = 'a session';
    const last = async () =>
      (await judge.database.query<{ last: string }>('SELECT max(last_use) AS last FROM sessions')).rows[0]
        ?.last;
    await store(judge.database, [access(NOW - 3 * HOUR, 'ada', session)], NOW - 3 * HOUR);
    await cutOff([access(NOW - 2 * HOUR, 'ada', session)], NOW - 2 * HOUR, ['sessions_of_events']);
    expect(await last()).toBe(`${at(NOW - 3 * HOUR)}000000`);
    expect(await repairViewTargets(judge.database, { since: DAY_AGO })).toEqual({ fed: 1 });
    expect(await last()).toBe(`${at(NOW - 2 * HOUR)}000000`);
  });

  it('what was missing is judged again, even if its arrival had been judged and dropped', async () => {
    const arrival = NOW - 5 * HOUR;
    await cutOff(visit('ada', arrival - HOUR), arrival, ['session_evidence_of_events']);
    await judge.database.insertRows('cursors', [{ name: 'judging', position: at(NOW - MINUTE), version: 1 }]);
    expect(await dropJudgedArrivals(judge.database, NOW - MINUTE)).toBeGreaterThan(0);
    expect(await repairViewTargets(judge.database, { since: DAY_AGO })).toEqual({ fed: 4 });
    const { rows } = await judge.database.query<{ session_key: string }>(
      'SELECT DISTINCT session_key FROM arrivals WHERE ingested_at >= {now:DateTime64(3)} ORDER BY session_key',
      { now: at(NOW) },
    );
    expect(rows.map(({ session_key }) => session_key)).toEqual(['child of ada', 'session of ada']);
  });

  it('a second repair finds nothing', async () => {
    await cutOff(visit('ada', NOW - HOUR), NOW - HOUR, await viewsOfEvents());
    expect(await repairViewTargets(judge.database, { since: DAY_AGO })).toEqual({ fed: 4 });
    expect(await repairViewTargets(judge.database, { since: DAY_AGO })).toEqual({ fed: 0 });
  });

  it('findings follow their revisions', async () => {
    const revision = {
      tenant: 'default',
      id: 'finding',
      cursor: at(NOW - HOUR),
      content_hash: 1,
      revision: 1,
      raised_at: at(NOW - HOUR),
      revised_at: at(NOW - HOUR),
      state: 'open',
      session_key: 'a session',
    };
    await judge.database.insertRows('finding_revisions', [revision]);
    const { rows } = await judge.database.query<{ sql: string }>(
      "SELECT create_table_query AS sql FROM system.tables WHERE database = currentDatabase() AND name = 'findings_of_revisions'",
    );
    await judge.database.command('DROP VIEW findings_of_revisions');
    const newer = {
      revision: 2,
      content_hash: 2,
      state: 'withdrawn',
      cursor: at(NOW),
      revised_at: at(NOW - MINUTE),
    };
    await judge.database.insertRows('finding_revisions', [{ ...revision, ...newer }]);
    await judge.database.command(rows[0]?.sql ?? '');
    expect((await judge.findings()).map(({ state }) => state)).toEqual(['open']);
    expect(await repairViewTargets(judge.database, { since: DAY_AGO })).toEqual({ fed: 1 });
    expect((await judge.findings()).map(({ state }) => state)).toEqual(['withdrawn']);
  });
});

describe('where nothing is missing', () => {
  it('nothing is fed: not for events that were delivered twice, in any order, or merged', async () => {
    const rows = visit('ada', NOW - 2 * HOUR);
    for (const [index, arrival] of [90, 60, 30].entries()) {
      await store(judge.database, index === 1 ? rows.toReversed() : rows, NOW - arrival * MINUTE);
    }
    expect(await repairViewTargets(judge.database, { since: DAY_AGO })).toEqual({ fed: 0 });
    await judge.database.command('OPTIMIZE TABLE user_events FINAL');
    expect(await repairViewTargets(judge.database, { since: DAY_AGO })).toEqual({ fed: 0 });
  });

  it('nothing is fed for arrivals that were judged and dropped', async () => {
    await store(judge.database, visit('ada', NOW - 6 * HOUR), NOW - 6 * HOUR);
    await store(judge.database, visit('bo', NOW - MINUTE), NOW - MINUTE);
    await judge.database.insertRows('cursors', [{ name: 'judging', position: at(NOW), version: 1 }]);
    await dropJudgedArrivals(judge.database, NOW);
    expect(await repairViewTargets(judge.database, { since: DAY_AGO })).toEqual({ fed: 0 });
  });

  it('what arrived before the time asked for, or after it, is not read', async () => {
    await cutOff(visit('ada', NOW - 2 * HOUR), NOW - 2 * HOUR, ['sessions_of_events']);
    expect(await repairViewTargets(judge.database, { since: NOW - HOUR })).toEqual({ fed: 0 });
    expect(await repairViewTargets(judge.database, { since: DAY_AGO, until: NOW - 3 * HOUR })).toEqual({
      fed: 0,
    });
    expect(await repairViewTargets(judge.database, { since: DAY_AGO })).toEqual({ fed: 4 });
  });
});

describe('a repair since the last time', () => {
  it('looks a day back at first, then from the last time on, however long that is ago', async () => {
    const lost = (arrival: number) => cutOff(visit('ada', arrival), arrival, ['sessions_of_events']);
    await lost(NOW - 40 * HOUR);
    await lost(NOW - 20 * HOUR);
    const { database } = judge;
    expect(await repairSinceLastTime(database, { until: NOW - 10 * HOUR })).toEqual({ fed: 4 });
    await lost(NOW - 15 * HOUR);
    // An insert may show ten minutes after its stamp.
    await lost(NOW - 10 * HOUR - 5 * MINUTE);
    await lost(NOW - 9 * HOUR);
    expect(await repairSinceLastTime(database, { until: NOW + 48 * HOUR })).toEqual({ fed: 8 });
    expect(await repairSinceLastTime(database, { until: NOW + 48 * HOUR })).toEqual({ fed: 0 });
  });
});

describe('judged arrivals', () => {
  it('are dropped by the hour, once the cursor is an hour past them', async () => {
    const hour = Math.floor(NOW / HOUR) * HOUR;
    for (const back of [5, 4, 2, 1, 0]) {
      await store(judge.database, [access(NOW, 'ada', `${back} hours ago`)], hour - back * HOUR + 1);
    }
    const left = async () =>
      (
        await judge.database.query<{ session_key: string }>(
          'SELECT session_key FROM arrivals ORDER BY ingested_at',
        )
      ).rows.map(({ session_key }) => session_key);
    expect(await dropJudgedArrivals(judge.database, hour - 3 * HOUR - 1)).toBe(0);
    expect(await left()).toHaveLength(5);
    expect(await dropJudgedArrivals(judge.database, hour - HOUR)).toBe(2);
    expect(await left()).toEqual(['2 hours ago', '1 hours ago', '0 hours ago']);
    expect(await dropJudgedArrivals(judge.database, hour + HOUR - 1)).toBe(1);
    expect(await left()).toEqual(['1 hours ago', '0 hours ago']);
  });

  it.runIf(onEmbeddedStore)('free their room on the disk at once', async () => {
    const rows = Array.from({ length: 500 }, (_, i) => access(NOW, 'ada', `session ${i}`));
    for (const hours of [5, 4, 3]) await store(judge.database, rows, NOW - hours * HOUR);
    const { rows: parts } = await judge.database.query<{ path: string }>(
      "SELECT path FROM system.parts WHERE database = currentDatabase() AND table = 'arrivals'",
    );
    const onDisk = () => parts.filter(({ path }) => existsSync(path));
    expect(onDisk().length).toBeGreaterThanOrEqual(3);
    expect(await dropJudgedArrivals(judge.database, NOW)).toBe(3);
    expect(onDisk()).toEqual([]);
  });
});
