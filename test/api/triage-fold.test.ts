import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeGlobalId } from '../../api/global-id.js';
import type { TestStore } from '../schema/store-fixture.js';
import { migratedStore, startTestApi, type TestApi } from './api-fixture.js';
import { at, findingRow, insert, key } from './rows.js';

let store: TestStore;
let api: TestApi;

beforeAll(async () => {
  store = await migratedStore();
  api = await startTestApi(store.database);
});
afterAll(async () => {
  await api.close();
  await store.close();
});

interface Action {
  readonly kind: string;
  readonly resolution: string;
  readonly assignee: string | null;
  /** Of an undo: which of the actions before it, by place. */
  readonly undoes: number;
}

const RESOLUTIONS = ['true_positive', 'false_positive', 'benign'];
const assignee = fc.constantFrom(null, null, '', 'ann', 'bob');
const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('acknowledge', 'reopen', 'note'),
    resolution: fc.constant(''),
    assignee,
    undoes: fc.constant(0),
  }),
  fc.record({
    kind: fc.constant('resolve'),
    resolution: fc.constantFrom(...RESOLUTIONS),
    assignee,
    undoes: fc.constant(0),
  }),
  fc.record({
    kind: fc.constant('undo'),
    resolution: fc.constant(''),
    assignee: fc.constant(null),
    undoes: fc.nat(20),
  }),
);

interface Standing {
  readonly state: string;
  readonly resolution: string;
  readonly assignee: string;
}

/** Where a finding stands after actions none of which was undone. */
function fold(actions: readonly Action[]): Standing {
  let standing: Standing = { state: '', resolution: '', assignee: '' };
  for (const { kind, resolution, assignee } of actions) {
    if (kind === 'acknowledge') standing = { ...standing, state: 'acknowledged', resolution: '' };
    if (kind === 'resolve') standing = { ...standing, state: 'resolved', resolution };
    if (kind === 'reopen') standing = { ...standing, state: '', resolution: '' };
    if (assignee !== null) standing = { ...standing, assignee };
  }
  return standing;
}

/** The actions that are left when undos and what they undo are taken away. */
function remaining(actions: readonly Action[]): Action[] {
  const undone = new Set(
    actions.flatMap(({ kind, undoes }, nth) => (kind === 'undo' && nth > 0 ? [undoes % nth] : [])),
  );
  return actions.filter(({ kind }, nth) => kind !== 'undo' && !undone.has(nth));
}

/** Rows of actions, some of them in the same millisecond: then the id orders them. */
function rowsOf(finding: string, actions: readonly Action[]) {
  return actions.map(({ undoes, ...rest }, nth) => ({
    tenant: 'default',
    finding_id: finding,
    at: at(Math.floor(nth / 2)).slice(0, 23),
    id: `action ${String(nth).padStart(3, '0')}`,
    author: 'ann',
    ...rest,
    note: '',
    undoes: rest.kind === 'undo' && nth > 0 ? `action ${String(undoes % nth).padStart(3, '0')}` : '',
    seen_version: 0,
  }));
}

let made = 0;

describe('where a finding stands', () => {
  it('is what its actions make of it without those that were undone, in whichever order and however often they were stored', async () => {
    const many = fc.array(fc.array(action, { minLength: 1, maxLength: 12 }), {
      minLength: 20,
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(many, fc.boolean(), async (histories, backwards) => {
        const findings = histories.map(() => `folded ${++made}`);
        const rows = findings.flatMap((finding, nth) => rowsOf(finding, histories[nth] ?? []));
        await store.database.insertRows('triage_actions', backwards ? [...rows].reverse() : rows);
        if (backwards) await store.database.insertRows('triage_actions', rows);
        const { rows: stored } = await store.database.query<
          Standing & { finding_id: string; action_count: number }
        >(
          `SELECT finding_id, state, resolution, assignee, action_count FROM finding_triage
          WHERE tenant = 'default' AND finding_id IN {findings:Array(String)}`,
          { findings },
        );
        const byFinding = new Map(stored.map(({ finding_id, ...standing }) => [finding_id, standing]));
        for (const [nth, history] of histories.entries()) {
          expect(byFinding.get(findings[nth] as string)).toEqual({
            ...fold(remaining(history)),
            action_count: history.length,
          });
        }
      }),
      { numRuns: 12 },
    );
  });

  it('says since when a finding is resolved as it is, and of one that is not, never', async () => {
    const resolve = { kind: 'resolve', resolution: 'benign', assignee: null, undoes: 0 };
    const note = { kind: 'note', resolution: '', assignee: null, undoes: 0 };
    const histories = {
      resolved: [note, note, resolve, note, note],
      undone: [resolve, note, note, { ...note, kind: 'undo', undoes: 0 }],
      again: [resolve, note, { ...resolve, resolution: 'true_positive' }],
    };
    for (const [name, history] of Object.entries(histories)) {
      await store.database.insertRows('triage_actions', rowsOf(`since ${name}`, history));
    }
    const { rows } = await store.database.query(
      `SELECT finding_id, resolution, resolved_at, last_action_at FROM finding_triage
      WHERE finding_id LIKE 'since %' ORDER BY finding_id`,
    );
    const moment = (minutes: number) => at(minutes).slice(0, 23);
    expect(rows).toEqual([
      {
        finding_id: 'since again',
        resolution: 'true_positive',
        resolved_at: moment(1),
        last_action_at: moment(1),
      },
      {
        finding_id: 'since resolved',
        resolution: 'benign',
        resolved_at: moment(1),
        last_action_at: moment(2),
      },
      {
        finding_id: 'since undone',
        resolution: '',
        resolved_at: '1970-01-01 00:00:00.000',
        last_action_at: moment(1),
      },
    ]);
  });
});

const TRIAGE = `mutation ($input: TriageFindingsInput!) { triageFindings(input: $input) {
  ... on TriageFindingsPayload { results { ... on TriagedFinding { action { id } } } } } }`;
const UNDO = `mutation ($input: UndoTriageInput!) { undoTriage(input: $input) { __typename } }`;
const STANDING = `query ($id: ID!) { finding(id: $id) { state systemState resolution assignee notes { text } } }`;

const wish = fc.oneof(
  fc.constantFrom<object>({ state: 'ACKNOWLEDGED' }, { state: 'OPEN' }, { note: 'a note' }),
  fc.constantFrom(...RESOLUTIONS).map((resolution) => ({
    state: 'RESOLVED',
    resolution: resolution.toUpperCase(),
  })),
  fc.constantFrom('ann', 'bob', '').map((name) => ({ assignee: name })),
);

describe('an undo through the API', () => {
  it('brings back exactly what was there before the action, whatever had been done until then', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(wish, { maxLength: 5 }), wish, async (before, last) => {
        const name = `undone ${++made}`;
        await insert(store.database, { findings: [findingRow(name)] });
        const id = encodeGlobalId('Finding', key(name));
        const change = async (input: object): Promise<string | undefined> => {
          const { data } = await api.query(TRIAGE, { input: { ids: [id], ...input } });
          return data.triageFindings.results[0].action?.id;
        };
        for (const each of before) await change(each);
        const standing = (await api.query(STANDING, { id })).data.finding;
        const done = await change(last);
        // What makes no sense there is not done, and there is nothing to undo.
        if (done !== undefined) {
          const { data } = await api.query(UNDO, { input: { id: done } });
          expect(data.undoTriage.__typename).toBe('UndoTriagePayload');
        }
        expect((await api.query(STANDING, { id })).data.finding).toEqual(standing);
      }),
      { numRuns: 12 },
    );
  });
});
