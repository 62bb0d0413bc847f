import type { Database } from '../store/database.js';
import { repairViewTargets } from '../store/repair.js';
import { dropJudgedArrivals } from './judged-arrivals.js';

const DAY_MS = 86_400_000;
/** Inserts are abandoned after ten seconds: what arrived before this is whole or was cut off. */
const INSERTS_END_WITHIN_MS = 60_000;

/**
 * What a store needs now and then: arrivals that were judged are dropped, and rows whose insert was cut off between
 * `events` and its views are fed to the views that lack them. Doing it hourly leaves little to look at for the next
 * start.
 * @param cursor up to when everything is judged; `now` likewise in milliseconds since 1970
 */
export async function keepUp(
  database: Database,
  cursor: number,
  now: number,
  signal: AbortSignal,
): Promise<{ droppedHours: number; fed: number }> {
  const droppedHours = await dropJudgedArrivals(database, cursor);
  const { fed } = await repairViewTargets(database, {
    since: now - DAY_MS,
    until: now - INSERTS_END_WITHIN_MS,
    signal,
  });
  return { droppedHours, fed };
}
