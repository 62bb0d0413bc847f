import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RowTypeError, staleRowTypes } from '../../../schema/row-types/row-type-files.js';
import { installDefinitions } from '../../../schema/store/definitions.js';
import { migrate } from '../../../schema/store/migrate.js';
import { schemaFolder } from '../../../schema/store/sql-file.js';
import { type TestStore, testStore } from '../store-fixture.js';

describe('the row types', () => {
  let store: TestStore;
  const copy = mkdtempSync(join(tmpdir(), 'vouchtrail-row-types-'));
  beforeAll(async () => {
    store = await testStore();
    await migrate(store.database);
    await installDefinitions(store.database);
  });
  afterAll(async () => {
    rmSync(copy, { recursive: true });
    await store.close();
  });

  it('beside the .sql files are what those say; else: npm run row-types', async () => {
    const stale = await staleRowTypes(store.database, schemaFolder);
    expect(stale.map(({ path }) => path)).toEqual([]);
  });

  it('are stale after a .sql file was changed, added or removed, and up to date once they are written', async () => {
    for (const folder of ['queries', 'figures', 'reports']) {
      cpSync(join(schemaFolder, folder), join(copy, folder), { recursive: true });
    }
    const query = join(copy, 'queries/newest-event.sql');
    writeFileSync(query, `${await readFile(query, 'utf8')} AND source = {source:String}`);
    writeFileSync(join(copy, 'queries/z-new.sql'), '-- New.\nSELECT toUInt8(1) AS one\n-- The end.');
    rmSync(join(copy, 'reports/report-sessions.sql'));
    const stale = await staleRowTypes(store.database, copy);
    expect(stale.map(({ path }) => path)).toEqual([
      'queries/newest-event.sql.ts',
      'queries/z-new.sql.ts',
      'reports/report-sessions.sql.ts',
    ]);
    const [changed, added, removed] = stale;
    expect(changed?.text).toContain('  readonly source: string;\n');
    expect(added?.text).toBe(
      [
        '// Written by `npm run row-types` from z-new.sql: change that, and run it again.',
        "import { sqlQuery } from '../store/sql-query.js';\n",
        'export interface ZNewRow {\n  readonly one: number;\n}\n',
        "export const zNew = sqlQuery<Record<string, never>, ZNewRow>('queries/z-new.sql');\n",
      ].join('\n'),
    );
    expect(removed?.text).toBeUndefined();
    for (const { path, text } of stale) {
      if (text === undefined) rmSync(join(copy, path));
      else writeFileSync(join(copy, path), text);
    }
    expect(await staleRowTypes(store.database, copy)).toEqual([]);
  });

  it('are not written for a statement that is wrong: its file is named', async () => {
    writeFileSync(join(copy, 'queries/z-new.sql'), 'SELECT nobody FROM events');
    const error = await staleRowTypes(store.database, copy).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(RowTypeError);
    expect((error as Error).message).toMatch(/^queries\/z-new\.sql: .*nobody/s);
  });
});
