import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeGlobalId } from '../../api/global-id.js';
import { findingRow, insert, key } from './rows.js';
import { TRIAGE, type Triaging, triaging } from './triage-fixture.js';

let on: Triaging;
beforeAll(async () => {
  on = await triaging();
});
afterAll(() => on.close());

async function newIds(...fields: object[]): Promise<string[]> {
  const findings = await Promise.all(fields.map((each) => on.newFinding(each)));
  return findings.map(({ id }) => id);
}

describe('several findings at once', () => {
  it('are changed each by itself, in the order that they were named', async () => {
    const [open, stale, withdrawn] = await newIds({}, {}, { state: 'withdrawn' });
    const { id: resolved } = await on.newFinding();
    await insert(on.store.database, { findings: [findingRow('of others', { tenant: 'other' })] });
    const others = encodeGlobalId('Finding', key('of others'));
    const session = encodeGlobalId('Session', key('s'));
    await on.triageOne(resolved, { state: 'RESOLVED', resolution: 'BENIGN' });
    const ids = [resolved, open, 'nothing', stale, others, withdrawn, session];
    const { changed, results } = await on.triage({
      ids,
      versions: [2, 1, 1, 7, 1, 1, 1],
      state: 'ACKNOWLEDGED',
      assignee: 'ann',
    });
    expect(changed).toBe(1);
    expect(results.map((result: { __typename: string }) => result.__typename)).toEqual([
      'InvalidTransitionError',
      'TriagedFinding',
      'NotFoundError',
      'StaleVersionError',
      'NotFoundError',
      'InvalidTransitionError',
      'NotFoundError',
    ]);
    expect(results[1].finding).toMatchObject({ id: open, assignee: 'ann' });
    for (const nth of [0, 2, 3, 4, 5, 6]) expect(results[nth].id).toBe(ids[nth]);
    const { rows } = await on.store.database.query<{ tenants: string[] }>(
      'SELECT groupUniqArray(tenant) AS tenants FROM triage_actions',
    );
    expect(rows[0]?.tenants).toEqual(['default']);
  });

  it('may be a hundred, for as many statements as one', async () => {
    const ids = await newIds(...Array<object>(100).fill({}));
    const cost = async (input: object) => {
      on.api.statements.length = 0;
      const { changed } = await on.triage(input);
      return { changed, statements: on.api.statements.length };
    };
    const one = await cost({ ids: ids.slice(0, 1), note: 'one' });
    const hundred = await cost({ ids, note: 'all' });
    expect(hundred.changed).toBe(100);
    expect(hundred.statements).toBe(one.statements);
    expect(hundred.statements).toBeLessThanOrEqual(3);
  });

  it.each<[string, object, string]>([
    ['no id', { ids: [], note: 'x' }, 'ids'],
    ['more than a hundred', { ids: [...Array(101).keys()].map((nth) => `${nth}`), note: 'x' }, 'ids'],
    ['an id twice', { ids: ['a', 'b', 'a'], note: 'x' }, 'ids'],
    [
      'an id twice, in both of its forms',
      { ids: [key('a'), encodeGlobalId('Finding', key('a'))], note: 'x' },
      'ids',
    ],
    ['versions of others', { ids: ['a'], versions: [1, 2], note: 'x' }, 'versions'],
    ['nothing to do', { ids: ['a'] }, 'state'],
    ['RESOLVED without a resolution', { ids: ['a'], state: 'RESOLVED' }, 'resolution'],
    ['a resolution without RESOLVED', { ids: ['a'], resolution: 'BENIGN' }, 'resolution'],
    ['an empty note', { ids: ['a'], note: ' \n' }, 'note'],
    ['an endless note', { ids: ['a'], note: 'x'.repeat(10_001) }, 'note'],
    ['an endless name', { ids: ['a'], assignee: 'x'.repeat(257) }, 'assignee'],
  ])('are not touched by an input with %s', async (_what, input, argument) => {
    on.api.statements.length = 0;
    expect(await on.triage(input)).toEqual({
      __typename: 'InvalidInputError',
      argument,
      message: expect.any(String),
    });
    expect(on.api.statements).toEqual([]);
  });

  it('with all that belongs to them may not be more than one answer holds', async () => {
    const query = TRIAGE.replace(
      '...Standing',
      'related { session { findings(first: 100) { nodes { id } } } }',
    );
    const answer = await on.api.query(query.slice(0, query.indexOf('fragment')), {
      input: { ids: ['a'], note: 'x' },
    });
    expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'QUERY_TOO_LARGE' });
  });
});
