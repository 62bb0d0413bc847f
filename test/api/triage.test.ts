import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, findingRow, insert, key } from './rows.js';
import { type Triaging, triaging } from './triage-fixture.js';

let on: Triaging;
beforeAll(async () => {
  on = await triaging();
});
afterAll(() => on.close());

describe('a finding', () => {
  it('that nobody has triaged shows its own state and no triage', async () => {
    const { id } = await on.newFinding({ state: 'provisional' });
    const fields = 'state systemState version resolution assignee notes { text } actions { id }';
    expect(await on.read(id, fields)).toEqual({
      state: 'PROVISIONAL',
      systemState: 'PROVISIONAL',
      version: 1,
      resolution: null,
      assignee: null,
      notes: [],
      actions: [],
    });
  });

  it('goes from acknowledged over resolved to open again, each in one action', async () => {
    const { id } = await on.newFinding();
    expect(
      await on.triageOne(id, { state: 'ACKNOWLEDGED', assignee: 'ann', note: ' looking ' }),
    ).toMatchObject({
      __typename: 'TriagedFinding',
      finding: {
        state: 'ACKNOWLEDGED',
        systemState: 'OPEN',
        version: 2,
        assignee: 'ann',
        notes: [{ author: 'local', text: 'looking' }],
      },
      action: { kind: 'ACKNOWLEDGE', author: 'local', assignee: 'ann', note: 'looking', resolution: null },
    });
    expect(await on.triageOne(id, { state: 'RESOLVED', resolution: 'BENIGN' })).toMatchObject({
      finding: { state: 'RESOLVED', resolution: 'BENIGN', assignee: 'ann', version: 3 },
      action: { kind: 'RESOLVE', resolution: 'BENIGN', assignee: null, note: null },
    });
    expect(await on.triageOne(id, { state: 'OPEN' })).toMatchObject({
      finding: { state: 'OPEN', resolution: null, assignee: 'ann', version: 4 },
      action: { kind: 'REOPEN' },
    });
    expect(await on.triageOne(id, { assignee: '' })).toMatchObject({
      finding: { state: 'OPEN', assignee: null, version: 5 },
      action: { kind: 'ASSIGN', assignee: '' },
    });
    const { actions } = await on.read(id, 'actions { kind undone at }');
    expect(actions.map((action: { kind: string }) => action.kind)).toEqual([
      'ACKNOWLEDGE',
      'RESOLVE',
      'REOPEN',
      'ASSIGN',
    ]);
    const times = actions.map((action: { at: string }) => action.at);
    expect(new Set(times).size).toBe(4);
    expect([...times].sort()).toEqual(times);
  });

  it('keeps what an analyst decided when evidence arrives late, and gets a note of it', async () => {
    const { name, id } = await on.newFinding({ session_key: key('s') });
    await on.triageOne(id, { state: 'RESOLVED', resolution: 'TRUE_POSITIVE', note: 'stolen cookie' });
    await insert(on.store.database, {
      findings: [
        findingRow(name, {
          session_key: key('s'),
          cursor: at(9).slice(0, 23),
          revised_at: '2100-01-01 00:00:00.000',
          content_hash: 7,
          revision: 2,
          state: 'withdrawn',
          withdrawn_because: 'evidence',
          evidence_event_id: key('sign-in'),
        }),
      ],
    });
    expect(
      await on.read(id, 'state systemState version resolution withdrawnBecause notes { id author text }'),
    ).toMatchObject({
      state: 'RESOLVED',
      systemState: 'WITHDRAWN',
      version: 3,
      resolution: 'TRUE_POSITIVE',
      withdrawnBecause: 'EVIDENCE',
      notes: [
        { author: 'local', text: 'stolen cookie', id: expect.any(String) },
        { author: 'vouchtrail', text: expect.stringContaining('Evidence'), id: null },
      ],
    });
  });

  it('is found by the id that reports show, too', async () => {
    const { id } = await on.newFinding();
    const raw = Buffer.from(id, 'base64url').toString().split(':')[1] as string;
    expect(await on.triageOne(raw, { assignee: 'bob' })).toMatchObject({ finding: { id, assignee: 'bob' } });
  });
});

