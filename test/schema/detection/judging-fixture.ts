import { type CorrelationFile, loadCorrelations } from '../../../schema/detection/correlation-file.js';
import { type RunOutcome, runOnce } from '../../../schema/detection/run.js';
import type { Database } from '../../../schema/store/database.js';
import { installDefinitions } from '../../../schema/store/definitions.js';
import { migrate } from '../../../schema/store/migrate.js';
import { type TestStore, testStore } from '../store-fixture.js';
import { type EventRow, store } from './event-rows.js';

/** A finding as the store holds it now. */
export interface FindingNow {
  readonly id: string;
  readonly session_key: string;
  readonly user_key: string;
  readonly correlation: string;
  readonly state: string;
  readonly withdrawn_because: string;
  readonly evidence_event_id: string;
  readonly severity: string;
  readonly points: number;
  readonly point_reasons: readonly { readonly name: string; readonly points: number }[];
  readonly link: string;
  readonly verdict: string;
  readonly revision: number;
  readonly event_count: number;
  readonly summary: string;
}

/** A tenant of its own on a migrated database, with the judging of this program and a clock that the test moves. */
export interface Judging {
  readonly database: Database;
  readonly tenant: string;
  readonly correlations: readonly CorrelationFile[];
  /** Stores a batch as one arrival and judges it; `now` is the arrival's time unless given. */
  deliver(rows: readonly EventRow[], now?: number): Promise<RunOutcome>;
  /** Judges what waits, at a time. */
  lookAgain(now: number): Promise<RunOutcome>;
  /** A moment at which nothing has been delivered yet. */
  later(): number;
  findings(): Promise<FindingNow[]>;
  verdicts(): Promise<Record<string, string>>;
  close(): Promise<void>;
}

interface Prepared {
  readonly store: TestStore;
  readonly correlations: readonly CorrelationFile[];
}

async function prepare(): Promise<Prepared> {
  const opened = await testStore();
  await migrate(opened.database);
  await installDefinitions(opened.database);
  return { store: opened, correlations: await loadCorrelations() };
}

let shared: Promise<Prepared> | undefined;
let tenants = 0;
// One clock for all tenants of the shared database: a window of arrivals must hold one delivery alone.
let clock = Date.now();

/** @param alone a database of its own, for tests of what is not kept by tenant; else one is shared by the file. */
export async function judging({ alone = false } = {}): Promise<Judging> {
  if (!alone) shared ??= prepare();
  const { store: opened, correlations } = await (alone ? prepare() : (shared as Promise<Prepared>));
  const { database } = opened;
  const tenant = alone ? 'default' : `tenant-${++tenants}`;
  return {
    database,
    tenant,
    correlations,
    async deliver(rows, now = clock + 1) {
      clock = Math.max(clock, now);
      await store(
        database,
        rows.map((row) => ({ ...row, tenant })),
        now,
      );
      return runOnce(database, correlations, { from: now - 1, to: now, now, lookAtClocks: true });
    },
    async lookAgain(now) {
      clock = Math.max(clock, now);
      return runOnce(database, correlations, { from: now, to: now, now, lookAtClocks: true });
    },
    later() {
      clock += 1;
      return clock;
    },
    async findings() {
      const { rows } = await database.query<FindingNow>(
        `SELECT * EXCEPT (content_hash, revision_order) FROM findings FINAL WHERE tenant = {tenant:String}
        ORDER BY session_key`,
        { tenant },
      );
      return rows;
    },
    async verdicts() {
      const { rows } = await database.query<{ session_key: string; verdict: string }>(
        `SELECT session_key, verdict FROM session_states FINAL WHERE tenant = {tenant:String} ORDER BY session_key`,
        { tenant },
      );
      return Object.fromEntries(rows.map((row) => [row.session_key, row.verdict]));
    },
    async close() {
      if (alone) await opened.close();
    },
  };
}
