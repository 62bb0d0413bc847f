import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from './database.js';
import { schemaFolder, splitStatements } from './sql-file.js';

/** A migration as it lies in its folder. */
export interface MigrationFile {
  readonly version: number;
  readonly name: string;
  /** SHA-256 of the file's text, hexadecimal. */
  readonly checksum: string;
  readonly statements: readonly string[];
}

/** A migration that a store has. */
export interface AppliedMigration {
  readonly version: number;
  readonly name: string;
  readonly checksum: string;
}

export interface MigrateOptions {
  /** Where the `NNNN-name.sql` files are. Default: `migrations` in the schema folder. */
  readonly folder?: string;
}

/** The store and the migrations do not fit together; nothing was changed by the check. */
export class MigrationError extends Error {
  constructor(message: string) {
    super(message);
    this.name = new.target.name;
  }
}

/** A file was changed after the store had applied it. */
export class MigrationChangedError extends MigrationError {}

/** A number is missing or used twice, or a file's name is not `NNNN-name.sql`. */
export class MigrationGapError extends MigrationError {}

/** The store was written by a newer program. */
export class StoreNewerError extends MigrationError {}

const TABLE = `
CREATE TABLE IF NOT EXISTS schema_migrations (
  version UInt32,
  name String,
  checksum String,
  applied_at DateTime64(3, 'UTC')
) ENGINE = ReplacingMergeTree(applied_at) ORDER BY version`;

/**
 * Reads the migrations of a folder in order. Throws MigrationGapError unless they are numbered 1, 2, 3, ...
 */
async function readMigrations(folder: string): Promise<MigrationFile[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (fileName, index) => {
      const parts = /^(\d{4})-([a-z0-9]+(?:-[a-z0-9]+)*)\.sql$/.exec(fileName);
      if (!parts || Number(parts[1]) !== index + 1) {
        const expected = String(index + 1).padStart(4, '0');
        throw new MigrationGapError(
          `${join(folder, fileName)} is out of line: the next migration must be called ${expected}-some-name.sql. Numbers start at 0001, without gaps or repetitions.`,
        );
      }
      const text = await readFile(join(folder, fileName), 'utf8');
      return {
        version: index + 1,
        name: parts[2] as string,
        checksum: createHash('sha256').update(text).digest('hex'),
        statements: splitStatements(text),
      };
    }),
  );
}

async function appliedMigrations(database: Database): Promise<AppliedMigration[]> {
  const known = await database.query<{ count: number }>(
    "SELECT count() AS count FROM system.tables WHERE database = currentDatabase() AND name = 'schema_migrations'",
  );
  if (known.rows[0]?.count === 0) return [];
  const { rows } = await database.query<AppliedMigration>(
    'SELECT version, argMax(name, applied_at) AS name, argMax(checksum, applied_at) AS checksum FROM schema_migrations GROUP BY version ORDER BY version',
  );
  return rows;
}

function pending(
  database: Database,
  files: readonly MigrationFile[],
  applied: readonly AppliedMigration[],
): MigrationFile[] {
  const newest = applied.at(-1);
  if (newest && newest.version > files.length) {
    throw new StoreNewerError(
      `The database ${database.name} has migration ${newest.version} (${newest.name}); this program knows only ${files.length}. Run the newer program, or restore a backup from before the upgrade.`,
    );
  }
  for (const [index, { version, name, checksum }] of applied.entries()) {
    if (version !== index + 1) {
      throw new MigrationGapError(
        `The database ${database.name} has migration ${version} (${name}) but not ${index + 1}. Restore it from a backup.`,
      );
    }
    const file = files[index] as MigrationFile;
    if (file.checksum !== checksum) {
      throw new MigrationChangedError(
        `Migration ${version} (${file.name}) was changed after the database ${database.name} had applied it. Put the file back and write the change as a new migration.`,
      );
    }
  }
  return files.slice(applied.length);
}

/** The migrations that the store lacks. Changes nothing; throws a MigrationError when store and files disagree. */
export async function pendingMigrations(
  database: Database,
  options: MigrateOptions = {},
): Promise<MigrationFile[]> {
  const files = await readMigrations(options.folder ?? join(schemaFolder, 'migrations'));
  return pending(database, files, await appliedMigrations(database));
}

/**
 * Brings the store up to date, forward only. Each migration is recorded after its last statement; one that
 * broke off runs again from its start, so its statements must bear that (IF NOT EXISTS, OR REPLACE). Two
 * programs that migrate at once do each other no harm for the same reason.
 * @returns what was applied now, in order
 */
export async function migrate(database: Database, options: MigrateOptions = {}): Promise<AppliedMigration[]> {
  const todo = await pendingMigrations(database, options);
  if (todo.length === 0) return [];
  await database.command(TABLE);
  const done: AppliedMigration[] = [];
  for (const { version, name, checksum, statements } of todo) {
    // Another program may be at it as well; what it has done by now need not be done over.
    if ((await appliedMigrations(database)).some((applied) => applied.version === version)) continue;
    for (const statement of statements) await database.command(statement);
    await database.insertRows('schema_migrations', [
      { version, name, checksum, applied_at: new Date().toISOString().replace('T', ' ').replace('Z', '') },
    ]);
    done.push({ version, name, checksum });
  }
  return done;
}
