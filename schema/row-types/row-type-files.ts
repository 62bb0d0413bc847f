import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '../store/database.js';
import { parseSqlFile } from '../store/sql-file.js';
import { describeStatement } from './described-statement.js';
import { interfaceText } from './typescript.js';

/** Folders of the schema whose statements are read by TypeScript, or are a promise to others. */
const FOLDERS = ['queries', 'figures', 'reports'] as const;
const LINE_WIDTH = 110;

/** A .sql file for which no row types can be written, and why. */
export class RowTypeError extends Error {
  override readonly name = 'RowTypeError';

  constructor(file: string, cause: unknown) {
    super(`${file}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** A file of row types that is not what the .sql files say. */
export interface StaleFile {
  /** Relative to the schema folder. */
  readonly path: string;
  /** What it has to hold; undefined if its .sql file is gone. */
  readonly text: string | undefined;
}

/**
 * The files of row types that are missing, differ from what the .sql files say, or have none any more.
 *
 * @param database with all tables and definitions of this program
 * @param folder the schema folder
 * @throws RowTypeError naming the .sql file
 */
export async function staleRowTypes(database: Database, folder: string): Promise<StaleFile[]> {
  const stale: StaleFile[] = [];
  for (const name of FOLDERS) {
    const files = (await readdir(join(folder, name))).sort();
    const wanted = new Map<string, string>();
    for (const file of files.filter((one) => one.endsWith('.sql'))) {
      const text = await rowTypesOf(database, folder, `${name}/${file}`);
      if (text !== undefined) wanted.set(`${file}.ts`, text);
    }
    for (const file of new Set([...wanted.keys(), ...files.filter((one) => one.endsWith('.sql.ts'))])) {
      const path = `${name}/${file}`;
      const text = wanted.get(file);
      const written = files.includes(file) ? await readFile(join(folder, path), 'utf8') : undefined;
      if (written !== text) stale.push({ path, text });
    }
  }
  return stale;
}

/** The TypeScript that belongs beside a .sql file; undefined if its statement answers no rows. */
async function rowTypesOf(database: Database, folder: string, path: string): Promise<string | undefined> {
  const { text } = parseSqlFile(path, await readFile(join(folder, path), 'utf8'));
  const file = path.slice(path.indexOf('/') + 1);
  try {
    const described = await describeStatement(database, text);
    if (described === undefined) return undefined;
    const { params, columns, view } = described;
    const type = pascalCase(file.replace(/\.sql$/, ''));
    const row = interfaceText(`${type}Row`, columns);
    const head = `// Written by \`npm run row-types\` from ${file}: change that, and run it again.\n`;
    if (view !== undefined) return `${head}\n${row}`;
    const taken = params.length > 0 ? `${interfaceText(`${type}Params`, params)}\n` : '';
    const typeArguments = `${params.length > 0 ? `${type}Params` : 'Record<string, never>'}, ${type}Row`;
    const value = valueText(camelCase(type), typeArguments, path);
    return `${head}import { sqlQuery } from '../store/sql-query.js';\n\n${taken}${row}\n${value}`;
  } catch (error) {
    throw new RowTypeError(path, error);
  }
}

function valueText(name: string, typeArguments: string, path: string): string {
  const start = `export const ${name} = sqlQuery<${typeArguments}>(`;
  const line = `${start}'${path}');`;
  return line.length <= LINE_WIDTH ? `${line}\n` : `${start}\n  '${path}',\n);\n`;
}

function pascalCase(name: string): string {
  return name.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function camelCase(name: string): string {
  return `${name[0]?.toLowerCase()}${name.slice(1)}`;
}
