import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

export { splitStatements } from './sql-tokens.js';

/** A .sql file of the schema folder, cut into its header and its SQL. */
export interface SqlFile {
  /** As asked for, relative to the schema folder. */
  readonly path: string;
  /** The YAML of the leading comment, parsed and not yet checked; undefined when there is none. */
  readonly header: unknown;
  readonly text: string;
}

/** A .sql file that is missing, or whose header is no YAML. */
export class SqlFileError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'SqlFileError';
  }
}

/**
 * The folder with the .sql files. A build puts only JavaScript into `dist/schema`, so from there the files of
 * the source folder are read.
 */
export const schemaFolder: string = [
  new URL('../', import.meta.url),
  new URL('../../../schema/', import.meta.url),
]
  .map((url) => fileURLToPath(url))
  .reduce((here, source) => (existsSync(join(here, 'migrations')) ? here : source));

const HEADER = /^\s*\/\*---\r?\n?([\s\S]*?)---\*\//;

/**
 * Cuts a text into the YAML of a leading `/*--- ... ---*\/` comment and the SQL after it.
 * @param path named in errors
 */
export function parseSqlFile(path: string, content: string): SqlFile {
  const found = HEADER.exec(content);
  if (!found) return { path, header: undefined, text: content.trim() };
  try {
    return { path, header: parse(found[1] ?? '') as unknown, text: content.slice(found[0].length).trim() };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SqlFileError(`The header of ${path} is not valid YAML: ${reason}`, cause);
  }
}

/**
 * Reads a .sql file.
 * @param path relative to the schema folder, such as `queries/findings.sql`
 */
export async function loadSqlFile(path: string): Promise<SqlFile> {
  let content: string;
  try {
    content = await readFile(join(schemaFolder, path), 'utf8');
  } catch (cause) {
    throw new SqlFileError(`The SQL file ${path} cannot be read in ${schemaFolder}.`, cause);
  }
  return parseSqlFile(path, content);
}
