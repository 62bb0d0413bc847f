import type { Database } from '../store/database.js';
import { repairSinceLastTime } from '../store/repair.js';
import { renewHeldSessions } from './held-sessions.js';
import { dropJudgedArrivals } from './judged-arrivals.js';

export interface Upkeep {
  /** Up to when everything is judged, in milliseconds since 1970. */
  readonly judgedUpTo: number;
  /** Inserts that began after this may still be under way; likewise. */
  readonly insertsEndedBy: number;
  /** The shortest retention of any part of an event, in days. */
  readonly retentionDays: number;
  readonly signal: AbortSignal;
}

/**
 * What a store needs at start and every hour: arrivals that were judged are dropped, rows whose insert was cut off
 * between `events` and its views are given to the views that lack them, and held sessions are renewed.
 */
export async function keepUp(
  database: Database,
  { judgedUpTo, insertsEndedBy, retentionDays, signal }: Upkeep,
): Promise<{ droppedHours: number; fed: number }> {
  const droppedHours = await dropJudgedArrivals(database, judgedUpTo);
  const { fed } = await repairSinceLastTime(database, { until: insertsEndedBy, signal });
  await renewHeldSessions(database, retentionDays, Date.now());
  return { droppedHours, fed };
}
