import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from './database.js';
import { loadSqlFile, schemaFolder, splitStatements } from './sql-file.js';

/**
 * Puts the functions and views of judging and the report views into the store, each replaced by the one of this program.
 * Unlike migrations they hold no data, so the newest program's text counts. Call after `migrate`.
 */
export async function installDefinitions(database: Database): Promise<void> {
  const reports = (await readdir(join(schemaFolder, 'reports')))
    .filter((name) => name.endsWith('.sql'))
    .sort();
  for (const file of [
    'judging/functions.sql',
    'judging/quarantine.sql',
    ...reports.map((name) => `reports/${name}`),
  ]) {
    const { text } = await loadSqlFile(file);
    for (const statement of splitStatements(text)) await database.command(statement);
  }
}
