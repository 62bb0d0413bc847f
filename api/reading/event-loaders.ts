import type { Context } from '../context.js';
import { batchLoader, byKey } from './batch-loader.js';
import { type EventPlace, eventKey, parseEventKey } from './event-key.js';
import { type EventRecordRow, type EventRow, eventRecords, eventsByKey } from './event-queries.js';

function placesOf(keys: readonly string[]): { times: string[]; ids: string[] } {
  const places = keys.map(parseEventKey).filter((place): place is EventPlace => place !== undefined);
  return { times: places.map((place) => place.ts), ids: places.map((place) => place.event_id) };
}

/** Events by `eventKey`, without their record. */
export const eventLoader = batchLoader<EventRow>(async (keys, { reader }) =>
  byKey(await reader.rows(eventsByKey, placesOf(keys)), eventKey),
);

/** Attributes and vendor's record of events, by `eventKey`. */
export const eventRecordLoader = batchLoader<EventRecordRow>(async (keys, { reader }) =>
  byKey(await reader.rows(eventRecords, placesOf(keys)), eventKey),
);

/** The event at a place, or undefined where it is gone. */
export function loadEvent(context: Context, place: EventPlace): Promise<EventRow | undefined> {
  return eventLoader(context).load(eventKey(place));
}
