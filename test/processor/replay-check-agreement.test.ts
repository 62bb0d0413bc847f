import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replay } from '../../processor/commands/replay.js';
import type { CheckReport } from '../../processor/commands/replay-check/check-report.js';
import { checkFiles } from '../../processor/commands/replay-check/check-run.js';
import { startProcessor } from '../../processor/processor.js';
import { loadCorrelations } from '../../schema/detection/correlation-file.js';
import { runOnce } from '../../schema/detection/run.js';
import { wilsonLower } from '../../schema/log-coverage/gate.js';
import { longestSessionLifeSeconds } from '../../schema/log-coverage/session-life.js';
import { type CoverageCellsRow, coverageCells } from '../../schema/queries/coverage-cells.sql.js';
import { installDefinitions } from '../../schema/store/definitions.js';
import { migrate } from '../../schema/store/migrate.js';
import { loadSqlFile } from '../../schema/store/sql-file.js';
import { LINKS, type Link, SOURCES } from '../../schema/words.js';
import { type TestStore, testStore } from '../schema/store-fixture.js';
import { silentLogger } from './export/silent-logger.js';
import { writeCompany } from './replay-check-records.js';
import { writeWays } from './replay-check-ways.js';

// The check reads files without a store; what it says must be what the service says after the same files were replayed.

const folder = mkdtempSync(join(tmpdir(), 'vouchtrail-check-'));
const demo = join(import.meta.dirname, '../../deploy/demo');

interface Both {
  readonly store: TestStore;
  readonly report: CheckReport;
}

async function both(files: readonly string[]): Promise<Both> {
  const store = await testStore();
  await migrate(store.database);
  await installDefinitions(store.database);
  const processor = await startProcessor({
    database: store.database,
    key: 'a key for tests that is long enough',
    host: '127.0.0.1',
    otlpHttpPort: 0,
    logger: silentLogger,
  });
  try {
    const { files: sent } = await replay({
      endpoint: processor.otlpHttp.url,
      files,
      out: new PassThrough().resume(),
    });
    expect(sent.flatMap(({ faults }) => faults)).toEqual([]);
  } finally {
    await processor.close();
  }
  const now = Date.now();
  const window = { from: 0, to: now + 1_000, now, lookAtClocks: true };
  await runOnce(store.database, await loadCorrelations(), window);
  const report = await checkFiles({ files, progress: new PassThrough().resume(), settings: {} });
  return { store, report };
}

async function rowsOf<Row>({ database }: TestStore, sql: string, params: object = {}): Promise<Row[]> {
  return (await database.query<Row>(sql, { ...params })).rows;
}

/** Of a session with several pieces of evidence the state has the link of the earliest, and the check the strongest. */
function byProof({ session = 0, derived = 0, asserted = 0, none = 0 }: Partial<Record<Link, number>>) {
  return { proven: session + derived, asserted, none };
}

function countsOf(
  states: readonly { readonly link: Link; readonly used: number }[],
): Partial<Record<Link, number>> {
  const counts: Partial<Record<Link, number>> = {};
  for (const { link, used } of states) if (used === 1) counts[link] = (counts[link] ?? 0) + 1;
  return counts;
}

let company: Both;
let story: Both;
let ways: Both;
beforeAll(async () => {
  const { okta, entra, aws, app } = writeCompany(folder);
  company = await both([okta, entra, aws, app]);
  story = await both(['applications.ndjson', 'cloudtrail.ndjson'].map((name) => join(demo, name)));
  ways = await both([writeWays(folder)]);
}, 120_000);
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await Promise.all([company, story, ways].map((each) => each?.store.close()));
});

