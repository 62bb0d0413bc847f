import type { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { createDatabase, type DatabaseOptions, openDatabase } from '../store/database.js';
import { installDefinitions } from '../store/definitions.js';
import { EmbeddedStoreError } from '../store/embedded/errors.js';
import { startEmbeddedStore } from '../store/embedded/start.js';
import { StoreError } from '../store/errors.js';
import { MigrationError, migrate, pendingMigrations } from '../store/migrate.js';
import { applyRetention, type Retention } from '../store/retention.js';
import { assertSupportedServer, UnsupportedServerError } from '../store/server-version.js';

/** Whose tables: those of the embedded store in a data folder, or of a ClickHouse by URL. */
export type MigrateTarget =
  | { readonly kind: 'embedded'; readonly dataDir: string; readonly database: string }
  | ({ readonly kind: 'external' } & DatabaseOptions);

export interface MigrateSurroundings {
  readonly target: MigrateTarget;
  readonly retention: Retention;
  readonly out: Writable;
  readonly err: Writable;
}

const USAGE = `Usage: npm run migrate              bring the tables of the store up to date
       npm run migrate -- --check   list what would be done, change nothing

An embedded store is opened for it, so the service on it must not run; a service with VOUCHTRAIL_MIGRATE=auto, the
default, does the same when it starts.
`;

const explained = [StoreError, MigrationError, UnsupportedServerError, EmbeddedStoreError];

/**
 * `npm run migrate`: migrations, functions, report views and retention.
 *
 * @returns the exit code: 0 up to date, 1 not (also what `--check` finds missing), 2 wrongly called
 */
export async function migrateCommand(
  args: readonly string[],
  surroundings: MigrateSurroundings,
): Promise<number> {
  const { out, err } = surroundings;
  const flags = readFlags(args, err);
  if (flags === undefined) return 2;
  if (flags.help) {
    out.write(USAGE);
    return 0;
  }
  try {
    return await onStore(surroundings.target, (options) =>
      flags.check ? check(options, out) : update(options, surroundings),
    );
  } catch (error) {
    if (!explained.some((kind) => error instanceof kind)) throw error;
    err.write(`${(error as Error).message}\n`);
    return 1;
  }
}

function readFlags(args: readonly string[], err: Writable) {
  const flag = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({ args: [...args], options: { help: { ...flag, short: 'h' }, check: flag } }).values;
  } catch (error) {
    err.write(`${(error as Error).message}\n\n${USAGE}`);
    return undefined;
  }
}

async function onStore(
  target: MigrateTarget,
  use: (options: DatabaseOptions & { embedded: boolean }) => Promise<number>,
): Promise<number> {
  if (target.kind === 'external') return await use({ ...target, embedded: false });
  const { dataDir, database } = target;
  const store = await startEmbeddedStore({ dataDir, database });
  try {
    const { url, username, password } = store;
    return await use({ url, username, password, database, embedded: true });
  } finally {
    await store.stop();
  }
}

async function check(options: DatabaseOptions, out: Writable): Promise<number> {
  const database = openDatabase(options);
  try {
    const pending = await pendingMigrations(database);
    for (const { version, name } of pending) out.write(`pending: ${version} ${name}\n`);
    if (pending.length === 0) out.write('Every migration has run.\n');
    return pending.length === 0 ? 0 : 1;
  } finally {
    await database.close();
  }
}

async function update(
  options: DatabaseOptions & { embedded: boolean },
  { retention, out }: MigrateSurroundings,
): Promise<number> {
  if (!options.embedded) await createDatabase(options);
  const database = openDatabase(options);
  try {
    await assertSupportedServer(database);
    for (const { version, name } of await migrate(database)) out.write(`migrated: ${version} ${name}\n`);
    await installDefinitions(database);
    for (const { what, fromDays, toDays } of await applyRetention(database, retention)) {
      out.write(`retention: ${what} ${toDays} days (was ${fromDays})\n`);
    }
    out.write(`The tables of ${options.database} are those of this program.\n`);
    return 0;
  } finally {
    await database.close();
  }
}
