import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findingRow, insert, key } from './rows.js';
import { type Triaging, triaging } from './triage-fixture.js';

let on: Triaging;

/** Findings by what was done about them; `withdrawn` and `provisional` ones are so by the program. */
const DONE: Readonly<Record<string, readonly object[]>> = {
  open: [],
  'open of ann': [{ assignee: 'ann' }],
  'open again': [
    { state: 'RESOLVED', resolution: 'BENIGN', assignee: 'bob' },
    { state: 'OPEN', assignee: '' },
  ],
  acknowledged: [{ state: 'ACKNOWLEDGED', assignee: 'bob' }],
  resolved: [{ state: 'RESOLVED', resolution: 'TRUE_POSITIVE' }],
  provisional: [],
  withdrawn: [],
  'withdrawn, resolved': [{ state: 'RESOLVED', resolution: 'FALSE_POSITIVE', assignee: 'ann' }],
  noted: [{ note: 'nothing is decided' }],
};

beforeAll(async () => {
  on = await triaging();
  for (const [name, done] of Object.entries(DONE)) {
    const state = /^(withdrawn|provisional)/.exec(name)?.[1] ?? 'open';
    await insert(on.store.database, {
      findings: [findingRow(name, { state, title: name, user_key: 'u', session_key: key('s') })],
    });
    for (const input of done) {
      const { results } = await on.triage({ ids: [key(name)], ...input });
      expect(results[0].__typename).toBe('TriagedFinding');
    }
  }
  // Another tenant's decision about a finding of the same id is not ours.
  await on.store.database.insertRows('triage_actions', [
    { tenant: 'other', finding_id: key('open'), at: '2026-03-01 00:00:00.000', id: 'x', kind: 'acknowledge' },
  ]);
});
afterAll(() => on.close());

const LIST = `query ($filter: FindingFilter, $first: Int, $after: String) {
  findings(filter: $filter, first: $first, after: $after) {
    totalCount nodes { title state } pageInfo { hasNextPage endCursor }
  }
}`;

async function listed(filter: object, page: object = {}) {
  const answer = await on.api.query(LIST, { filter, ...page });
  expect(answer.errors).toBeUndefined();
  return answer.data.findings;
}

const titles = (list: { nodes: { title: string }[] }) => list.nodes.map((node) => node.title).sort();

describe('findings are narrowed by', () => {
  it.each<[string, object, string[]]>([
    ['the state that shows', { states: ['OPEN'] }, ['noted', 'open', 'open again', 'open of ann']],
    ['one that triage gave', { states: ['ACKNOWLEDGED'] }, ['acknowledged']],
    ['the other', { states: ['RESOLVED'] }, ['resolved', 'withdrawn, resolved']],
    ['one that is withdrawn and nothing else', { states: ['WITHDRAWN'] }, ['withdrawn']],
    [
      'states of both kinds',
      { states: ['PROVISIONAL', 'WITHDRAWN', 'RESOLVED'] },
      ['provisional', 'resolved', 'withdrawn', 'withdrawn, resolved'],
    ],
    [
      'all states',
      { states: ['OPEN', 'PROVISIONAL', 'WITHDRAWN', 'ACKNOWLEDGED', 'RESOLVED'] },
      Object.keys(DONE),
    ],
    ['who has them', { assignees: ['ann'] }, ['open of ann', 'withdrawn, resolved']],
    [
      'several who may',
      { assignees: ['ann', 'bob'] },
      ['acknowledged', 'open of ann', 'withdrawn, resolved'],
    ],
    ['nobody', { assignees: [''] }, ['noted', 'open', 'open again', 'provisional', 'resolved', 'withdrawn']],
    [
      'nobody or one',
      { assignees: ['', 'bob'], states: ['OPEN', 'ACKNOWLEDGED'] },
      ['acknowledged', 'noted', 'open', 'open again'],
    ],
    ['somebody without any', { assignees: ['zoe'] }, []],
    ['state and assignee', { states: ['RESOLVED'], assignees: ['ann'] }, ['withdrawn, resolved']],
  ])('%s', async (_what, filter, expected) => {
    const list = await listed(filter);
    expect(titles(list)).toEqual([...expected].sort());
    expect(list.totalCount).toBe(expected.length);
  });

  it('the state, page by page, as they are in one', async () => {
    const whole = await listed({ states: ['OPEN', 'RESOLVED'] });
    const seen: string[] = [];
    for (let after: string | undefined; ; ) {
      const page = await listed({ states: ['OPEN', 'RESOLVED'] }, { first: 2, after });
      seen.push(...page.nodes.map((node: { title: string }) => node.title));
      if (!page.pageInfo.hasNextPage) break;
      after = page.pageInfo.endCursor;
    }
    expect(seen).toEqual(whole.nodes.map((node: { title: string }) => node.title));
  });

  it('the state under their user and their session', async () => {
    const answer = await on.api.query(`{ finding(id: "${key('open')}") {
      user { findings(filter: { states: [RESOLVED] }) { totalCount nodes { title } } } } }`);
    expect(answer.data.finding.user.findings.totalCount).toBe(2);
  });
});
