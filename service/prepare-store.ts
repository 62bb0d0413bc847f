import type { Config } from '../config.js';
import type { PolicyDocument } from '../schema/policy/policy.js';
import type { PolicyInForce } from '../schema/policy/policy-store.js';
import { createDatabase, type Database } from '../schema/store/database.js';
import { installDefinitions } from '../schema/store/definitions.js';
import { assertSameKey } from '../schema/store/key-fingerprint.js';
import { migrate, pendingMigrations } from '../schema/store/migrate.js';
import { repairSinceLastTime, repairViewTargets } from '../schema/store/repair.js';
import { applyRetention } from '../schema/store/retention.js';
import { assertSupportedServer } from '../schema/store/server-version.js';
import type { Logger } from './logger.js';
import { policyOf } from './policy.js';
import { PendingMigrationsError } from './start-errors.js';
import type { Store } from './store.js';

/** Inserts are abandoned after ten seconds: what others sent before this is whole or was cut off. */
const insertsEndWithinMs = 60_000;
/** Stamps are given before an insert begins: what the end of a process cut off has stamps of this time before it. */
const commitWindowMs = 10 * 60_000;

export interface Preparation {
  readonly config: Config;
  readonly key: string;
  readonly policyFile: PolicyDocument | undefined;
  readonly logger: Logger;
}

/**
 * Makes the store fit for work: a server that is supported, tables, retention, the same key as before, views that
 * lack nothing, the policy. May be tried again as a whole.
 *
 * @returns the policy in force
 * @throws UnsupportedServerError, MigrationError, PendingMigrationsError, KeyMismatchError, or a StoreError
 */
export async function prepareStore(
  { database, options, embedded }: Store,
  { config, key, policyFile, logger }: Preparation,
): Promise<PolicyInForce | undefined> {
  const ours = embedded !== undefined;
  if (!ours) {
    if (config.migrate === 'auto') await createDatabase(options);
    await assertSupportedServer(database);
  }
  await bringUpToDate(database, config, logger);
  await assertSameKey(database, key);
  // Before anything is judged, and by one who may: a mere receiver beside others leaves it to the scheduler.
  if (ours || config.roles.includes('scheduler')) {
    const until = Date.now() - (ours ? 0 : insertsEndWithinMs);
    saidToBeFed(await repairSinceLastTime(database, { until }), logger);
  }
  return await policyOf(database, policyFile, logger);
}

async function bringUpToDate(database: Database, config: Config, logger: Logger): Promise<void> {
  if (config.migrate === 'check') {
    const pending = await pendingMigrations(database);
    const names = pending.map(({ version, name }) => `${version} ${name}`);
    if (names.length > 0) throw new PendingMigrationsError(database.name, names);
  }
  if (config.migrate !== 'auto') return;
  for (const { version, name } of await migrate(database)) logger.info({ version, name }, 'migrated');
  await installDefinitions(database);
  for (const change of await applyRetention(database, config.retention)) {
    logger.info(change, 'the retention is another from now on');
  }
}

/**
 * Has the views looked at each time that the process of the embedded store has ended and runs again: an insert
 * that was under way may have reached some of them only.
 *
 * @returns ends it
 */
export function repairAfterExits({ database, embedded }: Store, logger: Logger): () => void {
  const ending = new AbortController();
  const stopListening = embedded?.onExit(() => {
    const until = Date.now();
    embedded
      .whenReady()
      .then(() =>
        repairViewTargets(database, { since: until - commitWindowMs, until, signal: ending.signal }),
      )
      .then((repaired) => saidToBeFed(repaired, logger))
      .catch((error: unknown) => {
        if (!ending.signal.aborted) logger.warn({ err: error }, 'the views could not be looked at');
      });
  });
  return () => {
    stopListening?.();
    ending.abort();
  };
}

function saidToBeFed({ fed }: { fed: number }, logger: Logger): void {
  if (fed > 0) logger.warn({ fed }, 'rows whose insert had been cut off were fed to the views again');
}