describe('what makes no sense is told and not done', () => {
  it.each<[string, object, object | undefined, object, string]>([
    ['acknowledge twice', {}, { state: 'ACKNOWLEDGED' }, { state: 'ACKNOWLEDGED' }, 'ACKNOWLEDGED'],
    [
      'acknowledge what is resolved',
      {},
      { state: 'RESOLVED', resolution: 'BENIGN' },
      { state: 'ACKNOWLEDGED' },
      'RESOLVED',
    ],
    [
      'acknowledge what is withdrawn',
      { state: 'withdrawn' },
      undefined,
      { state: 'ACKNOWLEDGED' },
      'WITHDRAWN',
    ],
    [
      'resolve twice as the same',
      {},
      { state: 'RESOLVED', resolution: 'BENIGN' },
      { state: 'RESOLVED', resolution: 'BENIGN', note: 'again' },
      'RESOLVED',
    ],
    ['open what was not triaged', {}, undefined, { state: 'OPEN' }, 'OPEN'],
    ['open what is withdrawn', { state: 'withdrawn' }, undefined, { state: 'OPEN' }, 'WITHDRAWN'],
  ])('%s', async (_what, fields, before, input, from) => {
    const { id } = await on.newFinding(fields);
    if (before) await on.triageOne(id, before);
    const standing = await on.read(id, 'version state notes { text }');
    expect(await on.triageOne(id, input)).toEqual({
      __typename: 'InvalidTransitionError',
      id,
      from,
      message: expect.stringMatching(/^The finding is [A-Z]+/),
    });
    expect(await on.read(id, 'version state notes { text }')).toEqual(standing);
  });

  it('but a resolution may be corrected, and a withdrawn finding resolved by whoever disagrees', async () => {
    const { id } = await on.newFinding({ state: 'withdrawn' });
    await on.triageOne(id, { state: 'RESOLVED', resolution: 'BENIGN' });
    expect(await on.triageOne(id, { state: 'RESOLVED', resolution: 'TRUE_POSITIVE' })).toMatchObject({
      finding: { state: 'RESOLVED', resolution: 'TRUE_POSITIVE', systemState: 'WITHDRAWN' },
    });
  });
});

describe('a version', () => {
  it('that is older than what is there is stale, and nothing is done', async () => {
    const { id } = await on.newFinding();
    expect(await on.triageOne(id, { versions: [1], assignee: 'ann' })).toMatchObject({
      finding: { version: 2 },
    });
    expect(await on.triageOne(id, { versions: [1], assignee: 'bob' })).toEqual({
      __typename: 'StaleVersionError',
      id,
      expected: 1,
      actual: 2,
      message: expect.stringContaining('version 2, not 1'),
    });
    expect(await on.read(id, 'assignee version')).toEqual({ assignee: 'ann', version: 2 });
    expect(await on.undo(id, 1)).toMatchObject({ __typename: 'StaleVersionError', expected: 1, actual: 2 });
    expect(await on.undo(id, 2)).toMatchObject({ finding: { assignee: null, version: 3 } });
  });

  it('counts what the program found out meanwhile', async () => {
    const { name, id } = await on.newFinding();
    await insert(on.store.database, {
      findings: [findingRow(name, { cursor: at(9).slice(0, 23), content_hash: 9, revision: 2 })],
    });
    expect(await on.triageOne(id, { versions: [1], state: 'ACKNOWLEDGED' })).toMatchObject({
      __typename: 'StaleVersionError',
      actual: 2,
    });
  });

  it('that several have seen is acted on by the first alone', async () => {
    const { id } = await on.newFinding();
    const names = [...Array(8).keys()].map((nth) => `analyst ${nth}`);
    const outcomes = await Promise.all(
      names.map((assignee) => on.triageOne(id, { versions: [1], state: 'ACKNOWLEDGED', assignee })),
    );
    const done = outcomes.filter((outcome) => outcome.__typename === 'TriagedFinding');
    expect(done).toHaveLength(1);
    const standing = await on.read(id, 'assignee version actions { id }');
    expect(standing).toMatchObject({ assignee: done[0].action.assignee, version: 2 });
    expect(standing.actions).toHaveLength(1);
  });
});

it('two changes in one request see each other, and so does what is asked after them', async () => {
  const { id } = await on.newFinding({ user_key: 'serial' });
  const answer = await on.api.query(
    `mutation ($id: ID!) {
      first: triageFindings(input: { ids: [$id], state: ACKNOWLEDGED }) { ...A }
      second: triageFindings(input: { ids: [$id], state: RESOLVED, resolution: BENIGN }) { ...A }
      third: undoTriage(input: { id: $id }) { ... on UndoTriagePayload { finding { state version } } }
    }
    fragment A on TriageFindingsPayload { results { ... on TriagedFinding { finding {
      state version user { findings(filter: { states: [ACKNOWLEDGED] }) { totalCount } } } } } }`,
    { id },
  );
  expect(answer.errors).toBeUndefined();
  const { first, second, third } = answer.data;
  expect(first.results[0].finding).toEqual({
    state: 'ACKNOWLEDGED',
    version: 2,
    user: { findings: { totalCount: 1 } },
  });
  expect(second.results[0].finding).toEqual({
    state: 'RESOLVED',
    version: 3,
    user: { findings: { totalCount: 0 } },
  });
  expect(third.finding).toEqual({ state: 'ACKNOWLEDGED', version: 4 });
});

it('a link cannot change anything: mutations are posted', async () => {
  const { id } = await on.newFinding();
  const query = `mutation { addNote(input: { id: "${id}", note: "x" }) { __typename } }`;
  const response = await fetch(`${on.api.url}/graphql?query=${encodeURIComponent(query)}`);
  expect(response.status).toBe(405);
  expect(await on.read(id, 'version')).toEqual({ version: 1 });
});
