import { isStoreTime, type StoreTime } from './store-time.js';

/**
 * Where an event lies. Events are ordered by time, so an id alone would be looked for in all of them: the time is a
 * part of every key that is handed out.
 */
export interface EventPlace {
  readonly ts: StoreTime;
  readonly event_id: string;
}

export function eventKey({ ts, event_id }: EventPlace): string {
  return `${ts}/${event_id}`;
}

/** The place that a key names, or undefined for a text that is none (keys come back from clients as ids). */
export function parseEventKey(key: string): EventPlace | undefined {
  const slash = key.indexOf('/');
  if (slash < 0) return undefined;
  const ts = key.slice(0, slash);
  const event_id = key.slice(slash + 1);
  return isStoreTime(ts) && event_id !== '' ? { ts, event_id } : undefined;
}
