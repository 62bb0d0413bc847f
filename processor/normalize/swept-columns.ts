import { EVENT_COLUMNS, type Event } from '../../schema/event.js';
import { redactText } from './secrets.js';

/** Cleared where they are made, or hashes. */
const CLEAR = new Set(['tenant', 'event_id', 'source', 'raw', 'trace_id', 'span_id']);

const columnsOf = (type: string): string[] =>
  EVENT_COLUMNS.filter((column) => column.type === type && !CLEAR.has(column.name)).map(({ name }) => name);

const TEXTS = [...columnsOf('String'), ...columnsOf('LowCardinality(String)')];
const LISTS = [...columnsOf('Array(String)'), ...columnsOf('Array(LowCardinality(String))')];

/**
 * Removes secrets from an event's columns. Fields of vendors hold what clients sent, and a client may send a token
 * anywhere: only for records in whose text one was found, since it costs as much as reading the record.
 */
export function sweepColumns(event: Event): void {
  const columns = event as unknown as Record<string, unknown>;
  for (const name of TEXTS) {
    const text = columns[name] as string;
    if (text !== '') columns[name] = redactText(text);
  }
  for (const name of LISTS) {
    const texts = columns[name] as readonly string[];
    if (texts.length > 0) columns[name] = texts.map((text) => redactText(text));
  }
}