describe.each([
  ['a small company', () => company],
  ['the story of the demo', () => story],
  ['ways of being vouched for that are not straight', () => ways],
])('of %s the check and the service say the same', (_name, get) => {
  it('about the records of each source and what they have', async () => {
    const { store, report } = get();
    const rows = await rowsOf<Record<string, number | string>>(
      store,
      `SELECT toString(source) AS source, uniqExact(event_id) AS events,
         countIf(session_key != '' AND NOT session_implied) AS session, countIf(device_key != '') AS device,
         countIf(address != '') AS address, countIf(user_agent != '') AS agent,
         countIf(evidence >= 'mfa' OR claimed_mfa) AS mfa, uniqExact(toDate(ts)) AS days
       FROM events GROUP BY source ORDER BY source`,
    );
    const told = report.sources.map(({ source, events, shares, days }) => ({
      source,
      events,
      session: Math.round(shares.sessionId * events),
      device: Math.round(shares.device * events),
      address: Math.round(shares.address * events),
      agent: Math.round(shares.userAgent * events),
      mfa: Math.round(shares.mfa * events),
      days,
    }));
    expect(told).toEqual(rows);
  });

  it('about the gates of all cells, and when they were open', async () => {
    const { store, report } = get();
    const { text } = await loadSqlFile(coverageCells.file);
    const day = report.clock?.slice(0, 10);
    const rows = await rowsOf<CoverageCellsRow>(store, text, { tenant: 'default', day, most: 1_000 });
    const expected = rows
      .filter(({ cell }) => !cell.includes('|federated|'))
      .map(({ cell, user_days, closed, users, lower_bound, is_open }) => {
        return { cell, userDays: user_days, closed, users, closure: lower_bound, isOpen: is_open === 1 };
      });
    const told = report.sources.flatMap(({ source, firings }) =>
      firings.flatMap(({ correlation, cell, gate, canFire }) => {
        if (correlation !== 'unvouched-access' || cell === null || gate === null) return [];
        const name = [source, cell.organization, cell.sessionKind, cell.application].join('|');
        const { userDays, closed, users, closure } = gate;
        return [
          { cell: name, userDays, closed, users, closure: expect.closeTo(closure, 12), isOpen: canFire },
        ];
      }),
    );
    expect(expected.length).toBeGreaterThan(1);
    expect(told.sort((a, b) => (a.cell < b.cell ? -1 : 1))).toEqual(expected);
  });

  it('about sessions, their kinds and the best link to their evidence', async () => {
    const { store, report } = get();
    const states = await rowsOf<{ source: string; kind: string; link: Link; used: number }>(
      store,
      `SELECT toString(source) AS source, toString(kind) AS kind, toString(link) AS link,
         toUInt8(last_use > toDateTime64(0, 9, 'UTC')) AS used
       FROM session_states FINAL WHERE NOT implied AND length(sources) = 1`,
    );
    expect(states.length).toBeGreaterThan(5);
    for (const { source, sessions, bestLink } of report.sources) {
      const own = states.filter((state) => state.source === source);
      const kinds: Record<string, number> = {};
      for (const { kind } of own) kinds[kind] = (kinds[kind] ?? 0) + 1;
      expect([source, sessions.kinds]).toEqual([source, kinds]);
      expect([source, byProof(sessions.links)]).toEqual([source, byProof(countsOf(own))]);
      const links = own.map(({ link }) => LINKS.indexOf(link));
      const best = LINKS[Math.min(...links)];
      // A state has no weaker links than these: they are looked for where a session is judged absent.
      if (best !== 'none') expect([source, bestLink]).toEqual([source, best]);
      else expect(['network', 'user', 'none']).toContain(bestLink);
    }
  });

  it('about users and their past', async () => {
    const { store, report } = get();
    const rows = await rowsOf<{ source: string; users: number; withPast: number }>(
      store,
      `WITH (SELECT toDate(max(ts)) FROM events) AS today
       SELECT toString(source) AS source, uniqExact(user_key) AS users,
         uniqExactIf(user_key, user_key IN (SELECT user_key FROM user_past WHERE day < today
           GROUP BY user_key HAVING uniqExact(day) >= 3)) AS withPast
       FROM user_past GROUP BY source ORDER BY source`,
    );
    expect(
      report.sources.map(({ source, users, usersWithPast: withPast }) => ({ source, users, withPast })),
    ).toEqual(rows);
  });

  it('about log-outs and issues', async () => {
    const { store, report } = get();
    const [{ ends = 0 } = {}] = await rowsOf<{ ends: number }>(
      store,
      'SELECT uniqExact(event_id) AS ends FROM session_ends',
    );
    const ended = report.sources.flatMap(({ firings }) =>
      firings.filter(({ correlation }) => correlation === 'ended-session-use'),
    );
    expect(ends).toBeGreaterThan(0);
    for (const { canFire, reason } of ended) {
      expect({ canFire, reason }).toEqual({
        canFire: true,
        reason: expect.stringContaining(`log-outs and revocations: ${ends}`),
      });
    }
  });
});

describe('the formulas of the check are those of the store', () => {
  it('for the lower bound of a closure', async () => {
    const counts = fc
      .tuple(fc.nat(5_000), fc.nat(5_000))
      .map(([a, b]) => ({ hits: Math.min(a, b), trials: Math.max(a, b) }));
    const asked = [{ hits: 0, trials: 0 }, ...fc.sample(counts, { numRuns: 500, seed: 3 })];
    const rows = await rowsOf<{ bound: number }>(
      company.store,
      `SELECT wilsonLower(one.1, one.2) AS bound
       FROM (SELECT arrayJoin(arrayZip({hits:Array(UInt32)}, {trials:Array(UInt32)})) AS one)`,
      { hits: asked.map(({ hits }) => hits), trials: asked.map(({ trials }) => trials) },
    );
    for (const [i, { hits, trials }] of asked.entries()) {
      expect(wilsonLower(hits, trials)).toBeCloseTo(rows[i]?.bound ?? Number.NaN, 10);
    }
  });

  it.each(SOURCES)('for the longest life of a session of %s', async (source) => {
    const [row] = await rowsOf<{ seconds: number }>(
      company.store,
      'SELECT toUInt32(longestSessionLife({source:String})) AS seconds',
      { source },
    );
    expect(longestSessionLifeSeconds(source)).toBe(row?.seconds);
  });
});
