import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Processor, startProcessor } from '../../processor/processor.js';
import { type CorrelationFile, loadCorrelations } from '../../schema/detection/correlation-file.js';
import { runOnce } from '../../schema/detection/run.js';
import { migratedStore, startTestApi, type TestApi } from '../api/api-fixture.js';
import { type Delivery, readLabels, readSample } from '../demo/sample.js';
import { shifted, shiftTo } from '../demo/shift.js';
import { silentLogger } from '../processor/export/silent-logger.js';
import type { TestStore } from '../schema/store-fixture.js';

/*
 * A whole life of a small company, delivered once to one store and five times to another: in other batches, in other
 * orders, judged after each delivery, and never merged. Whoever asks must not see a difference.
 */

/** A store with a processor before it. */
interface House {
  readonly store: TestStore;
  readonly processor: Processor;
  readonly api: TestApi;
}

let once: House;
let often: House;
let correlations: readonly CorrelationFile[];
let judgedUpTo = 0;

async function house(): Promise<House> {
  const store = await migratedStore();
  const { database } = store;
  const key = 'the same key for both, long enough';
  const processor = await startProcessor({
    database,
    key,
    host: '127.0.0.1',
    otlpHttpPort: 0,
    logger: silentLogger,
  });
  return { store, processor, api: await startTestApi(database) };
}

/** Requests of `size` records, those of one origin together. */
function requests(deliveries: readonly Delivery[], size: number): string[] {
  const byOrigin = new Map<string, Delivery[]>();
  for (const delivery of deliveries) {
    const origin = JSON.stringify(delivery.origin);
    byOrigin.set(origin, [...(byOrigin.get(origin) ?? []), delivery]);
  }
  return [...byOrigin.values()].flatMap((group) => {
    const bodies: string[] = [];
    for (let from = 0; from < group.length; from += size) {
      const { resource, scope } = (group[from] as Delivery).origin;
      const logRecords = group.slice(from, from + size).map(({ record }) => record);
      bodies.push(JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords }] }] }));
    }
    return bodies;
  });
}

