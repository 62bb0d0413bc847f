/**
 * Prints the GraphQL schema to `schema/schema.graphql`, sorted.
 *   --check           writes nothing; exits 1 with the difference where the file is stale
 *   --allow-breaking  writes although clients of the schema in the file may fail with the new one
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { printSchema } from 'graphql';
import { schemaFolder } from '../../schema/store/sql-file.js';
import { schema } from '../schema.js';
import { schemaChanges } from '../schema-changes.js';

const file = join(schemaFolder, 'schema.graphql');
const { values } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    'allow-breaking': { type: 'boolean', default: false },
  },
});

const list = (changes: readonly string[]) => changes.map((change) => `  - ${change}\n`).join('');

const printed = `${printSchema(schema)}\n`;
const written = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
  if (error.code === 'ENOENT') return undefined;
  throw error;
});

if (written === printed) {
  process.stdout.write('schema/schema.graphql is up to date.\n');
} else {
  const { breaking, others } =
    written === undefined ? { breaking: [], others: [] } : await schemaChanges(written, printed);
  const told = [
    breaking.length > 0 ? `Breaking changes:\n${list(breaking)}` : '',
    others.length > 0 ? `Other changes:\n${list(others)}` : '',
  ].join('');
  if (values.check) {
    process.stderr.write(
      `schema/schema.graphql is not what the code says.\n${told}Run: node --import tsx api/commands/print-schema.ts\n`,
    );
    process.exitCode = 1;
  } else if (breaking.length > 0 && !values['allow-breaking']) {
    process.stderr.write(`Not written: clients would break.\n${told}If that is meant: --allow-breaking\n`);
    process.exitCode = 1;
  } else {
    await writeFile(file, printed);
    process.stdout.write(`schema/schema.graphql written.\n${told}`);
  }
}
