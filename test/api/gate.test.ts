import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCorrelations } from '../../schema/detection/correlation-file.js';
import { FIRING_RULES } from '../../schema/log-coverage/firing.js';
import { whyShut } from '../../schema/log-coverage/gate.js';
import type { TestStore } from '../schema/store-fixture.js';
import { migratedStore } from './api-fixture.js';

let store: TestStore;
beforeAll(async () => {
  store = await migratedStore();
});
afterAll(() => store.close());

interface Gate {
  readonly user_days: number;
  readonly closed: number;
  readonly users: number;
  readonly lower_bound: number;
  readonly is_open: number;
}

describe('why a gate is shut', () => {
  it('is said of exactly those gates that the judging holds shut', async () => {
    const figures = fc
      .record({ user_days: fc.nat(60), share: fc.double({ min: 0, max: 1, noNaN: true }), users: fc.nat(8) })
      .map(({ user_days, share, users }) => ({
        user_days,
        closed: Math.round(user_days * share ** 0.2),
        users: Math.min(users, user_days),
      }));
    const asked = fc.sample(figures, { numRuns: 2_000, seed: 7 });
    const { rows } = await store.database.query<Gate>(
      `SELECT asked.1 AS user_days, asked.2 AS closed, asked.3 AS users,
        wilsonLower(closed, user_days) AS lower_bound, gateIsOpen(closed, user_days, users) AS is_open
      FROM (SELECT arrayJoin(arrayZip({user_days:Array(UInt32)}, {closed:Array(UInt32)}, {users:Array(UInt32)})) AS asked)`,
      {
        user_days: asked.map((each) => each.user_days),
        closed: asked.map((each) => each.closed),
        users: asked.map((each) => each.users),
      },
    );
    expect(rows).toHaveLength(2_000);
    expect(new Set(rows.map((row) => row.is_open))).toEqual(new Set([0, 1]));
    for (const row of rows) expect([row, whyShut(row) === undefined]).toEqual([row, row.is_open === 1]);
  });

  it('names everything that is too little', () => {
    expect(whyShut({ user_days: 3, closed: 3, users: 2, lower_bound: 0.75 })).toBe(
      'too few users (2 of 3), too few user-days (3 of 5), closure 0.75 of 0.8 needed',
    );
    expect(whyShut({ user_days: 50, closed: 25, users: 9, lower_bound: 0.7999 })).toBe(
      'closure 0.79 of 0.8 needed',
    );
    expect(whyShut({ user_days: 0, closed: 0, users: 0, lower_bound: 0 })).toBe(
      'too few users (0 of 3), too few user-days (0 of 5)',
    );
  });
});

it('every correlation has a rule that says where it can fire', async () => {
  const ids = (await loadCorrelations()).map(({ id }) => id);
  expect(ids.filter((id) => !(id in FIRING_RULES))).toEqual([]);
});
