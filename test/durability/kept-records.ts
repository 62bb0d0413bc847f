import { eventId } from '../../schema/keys.js';
import { type Database, openDatabase } from '../../schema/store/database.js';
import { readEmbeddedEndpoint } from '../../schema/store/embedded/endpoint-file.js';
import type { NumberedSender } from './numbered-sender.js';

/** Reads the store of a data folder while its program runs, as a data team may. */
export async function readingStore<T>(dataDir: string, read: (database: Database) => Promise<T>): Promise<T> {
  const endpoint = await readEmbeddedEndpoint(dataDir);
  if (endpoint === undefined) throw new Error(`nobody serves ${dataDir}`);
  const database = openDatabase(endpoint);
  try {
    return await read(database);
  } finally {
    await database.close();
  }
}

/**
 * What is wrong with the store after a sender named `name` has sent, in words; nothing if every acknowledged record
 * is there once in every place, and every other at most once and in every place or in none.
 */
export async function faultsOf(database: Database, name: string, sender: NumberedSender): Promise<string[]> {
  const application = { name };
  const { rows: events } = await database.query<{ id: string; session: string; count: number; ts: string }>(
    `SELECT event_id AS id, session_key AS session, count() AS count, toString(max(ts)) AS ts
    FROM report_events WHERE service_name = {name:String} GROUP BY id, session`,
    application,
  );
  const { rows: narrow } = await database.query<{ id: string; times: number }>(
    `SELECT event_id AS id, uniqExact(ts) AS times FROM user_events
    WHERE application_id = {name:String} GROUP BY id`,
    application,
  );
  const { rows: sessions } = await database.query<{ session: string; last: string }>(
    `SELECT session_key AS session, toString(max(last_ts)) AS last FROM sessions
    WHERE application_id = {name:String} GROUP BY session`,
    application,
  );
  const stored = new Map(events.map((event) => [event.id, event]));
  const ofUsers = new Map(narrow.map(({ id, times }) => [id, times]));
  const lastOf = new Map(sessions.map(({ session, last }) => [session, last]));
  const ids = new Map([...sender.sent.keys()].map((uid) => [eventId('otel', uid), uid]));

  const faults: string[] = [];
  for (const uid of sender.acknowledged.keys()) {
    if (!stored.has(eventId('otel', uid))) faults.push(`${uid} was acknowledged and is lost`);
  }
  for (const { id, session, count, ts } of events) {
    const uid = ids.get(id);
    if (uid === undefined) faults.push(`event ${id} was never sent`);
    if (count !== 1) faults.push(`${uid} is in report_events ${count} times`);
    if (ofUsers.get(id) !== 1) faults.push(`${uid} is in user_events ${ofUsers.get(id) ?? 0} times`);
    if ((lastOf.get(session) ?? '') < ts) faults.push(`the session of ${uid} lacks it`);
  }
  if (stored.size !== events.length) faults.push('an event is in two sessions');
  return faults;
}
