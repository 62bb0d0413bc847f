import type { Database } from '../store/database.js';
import { loadSqlFile } from '../store/sql-file.js';
import { toStoreTime } from './time.js';

const DAY_MS = 86_400_000;
/** Renewed so long before their retention ends: a program that was away for a week loses nothing. */
const MARGIN_DAYS = 10;

/**
 * Keeps the events of sessions under an open or true-positive finding beyond their retention.
 * @param retentionDays the shortest retention of any part of an event, in days
 */
export async function renewHeldSessions(
  database: Database,
  retentionDays: number,
  now: number,
): Promise<void> {
  const { text } = await loadSqlFile('judging/held-events.sql');
  const renewBefore = now - Math.max(1, retentionDays - MARGIN_DAYS) * DAY_MS;
  await database.command(
    text,
    { now: toStoreTime(now), renew_before: toStoreTime(renewBefore) },
    // Not with the settings of judging: there a column would win over the replaced value of the same name.
    { logComment: 'upkeep:held-events' },
  );
}
