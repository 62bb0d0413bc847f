import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allStoreQueries } from '../../api/reading/all-queries.js';
import { schemaFolder } from '../../schema/store/sql-file.js';
import type { TestStore } from '../schema/store-fixture.js';
import { migratedStore } from './api-fixture.js';

const EXAMPLES: Readonly<Record<string, unknown>> = {
  String: 'x',
  UInt8: 1,
  UInt32: 1,
  Date: '2026-01-01',
  "DateTime('UTC')": '2026-01-01 00:00:00',
  "DateTime64(3, 'UTC')": '2026-01-01 00:00:00.000',
  'Array(String)': ['x'],
  "DateTime64(9, 'UTC')": '2026-01-01 00:00:00.000000000',
  "Array(DateTime64(9, 'UTC'))": ['2026-01-01 00:00:00.000000000'],
  "Array(DateTime('UTC'))": ['2026-01-01 00:00:00'],
  'Array(Date)': ['2026-01-01'],
};

/** Placeholders of a text, by name. */
function placeholders(text: string): Record<string, string> {
  const found = text.matchAll(/\{(\w+):((?:[^{}'()]|'[^']*'|\((?:[^()]|\([^()]*\))*\))+)\}/g);
  return Object.fromEntries([...found].map(([, name, type]) => [name as string, type as string]));
}

describe('the statements of schema/queries', () => {
  let store: TestStore;
  beforeAll(async () => {
    store = await migratedStore();
  });
  afterAll(() => store.close());

  it('are all declared by the API, each once', async () => {
    const files = (await readdir(join(schemaFolder, 'queries')))
      .filter((name) => name.endsWith('.sql'))
      .sort();
    expect(
      allStoreQueries()
        .map((query) => query.file)
        .sort(),
    ).toEqual(files);
  });

  it.each(allStoreQueries().map((query) => [query.file, query] as const))(
    '%s takes the parameters and answers the columns that the API declares, within its tenant',
    async (file, query) => {
      const text = await readFile(join(schemaFolder, 'queries', file), 'utf8');
      const { tenant, ...declared } = placeholders(text);
      expect(declared).toEqual(query.params);
      expect(tenant).toBe(file.startsWith('correlation-runs') ? undefined : 'String');
      const params = Object.fromEntries(
        Object.entries(declared).map(([name, type]) => [name, EXAMPLES[type]]),
      );
      const { rows } = await store.database.query<{ name: string; type: string }>(
        `DESCRIBE TABLE (${text}\n)`,
        {
          ...params,
          ...(tenant ? { tenant: 'default' } : {}),
        },
      );
      expect(Object.fromEntries(rows.map((row) => [row.name, row.type]))).toEqual(query.columns);
      await store.database.query(text, { ...params, ...(tenant ? { tenant: 'default' } : {}) });
    },
  );
});