async function deliver({ processor }: House, deliveries: readonly Delivery[], size: number): Promise<void> {
  for (const body of requests(deliveries, size)) {
    const response = await fetch(`${processor.otlpHttp.url}/v1/logs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(await response.text()).toBe('{}');
  }
}

/** Judges everything that is there, as a scheduler does that was away. */
async function judge({ store }: House, now: number): Promise<void> {
  const outcome = await runOnce(store.database, correlations, { from: 0, to: now, now, lookAtClocks: true });
  expect(outcome.correlations.map(({ error }) => error).filter((error) => error !== '')).toEqual([]);
}

beforeAll(async () => {
  correlations = await loadCorrelations();
  [once, often] = [await house(), await house()];
  const { rows } = await often.store.database.query<{ name: string }>(
    "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree'",
  );
  for (const { name } of rows) await often.store.database.command(`SYSTEM STOP MERGES ${name}`);

  const sample = await readSample();
  const by = shiftTo(Date.now() - 60_000, (await readLabels()).end);
  const life = sample.map((delivery) => shifted(delivery, by));
  const orders = [life, life, life.toReversed(), life, life.toSorted((a, b) => (a.at % 977) - (b.at % 977))];
  for (const [index, order] of orders.entries()) {
    await deliver(often, order, [400, 400, 333, 90, 700][index] as number);
    if (index % 2 === 0) await judge(often, Date.now());
  }
  await deliver(once, life, 400);
  judgedUpTo = Date.now();
  for (const each of [once, often]) await judge(each, judgedUpTo);
}, 180_000);
afterAll(async () => {
  for (const each of [once, often]) {
    await each?.api.close();
    await each?.processor.close();
    await each?.store.close();
  }
});

/** Columns that say when this program did something: they differ between any two deliveries. */
const WHEN = ['ingested_at', 'observed_at', 'received_at', 'raised_at', 'revised_at'];

/** The rows of a view or query, without those columns. */
async function rowsOf({ store }: House, from: string): Promise<string[]> {
  const { rows } = await store.database.query<Record<string, unknown>>(`SELECT * FROM ${from}`);
  return rows
    .map((row) =>
      JSON.stringify(Object.fromEntries(Object.entries(row).filter(([name]) => !WHEN.includes(name)))),
    )
    .sort();
}

async function count({ store }: House, what: string): Promise<number> {
  const { rows } = await store.database.query<{ count: number }>(`SELECT ${what} AS count`);
  return rows[0]?.count ?? 0;
}

describe('a batch that comes five times', () => {
  it('is really there five times', async () => {
    const stored = '(SELECT count() FROM events)';
    expect(await count(once, stored)).toBeGreaterThan(1_000);
    expect(await count(often, stored)).toBe(5 * (await count(once, stored)));
  });

  it('counts once in every report', async () => {
    const { rows } = await once.store.database.query<{ name: string }>(
      "SELECT name FROM system.tables WHERE database = currentDatabase() AND name LIKE 'report_%' ORDER BY name",
    );
    const reports = rows.map(({ name }) => name);
    expect(reports).toEqual(expect.arrayContaining(['report_events', 'report_findings', 'report_sessions']));
    for (const report of reports) {
      const expected = await rowsOf(once, report);
      expect(await rowsOf(often, report), report).toEqual(expected);
    }
    for (const report of ['report_events', 'report_findings', 'report_sessions']) {
      expect((await rowsOf(once, report)).length, report).toBeGreaterThan(0);
    }
  });

  it('counts once in what reports and baselines are computed from', async () => {
    for (const table of [
      'sessions FINAL',
      'session_evidence FINAL',
      'session_tokens FINAL',
      'session_principals FINAL',
      'session_edges FINAL',
      'user_events FINAL',
    ]) {
      const states = table.startsWith('sessions')
        ? 'REPLACE (arraySort(finalizeAggregation(tokens)) AS tokens)'
        : '';
      const rows = (each: House) => rowsOf(each, `(SELECT * ${states} FROM ${table})`);
      expect(await rows(often), table).toEqual(await rows(once));
    }
    const closure = '(SELECT * EXCEPT (version) FROM closure_days FINAL WHERE sessions > 0)';
    expect(await rowsOf(often, closure)).toEqual(await rowsOf(once, closure));
  });

  it('raises each finding once', async () => {
    expect(await count(once, '(SELECT uniqExact(id) FROM finding_revisions)')).toBeGreaterThan(0);
    const current = `(SELECT id, revision, state, severity, points, event_count FROM findings FINAL)`;
    expect(await rowsOf(often, current)).toEqual(await rowsOf(once, current));
  });

  it('counts once in GraphQL', async () => {
    const query = `{
      events(first: 5, filter: { after: "2015-01-01T00:00:00Z" }) { totalCount nodes { id time } }
      sessions(first: 100) { totalCount nodes { key verdict firstSeen lastSeen assurance { level evidence }
        findings { totalCount } } }
      findings(first: 20) { totalCount nodes { title points eventCount events(first: 20) { totalCount nodes { id } }
        user { sessions { totalCount } findings { totalCount } } } }
    }`;
    const sorted = ({ data }: { data: { findings: { nodes: { title: string }[] } } }) => ({
      ...data,
      findings: {
        ...data.findings,
        nodes: data.findings.nodes.map((node) => JSON.stringify(node)).sort(),
      },
    });
    const [fromOnce, fromOften] = [await once.api.query(query), await often.api.query(query)];
    expect(fromOnce.errors).toBe(undefined);
    expect(fromOnce.data.findings.totalCount).toBeGreaterThan(0);
    expect(sorted(fromOften)).toEqual(sorted(fromOnce));
  });
});
