import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EVENT_COLUMNS } from '../../schema/event.js';
import { exampleOf, parametersOf } from '../../schema/row-types/described-statement.js';
import { loadSqlFile, schemaFolder } from '../../schema/store/sql-file.js';
import type { TestStore } from '../schema/store-fixture.js';
import { migratedStore } from './api-fixture.js';

async function statement(file: string) {
  const { text } = await loadSqlFile(`queries/${file}`);
  const parameters = parametersOf(text);
  const values = Object.fromEntries(parameters.map(({ name, type }) => [name, exampleOf(type)]));
  return { text, parameters, values };
}

const files = readdirSync(join(schemaFolder, 'queries')).filter((name) => name.endsWith('.sql'));

describe('the statements of schema/queries', () => {
  let store: TestStore;
  beforeAll(async () => {
    store = await migratedStore();
  });
  afterAll(() => store.close());

  it.each(files)('%s runs, within its tenant', async (file) => {
    const { text, parameters, values } = await statement(file);
    const tenant = parameters.find(({ name }) => name === 'tenant');
    // Runs of correlations are the program's, not a tenant's.
    expect(tenant?.type.kind).toBe(file.startsWith('correlation-runs') ? undefined : 'text');
    await store.database.query(text, values);
  });

  it.each(['events-by-key.sql', 'event-records.sql'])(
    '%s reads of an event what the one list of columns has, in the same types',
    async (file) => {
      const { text, values } = await statement(file);
      const { rows } = await store.database.query<{ name: string; type: string }>(
        `DESCRIBE TABLE (${text})`,
        values,
      );
      const columns = new Map<string, string>(EVENT_COLUMNS.map(({ name, type }) => [name, type]));
      expect(rows.length).toBeGreaterThan(0);
      for (const { name, type } of rows) expect([name, type]).toEqual([name, columns.get(name)]);
    },
  );
});
