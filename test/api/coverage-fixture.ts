import { expect } from 'vitest';
import type { TestStore } from '../schema/store-fixture.js';
import { CORRELATIONS, migratedStore, startTestApi, type TestApi } from './api-fixture.js';
import { COVERAGE_ROWS, LEARNED } from './coverage-rows.js';
import { insert } from './rows.js';

/** A store that holds COVERAGE_ROWS, asked over HTTP. */
export interface Covered {
  readonly store: TestStore;
  readonly api: TestApi;
  /** The fields of `coverage`; a question must not fail. */
  // biome-ignore lint/suspicious/noExplicitAny: an answer has the shape that its query asked for
  coverage(fields: string, args?: object): Promise<any>;
  close(): Promise<void>;
}

export async function covered(): Promise<Covered> {
  const store = await migratedStore();
  const [unvouched] = CORRELATIONS;
  const api = await startTestApi(store.database, {
    correlations: [...CORRELATIONS, { ...unvouched, id: 'evidence-gap' } as (typeof CORRELATIONS)[number]],
  });
  await insert(store.database, COVERAGE_ROWS);
  for (const [table, rows] of Object.entries(LEARNED)) await store.database.insertRows(table, rows);
  return {
    store,
    api,
    async coverage(fields, args = {}) {
      const answer = await api.query(
        `query ($since: DateTime, $until: DateTime, $filter: CoverageFilter) {
          coverage(since: $since, until: $until, filter: $filter) { ${fields} } }`,
        args,
      );
      expect(answer.errors).toBeUndefined();
      return answer.data.coverage;
    },
    async close() {
      await api.close();
      await store.close();
    },
  };
}
