/**
 * Writes the TypeScript row types of the .sql files beside them, asking the embedded engine what each answers.
 *   --check  writes nothing; exits 1 with the names of stale files
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { RowTypeError, staleRowTypes } from '../row-types/row-type-files.js';
import { openDatabase } from '../store/database.js';
import { installDefinitions } from '../store/definitions.js';
import { startEmbeddedStore } from '../store/embedded/start.js';
import { migrate } from '../store/migrate.js';
import { schemaFolder } from '../store/sql-file.js';

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });

const dataDir = await mkdtemp(join(tmpdir(), 'vouchtrail-row-types-'));
const store = await startEmbeddedStore({ dataDir, temporary: true });
const database = openDatabase(store);
try {
  await migrate(database);
  await installDefinitions(database);
  const stale = await staleRowTypes(database, schemaFolder);
  const list = stale.map(({ path }) => `  - schema/${path}\n`).join('');
  if (stale.length === 0) process.stdout.write('The row types are up to date.\n');
  else if (values.check) {
    process.stderr.write(`Row types that are not what the .sql files say:\n${list}Run: npm run row-types\n`);
    process.exitCode = 1;
  } else {
    for (const { path, text } of stale) {
      const file = join(schemaFolder, path);
      await (text === undefined ? rm(file) : writeFile(file, text));
    }
    process.stdout.write(`Row types written:\n${list}`);
  }
} catch (error) {
  if (!(error instanceof RowTypeError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
} finally {
  await database.close();
  await store.stop();
}
