import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ArrivalsCursor } from '../../../schema/detection/arrivals.js';
import type { CorrelationFile } from '../../../schema/detection/correlation-file.js';
import { type Scheduler, startScheduler } from '../../../schema/detection/scheduler.js';
import { access, at, HOUR, MINUTE, ordinaryDays, signIn, store } from './event-rows.js';
import { type Judging, judging } from './judging-fixture.js';

const SILENT = { info: () => {}, warn: () => {}, error: () => {} };
const TODAY = Math.floor(Date.now() / 86_400_000) * 86_400_000 - 86_400_000;
const fromHosting = { asn: 14061, network_class: 'hosting', browser: 'Firefox', os: 'Linux' } as const;

const life = () => [
  ...ordinaryDays(TODAY),
  access(TODAY + 12 * HOUR, 'bo', 'forged', fromHosting),
  signIn(TODAY + 13 * HOUR, 'ada', 'ada-today'),
  access(TODAY + 13 * HOUR + MINUTE, 'ada', 'ada-today'),
];

async function until(condition: () => Promise<boolean>, seconds = 40): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not so within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe('the scheduler', () => {
  let judge: Judging;
  const running: Scheduler[] = [];
  beforeEach(async () => {
    judge = await judging({ alone: true });
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((scheduler) => scheduler.close()));
    await judge.close();
  });

  const start = (correlations: readonly CorrelationFile[] = judge.correlations): Scheduler => {
    const scheduler = startScheduler({
      database: judge.database,
      correlations,
      logger: SILENT,
      everyMs: 200,
    });
    running.push(scheduler);
    return scheduler;
  };
  const open = async () => (await judge.findings()).filter((finding) => finding.state === 'open');
  const runs = async () =>
    (
      await judge.database.query<{
        correlation: string;
        sessions: number;
        rows_read: number;
        findings: number;
        error: string;
      }>(
        `SELECT correlation, sessions, rows_read, findings_raised AS findings, error FROM correlation_runs
        WHERE sessions > 0 ORDER BY started_at, correlation`,
      )
    ).rows;

  it('judges what arrives, logs each run with what it read and found, and tells how far behind it is', async () => {
    const scheduler = start();
    await store(judge.database, life(), Date.now());
    await until(async () => (await open()).length === 1);
    await until(async () => (await runs()).some((run) => run.findings === 1));
    expect((await runs()).find((run) => run.findings === 1)).toMatchObject({
      correlation: 'unvouched-access',
      error: '',
    });
    expect((await runs())[0]?.rows_read).toBeGreaterThan(0);
    expect(scheduler.status().cursorLagMs).toBeLessThan(20_000);
  });

  it('goes on where it stood after a restart', async () => {
    const first = start();
    await until(async () => first.status().lastRunAt !== undefined);
    await first.close();
    await store(judge.database, life(), Date.now());
    start();
    await until(async () => (await open()).length === 1);
  });

  it('running twice finds the same once', async () => {
    await store(judge.database, life(), Date.now());
    start();
    start();
    await until(async () => (await open()).length >= 1);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const ids = await judge.database.query<{ ids: number }>(
      'SELECT uniqExact(id) AS ids FROM finding_revisions',
    );
    expect(ids.rows[0]?.ids).toBe(1);
  });

  it('shows a correlation that fails, lets the others run, and judges again what it missed', async () => {
    const good = judge.correlations.find(({ id }) => id === 'unvouched-access');
    if (good === undefined) throw new Error('no correlation');
    const broken = {
      ...good,
      id: 'broken',
      sql: 'SELECT throwIf(1) FROM judged_sessions WHERE run_id = {run:UInt64}',
    };
    const first = start([{ ...broken, parameters: [] }]);
    await store(judge.database, life(), Date.now());
    await until(async () => (await runs()).some((run) => run.error !== ''));
    await first.close();
    expect(await open()).toEqual([]);
    start();
    await until(async () => (await open()).length === 1);
  });

  it('that was away catches up in windows of bounded size, and leaves nothing out', async () => {
    const now = Date.now();
    const days = 7 * 24 * 3600;
    await judge.database.command(
      `INSERT INTO arrivals SELECT {start:DateTime64(3, 'UTC')} + INTERVAL intDiv(number, 700) SECOND, 'default',
        toString(number % 5000), toString(number) FROM numbers(450000)`,
      { start: at(now - days * 1000) },
    );
    const cursor = new ArrivalsCursor(judge.database, 'away');
    const sizes: number[] = [];
    for (let turns = 0; turns < 10; turns++) {
      const window = await cursor.next(now);
      sizes.push(window.arrivals);
      await cursor.advance(window);
      if (window.to >= now - 1000) break;
    }
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(450_000);
    expect(sizes.length).toBeGreaterThanOrEqual(3);
    // One stamp is never cut in two, so a window may be larger than its bound by what one insert brought.
    expect(Math.max(...sizes)).toBeLessThanOrEqual(200_700);
  });

  it('looks again at a window in which rows showed late', async () => {
    const cursor = new ArrivalsCursor(judge.database, 'test');
    const now = Date.now();
    await store(judge.database, [access(TODAY, 'ada', 'one')], now - 3000);
    const window = await cursor.next(now);
    expect(window.arrivals).toBe(1);
    await cursor.advance(window);
    expect(await cursor.grown(now)).toEqual([]);
    await store(judge.database, [access(TODAY, 'ada', 'two')], now - 2500);
    expect(await cursor.grown(now)).toMatchObject([{ from: window.from, to: window.to }]);
    expect(await cursor.grown(now)).toEqual([]);
  });
});
