import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ProcessorCounts } from '../../../processor/counters.js';
import {
  createGroupCommit,
  type EventWriter,
  type GroupCommitLimits,
} from '../../../processor/export/group-commit.js';
import { RetryLaterError } from '../../../processor/receiver/retry-later-error.js';
import { emptyEvent } from '../../../schema/event.js';
import type { EmbeddedStore } from '../../../schema/store/embedded/start.js';
import { migrate } from '../../../schema/store/migrate.js';
import { type TestStore, testStore } from '../../schema/store-fixture.js';
import { silentLogger } from './silent-logger.js';

let store: TestStore;
let tenant = 'tenant 0';
let tenants = 0;
let counters: ProcessorCounts;
let writer: EventWriter;

beforeAll(async () => {
  store = await testStore();
  await migrate(store.database);
});
afterAll(() => store?.close());
beforeEach(() => {
  tenant = `tenant ${++tenants}`;
});
afterEach(() => writer.close());

function startWriter(limits: Partial<GroupCommitLimits> = {}): void {
  counters = new ProcessorCounts();
  writer = createGroupCommit({ database: store.database, logger: silentLogger, counters, limits });
}

/** Tries to store one request's events once, in a way that begin's refusal is a rejection as well. */
async function write(ids: readonly string[]) {
  const pending = writer.begin(ids.length, 1000);
  const ts = 1_790_000_000_000_000_000n;
  for (const event_id of ids) pending.event({ ...emptyEvent('otel'), tenant, event_id, ts });
  return pending.commit();
}

/** As a sender does: until it is acknowledged. */
async function writeUntilStored(ids: readonly string[]): Promise<number> {
  for (let refusals = 0; ; refusals++) {
    try {
      await write(ids);
      return refusals;
    } catch (error) {
      expect(error).toBeInstanceOf(RetryLaterError);
      expect((error as RetryLaterError).retryAfterSeconds).toBeLessThanOrEqual(2);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function storedIds(): Promise<string[]> {
  const { rows } = await store.database.query<{ event_id: string }>(
    'SELECT event_id FROM events WHERE tenant = {tenant:String} ORDER BY event_id LIMIT 1 BY event_id',
    { tenant },
  );
  return rows.map(({ event_id }) => event_id);
}

/** The embedded child; these tests kill and halt it, which a server on another machine cannot be asked to bear. */
function child(): EmbeddedStore & { pid: number } {
  return store.embedded as EmbeddedStore & { pid: number };
}

function halt(): () => void {
  const { pid } = child();
  process.kill(pid, 'SIGSTOP');
  return () => process.kill(pid, 'SIGCONT');
}

describe.skipIf(process.env['VOUCHTRAIL_TEST_CLICKHOUSE_URL'] !== undefined)(
  'the writer, when the store fails',
  () => {
    it('tells those who wait to come again when the store is killed, and stores what they bring again', async () => {
      startWriter();
      await write(['before']);
      const waiting = Array.from({ length: 5 }, (_, i) => write([`${i}`]));
      process.kill(child().pid, 'SIGKILL');
      const outcomes = await Promise.allSettled(waiting);
      const acknowledged = ['0', '1', '2', '3', '4'].filter((_, i) => outcomes[i]?.status === 'fulfilled');
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(RetryLaterError);
      }
      const refusals = await writeUntilStored(['0', '1', '2', '3', '4']);
      expect(refusals + (5 - acknowledged.length)).toBeGreaterThan(0);
      expect(await storedIds()).toEqual(['0', '1', '2', '3', '4', 'before']);
      expect(writer.canStore).toBe(true);
    });

    it('refuses at once while the store is known to be down', async () => {
      startWriter({ insertTimeoutMs: 300 });
      const resume = halt();
      try {
        await expect(write(['late'])).rejects.toThrow(RetryLaterError);
        expect(writer.canStore).toBe(false);
        const begun = performance.now();
        for (let i = 0; i < 1000; i++) expect(() => writer.begin(1, 1)).toThrow(RetryLaterError);
        expect(performance.now() - begun).toBeLessThan(1000);
      } finally {
        resume();
      }
      await writeUntilStored(['after']);
      expect(await storedIds()).toContain('after');
    });

    it('abandons an insert that takes too long, whoever waits for it or behind it', async () => {
      startWriter({ insertTimeoutMs: 500, batchRows: 10 });
      const resume = halt();
      try {
        const begun = performance.now();
        const outcomes = await Promise.allSettled(
          Array.from({ length: 8 }, (_, i) => write(Array.from({ length: 10 }, (_, j) => `${i} ${j}`))),
        );
        expect(outcomes.map(({ status }) => status)).toEqual(Array(8).fill('rejected'));
        expect(performance.now() - begun).toBeLessThan(5000);
        expect(counters.inserts.failed).toBeGreaterThan(0);
        expect(counters.queue).toEqual({ rows: 0, bytes: 0 });
      } finally {
        resume();
      }
      await writeUntilStored(['after']);
    });

    it('holds no more than four batches while the store stands still', async () => {
      startWriter({ batchRows: 50 });
      const resume = halt();
      const taken: Promise<unknown>[] = [];
      let refused = 0;
      try {
        for (let i = 0; i < 100; i++) {
          const attempt = write(Array.from({ length: 10 }, (_, j) => `${String(i).padStart(3, '0')} ${j}`));
          const isTaken = await Promise.race([
            attempt.then(
              () => true,
              () => false,
            ),
            nextTurn().then(() => true),
          ]);
          if (isTaken) taken.push(attempt);
          else refused += 1;
          expect(counters.queue.rows).toBeLessThanOrEqual(200);
        }
        expect(taken).toHaveLength(20);
        expect(refused).toBe(80);
      } finally {
        resume();
      }
      await Promise.all(taken);
      expect(await storedIds()).toHaveLength(200);
    });
  },
);

async function nextTurn(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 2));
}
