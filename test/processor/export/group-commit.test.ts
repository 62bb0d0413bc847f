import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ProcessorCounts } from '../../../processor/counters.js';
import { deadLetter } from '../../../processor/export/dead-letter.js';
import {
  createGroupCommit,
  type EventWriter,
  type GroupCommitLimits,
} from '../../../processor/export/group-commit.js';
import { RetryLaterError } from '../../../processor/receiver/retry-later-error.js';
import { type Event, emptyEvent } from '../../../schema/event.js';
import { migrate } from '../../../schema/store/migrate.js';
import { type TestStore, testStore } from '../../schema/store-fixture.js';
import { silentLogger } from './silent-logger.js';

const NANOSECONDS_A_MILLISECOND = 1_000_000n;

let store: TestStore;
let tenant = 'tenant 0';
let tenants = 0;
let counters: ProcessorCounts;
const writers: EventWriter[] = [];

beforeAll(async () => {
  store = await testStore();
  await migrate(store.database);
});
afterAll(() => store?.close());
beforeEach(() => {
  tenant = `tenant ${++tenants}`;
});
afterEach(async () => {
  await Promise.all(writers.splice(0).map((writer) => writer.close()));
});

function newWriter(limits: Partial<GroupCommitLimits> = {}, { database } = store): EventWriter {
  counters = new ProcessorCounts();
  const writer = createGroupCommit({ database, logger: silentLogger, counters, limits });
  writers.push(writer);
  return writer;
}

function newEvent(id: string, at = Date.now(), fields: Partial<Event> = {}): Event {
  const ts = BigInt(at) * NANOSECONDS_A_MILLISECOND;
  return { ...emptyEvent('otel'), tenant, event_id: id, ts, raw: `record ${id}`, ...fields };
}

/** Hands over events as one request does and waits until they are stored. */
async function write(writer: EventWriter, events: readonly Event[]) {
  const pending = writer.begin(events.length, 1000);
  for (const event of events) pending.event(event);
  return pending.commit();
}

async function ask<T>(sql: string): Promise<T[]> {
  const { rows } = await store.database.query<T>(sql, { tenant });
  return rows;
}

async function storedIds(): Promise<string[]> {
  const rows = await ask<{ event_id: string }>(
    'SELECT event_id FROM events WHERE tenant = {tenant:String} ORDER BY event_id',
  );
  return rows.map(({ event_id }) => event_id);
}

async function storedLetters() {
  return ask<{ source: string; reason: string; raw: string }>(
    'SELECT source, reason, raw FROM dead_letters FINAL WHERE tenant = {tenant:String} ORDER BY raw',
  );
}

