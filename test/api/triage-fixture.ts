import { expect } from 'vitest';
import { encodeGlobalId } from '../../api/global-id.js';
import type { TestStore } from '../schema/store-fixture.js';
import { migratedStore, startTestApi, type TestApi } from './api-fixture.js';
import { findingRow, insert, key } from './rows.js';

export const TRIAGE = `mutation ($input: TriageFindingsInput!) { triageFindings(input: $input) {
  __typename
  ... on TriageFindingsPayload { changed results {
    __typename
    ... on TriagedFinding { finding { ...Standing } action { id kind author resolution assignee note } }
    ... on Error { message }
    ... on NotFoundError { id }
    ... on StaleVersionError { id expected actual }
    ... on InvalidTransitionError { id from }
  } }
  ... on InvalidInputError { argument message }
} }
fragment Standing on Finding { id state systemState version resolution assignee notes { author text } }`;

const UNDO = `mutation ($input: UndoTriageInput!) { undoTriage(input: $input) {
  __typename
  ... on UndoTriagePayload { finding { state systemState version resolution assignee notes { text } } action { kind undoes } }
  ... on Error { message }
  ... on StaleVersionError { expected actual }
  ... on InvalidInputError { argument }
} }`;

/** A store of its own, and its findings triaged over HTTP. */
export interface Triaging {
  readonly store: TestStore;
  readonly api: TestApi;
  /** A finding of its own for a test: its name, for further revisions, and its global id. */
  newFinding(fields?: object): Promise<{ name: string; id: string }>;
  /** The answer of a mutation that must not fail. */
  // biome-ignore lint/suspicious/noExplicitAny: an answer has the shape that its query asked for
  triage(input: object): Promise<any>;
  /** What became of the only finding of a mutation. */
  // biome-ignore lint/suspicious/noExplicitAny: likewise
  triageOne(id: string, input: object): Promise<any>;
  // biome-ignore lint/suspicious/noExplicitAny: likewise
  undo(id: string, version?: number): Promise<any>;
  // biome-ignore lint/suspicious/noExplicitAny: likewise
  read(id: string, fields: string): Promise<any>;
  close(): Promise<void>;
}

export async function triaging(): Promise<Triaging> {
  const store = await migratedStore();
  const api = await startTestApi(store.database);
  let made = 0;
  const answered = async (query: string, variables: object) => {
    const answer = await api.query(query, variables);
    expect(answer.errors).toBeUndefined();
    return answer.data;
  };
  const triage = async (input: object) => (await answered(TRIAGE, { input })).triageFindings;
  return {
    store,
    api,
    async newFinding(fields = {}) {
      const name = `finding ${++made}`;
      await insert(store.database, { findings: [findingRow(name, { ...fields })] });
      return { name, id: encodeGlobalId('Finding', key(name)) };
    },
    triage,
    async triageOne(id, input) {
      const { results } = await triage({ ids: [id], ...input });
      expect(results).toHaveLength(1);
      return results[0];
    },
    undo: async (id, version) => (await answered(UNDO, { input: { id, version } })).undoTriage,
    read: async (id, fields) =>
      (await answered(`query ($id: ID!) { finding(id: $id) { ${fields} } }`, { id })).finding,
    async close() {
      await api.close();
      await store.close();
    },
  };
}
