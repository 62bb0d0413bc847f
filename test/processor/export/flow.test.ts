import { describe, expect, it } from 'vitest';
import { count, countSource, ProcessorCounts } from '../../../processor/counters.js';
import { BatchSize } from '../../../processor/export/batch-size.js';
import { InsertPace } from '../../../processor/export/insert-pace.js';
import { createMonthOf } from '../../../processor/export/months.js';
import { SpareBuffers } from '../../../processor/export/spare-buffers.js';
import { TurnShare } from '../../../processor/turn-share.js';

describe('the size of a batch', () => {
  it('becomes what the store takes in half a second, within its limits', () => {
    const size = new BatchSize(20_000);
    expect(size.rows).toBe(5_000);
    for (let i = 0; i < 20; i++) size.inserted(6_000, 2);
    expect(size.rows).toBeCloseTo(1_500, -1);
    for (let i = 0; i < 20; i++) size.inserted(3_000, 0.01);
    expect(size.rows).toBe(20_000);
    for (let i = 0; i < 20; i++) size.inserted(600, 600);
    expect(size.rows).toBe(500);
  });

  it('begins with a quarter of the most, where that is worth an insert', () => {
    expect(new BatchSize(20_000).rows).toBe(5_000);
    expect(new BatchSize(1_000).rows).toBe(500);
    expect(new BatchSize(100).rows).toBe(100);
  });

  it('shrinks at once when an insert is abandoned, and does not learn from small inserts', () => {
    const size = new BatchSize(20_000);
    for (let i = 0; i < 20; i++) size.inserted(20_000, 0.5);
    size.abandoned();
    expect(size.rows).toBe(5_000);
    size.inserted(10, 0.05);
    expect(size.rows).toBe(5_000);
  });
});

describe('buffers of stored batches', () => {
  it('are given to others, empty and as large as they were, up to so many and so large', () => {
    const spare = new SpareBuffers(2, 1024 * 1024);
    const buffers = [spare.take(), spare.take(), spare.take(), spare.take()];
    expect(new Set(buffers).size).toBe(4);
    for (const buffer of buffers) {
      buffer.reserve(500_000);
      buffer.position = 500_000;
    }
    buffers[0]?.reserve(2 * 1024 * 1024);
    for (const buffer of buffers) spare.give(buffer);
    const again = [spare.take(), spare.take(), spare.take()];
    expect(again.map((buffer) => buffers.indexOf(buffer))).toEqual([2, 1, -1]);
    expect(again.map(({ position }) => position)).toEqual([0, 0, 0]);
    expect(again[0]?.bytes.length).toBeGreaterThanOrEqual(500_000);
  });
});

describe('the pace of small inserts', () => {
  it('lets a burst go, then a few a second', async () => {
    const pace = new InsertPace(3, 10);
    expect([pace.take(), pace.take(), pace.take(), pace.take()]).toEqual([true, true, true, false]);
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect([pace.take(), pace.take()]).toEqual([true, false]);
  });
});

describe('the month of an event', () => {
  it('changes with the last nanosecond of a month in UTC, forward and back', () => {
    const monthOf = createMonthOf();
    const march = BigInt(Date.UTC(2026, 2, 1)) * 1_000_000n;
    const visits = [march, march - 1n, march - 2n, march, march + 1n, 0n, -1n, march - 1n];
    expect(visits.map(monthOf)).toEqual([202603, 202602, 202602, 202603, 202603, 197001, 196912, 202602]);
  });
});

describe('a share of a turn of the event loop', () => {
  it('is one for all who work in it', async () => {
    const share = new TurnShare(5);
    let turns = 0;
    let counting = true;
    const turn = (): void => {
      turns += 1;
      if (counting) setImmediate(turn);
    };
    setImmediate(turn);
    const work = async (): Promise<void> => {
      for (let pieces = 0; pieces < 10; pieces++) {
        if (share.usedUp) await share.wait();
        const end = performance.now() + 2;
        while (performance.now() < end);
      }
    };
    await Promise.all([work(), work(), work(), work()]);
    counting = false;
    // 80 ms of work at little more than 5 ms a turn.
    expect(turns).toBeGreaterThanOrEqual(8);
  });
});

describe('counters', () => {
  it('count in how many seconds inserts were done, cumulatively', () => {
    const counts = new ProcessorCounts();
    counts.inserted(10, 1000, 0.02);
    counts.inserted(20, 2000, 0.3);
    counts.inserted(20, 2000, 60);
    expect(counts.inserts).toMatchObject({ count: 3, rows: 50, bytes: 5000, seconds: 60.32 });
    const at = (bound: number) => counts.inserts.buckets.find(({ le }) => le === bound)?.count;
    expect([0.01, 0.025, 0.25, 0.5, 10, Number.POSITIVE_INFINITY].map(at)).toEqual([0, 1, 1, 2, 2, 3]);
  });

  it('do not grow with the sources that a sender makes up', () => {
    const numbers = new Map<string, number>();
    for (let i = 0; i < 1000; i++) countSource(numbers, `source ${i}`, 1);
    count(numbers, 'other');
    expect(numbers.size).toBeLessThanOrEqual(65);
    expect(numbers.get('other')).toBe(1000 - 64 + 1);
  });
});