async function until(condition: () => boolean): Promise<void> {
  const giveUpAt = performance.now() + 20_000;
  while (!condition()) {
    if (performance.now() > giveUpAt) throw new Error('it did not come about in 20 s');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('group commit', () => {
  it('acknowledges a request when its rows can be read', async () => {
    const writer = newWriter();
    const before = Date.now();
    expect(await write(writer, [newEvent('a'), newEvent('b')])).toEqual({ refused: 0, reason: '' });
    const after = Date.now();
    expect(await storedIds()).toEqual(['a', 'b']);
    const [stamp] = await ask<{ oldest: number; newest: number }>(
      `SELECT toUnixTimestamp64Milli(min(ingested_at)) AS oldest, toUnixTimestamp64Milli(max(ingested_at)) AS newest
       FROM events WHERE tenant = {tenant:String}`,
    );
    expect(stamp?.oldest).toBeGreaterThanOrEqual(before);
    expect(stamp?.newest).toBeLessThanOrEqual(after);
    expect(counters.accepted).toEqual(new Map([['otel', 2]]));
    expect(counters.queue).toEqual({ rows: 0, bytes: 0 });
    expect(counters.inserts).toMatchObject({ count: 1, failed: 0, rows: 2 });
    expect(counters.inserts.buckets.at(-1)).toEqual({ le: Number.POSITIVE_INFINITY, count: 1 });
  });

  it('acknowledges a request without rows without asking the store', async () => {
    expect(await newWriter().begin(3, 1000).commit()).toEqual({ refused: 0, reason: '' });
    expect(counters.inserts.count).toBe(0);
    expect(counters.queue).toEqual({ rows: 0, bytes: 0 });
  });

  it('stores requests that come together in shared inserts', async () => {
    const writer = newWriter();
    const requests = Array.from({ length: 60 }, (_, r) => [newEvent(`${r} a`), newEvent(`${r} b`)]);
    await Promise.all(requests.map((events) => write(writer, events)));
    expect(await storedIds()).toHaveLength(120);
    expect(counters.inserts.count).toBeLessThan(10);
  });

  it('waits for every insert that holds rows of a request larger than a batch', async () => {
    const writer = newWriter({ batchRows: 100 });
    const ids = Array.from({ length: 1050 }, (_, i) => String(i).padStart(5, '0'));
    await write(
      writer,
      ids.map((id) => newEvent(id)),
    );
    expect(await storedIds()).toEqual(ids);
    expect(counters.inserts.count).toBe(11);
  });

  it('stores a request with events of 130 months, the first three months apart and the others by year', async () => {
    const writer = newWriter();
    const months = Array.from({ length: 130 }, (_, i) => Date.UTC(2015, i + 1) - 1);
    const events = months.flatMap((end, i) => [
      newEvent(`${i} last`, end, { ts: BigInt(end) * NANOSECONDS_A_MILLISECOND + 999_999n }),
      newEvent(`${i} first of next`, end + 1),
    ]);
    await write(writer, events);
    expect(await storedIds()).toHaveLength(260);
    expect(counters.inserts).toMatchObject({ count: 3 + 11, failed: 0, rows: 260 });
  });

  it('keeps dead letters with the batch that they came with, once however often they come', async () => {
    const writer = newWriter();
    const fault = { tenant, source: 'cloudtrail', path: 'body', reason: 'no eventName', text: '{"a":1}' };
    const receivedAt = Date.now();
    for (const _ of [1, 2]) {
      const pending = writer.begin(2, 1000);
      pending.event(newEvent('a'));
      pending.deadLetter(deadLetter(fault, receivedAt));
      await pending.commit();
    }
    expect(await storedLetters()).toEqual([{ source: 'cloudtrail', reason: 'no eventName', raw: '{"a":1}' }]);
    expect(counters.deadLetters).toEqual(new Map([['cloudtrail', 2]]));
  });

  it('keeps an event that cannot be encoded as a dead letter and stores the others', async () => {
    const wrong = { ...newEvent('wrong'), user_name: undefined } as unknown as Event;
    const result = await write(newWriter(), [newEvent('a'), wrong, newEvent('b')]);
    expect(result.refused).toBe(1);
    expect(result.reason).toContain('user_name');
    expect(await storedIds()).toEqual(['a', 'b']);
    expect(await storedLetters()).toMatchObject([{ source: 'otel', raw: 'record wrong' }]);
  });

  it('tells requests to come again when the queue is full, and takes them when there is room', async () => {
    const writer = newWriter({ queueRows: 10, queueBytes: 5000 });
    const large = writer.begin(50, 100);
    expect(() => writer.begin(1, 1)).toThrow(RetryLaterError);
    large.event(newEvent('large'));
    await large.commit();
    const heavy = writer.begin(1, 4000);
    expect(() => writer.begin(1, 2000)).toThrow(/queue is full/);
    const light = writer.begin(1, 1000);
    heavy.abandon();
    light.abandon();
    expect(counters.queue).toEqual({ rows: 0, bytes: 0 });
    writer.begin(10, 5000).abandon();
  });

  it('says of a refusal whether it stands, without asking for more room than an eighth of the queue', () => {
    const writer = newWriter({ queueRows: 80, queueBytes: 8000 });
    const refusalOf = (rows: number, bytes: number): RetryLaterError => {
      try {
        writer.begin(rows, bytes).abandon();
      } catch (error) {
        return error as RetryLaterError;
      }
      throw new Error('it was taken');
    };
    const [most, little] = [writer.begin(71, 100), writer.begin(4, 100)];
    const small = refusalOf(6, 100);
    const large = refusalOf(80, 100);
    expect(small).toMatchObject({ reason: 'queue_full', message: expect.stringContaining('75 records') });
    expect([small, large].map(({ standing }) => standing()?.reason)).toEqual(['queue_full', 'queue_full']);
    little.abandon();
    expect(small.standing()).toBeUndefined();
    expect(large.standing()?.message).toContain('71 records');
    writer.begin(1, 1).abandon();
    most.abandon();
    expect(large.standing()).toBeUndefined();
  });

  it('holds at most four batches of the size that the store takes in half a second', () => {
    const writer = newWriter({ batchRows: 20 });
    const held = Array.from({ length: 8 }, () => writer.begin(10, 1000));
    expect(() => writer.begin(1, 1)).toThrow(/queue is full: 80 records/);
    for (const request of held) request.abandon();
  });

  it('does not mix up batches of different sizes that follow one another in the same memory', async () => {
    const writer = newWriter({ batchRows: 300 });
    const sizes = [200, 1, 300, 2, 120, 290, 3];
    const ids = sizes.map((size, batch) => Array.from({ length: size }, (_, i) => `${batch} ${i}`));
    for (const batch of ids.slice(0, 4)) {
      await write(
        writer,
        batch.map((id) => newEvent(id)),
      );
    }
    await Promise.all(
      ids.slice(4).map((batch) =>
        write(
          writer,
          batch.map((id) => newEvent(id)),
        ),
      ),
    );
    expect(await storedIds()).toEqual(ids.flat().sort());
    const [{ wrong } = { wrong: -1 }] = await ask<{ wrong: number }>(
      "SELECT countIf(raw != 'record ' || event_id) AS wrong FROM events WHERE tenant = {tenant:String}",
    );
    expect(wrong).toBe(0);
  });

  it('stores what waits when it closes, and takes nothing more', async () => {
    const writer = newWriter({ gatherMs: 60_000 });
    const waiting = ['a', 'b', 'c'].map((id) => write(writer, [newEvent(id)]));
    await writer.close();
    await Promise.all(waiting);
    expect(await storedIds()).toEqual(['a', 'b', 'c']);
    expect(() => writer.begin(1, 1)).toThrow(RetryLaterError);
  });
});

describe('group commit, when the store calls rows bad', () => {
  beforeAll(() =>
    store.database.command("ALTER TABLE events ADD CONSTRAINT no_poison CHECK user_name != 'poison'"),
  );
  afterAll(() => store.database.command('ALTER TABLE events DROP CONSTRAINT no_poison'));
  const poison = (id: string): Event => newEvent(id, Date.now(), { user_name: 'poison' });

  it('finds the bad row among many, keeps it as a dead letter and stores the rest', async () => {
    const writer = newWriter();
    const ids = Array.from({ length: 500 }, (_, i) => String(i).padStart(4, '0'));
    const good = write(writer, [newEvent('good')]);
    const result = await write(
      writer,
      ids.map((id) => (id === '0321' ? poison(id) : newEvent(id))),
    );
    expect(result.refused).toBe(1);
    expect(result.reason).toContain('no_poison');
    expect(await good).toEqual({ refused: 0, reason: '' });
    expect(await storedIds()).toEqual([...ids.filter((id) => id !== '0321'), 'good']);
    const [letter, ...more] = await storedLetters();
    expect(more).toEqual([]);
    expect(letter).toMatchObject({ source: 'otel', raw: 'record 0321' });
    expect(letter?.reason).toContain('no_poison');
    expect(counters.accepted).toEqual(new Map([['otel', 500]]));
    expect(counters.deadLetters).toEqual(new Map([['otel', 1]]));
  });

  it('keeps a bad row that comes alone as a dead letter too', async () => {
    expect((await write(newWriter(), [poison('alone')])).refused).toBe(1);
    expect(await storedLetters()).toMatchObject([{ raw: 'record alone' }]);
  });

  it('comes to an end when every row is bad', async () => {
    const events = Array.from({ length: 1000 }, (_, i) => poison(String(i)));
    expect((await write(newWriter(), events)).refused).toBe(1000);
    expect(await storedLetters()).toHaveLength(1000);
    expect(await storedIds()).toEqual([]);
  });
});

describe('group commit, when the store refuses everything', () => {
  it('blames no row and takes up again when the table is there', async () => {
    const writer = newWriter();
    await store.database.command('RENAME TABLE events TO events_away');
    try {
      const refused = write(writer, [newEvent('a'), newEvent('b')]);
      await expect(refused).rejects.toThrow(RetryLaterError);
      // Senders who share a batch are not told what the store says of it; who runs the service is.
      await expect(refused).rejects.toThrow(
        /^The store cannot take events now: it refuses them \(error 60\)$/,
      );
      await expect(refused).rejects.toMatchObject({ reason: 'store_down' });
      expect(writer.cannotStoreBecause).toContain('events');
      expect(writer.canStore).toBe(false);
      expect(() => writer.begin(1, 1)).toThrow(RetryLaterError);
    } finally {
      await store.database.command('RENAME TABLE events_away TO events');
    }
    await until(() => {
      try {
        writer.begin(1, 1).abandon();
        return true;
      } catch {
        return false;
      }
    });
    await write(writer, [newEvent('a'), newEvent('b')]);
    expect(writer.canStore).toBe(true);
    expect(await storedIds()).toEqual(['a', 'b']);
    expect(await storedLetters()).toEqual([]);
  });

  it('blames no row for a column that has another type in the store', async () => {
    const other = await testStore();
    await migrate(other.database);
    await other.database.command('ALTER TABLE events MODIFY COLUMN severity_number UInt16');
    const writer = newWriter({}, other);
    await expect(write(writer, [newEvent('a')])).rejects.toThrow(RetryLaterError);
    await writer.close();
    const { rows } = await other.database.query('SELECT * FROM dead_letters');
    expect(rows).toEqual([]);
    await other.close();
  });
});
