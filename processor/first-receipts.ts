import { LRUCache } from 'lru-cache';
import type { Event } from '../schema/event.js';
import { nanosOfMillis } from './normalize/timestamps.js';

const MOST_EVENTS = 20_000;

/**
 * A record that says nothing usable about its time happened when it was received, and a sender that was not
 * answered sends it again later. It keeps the time of its first receipt, since an event at two times would be two.
 * Bounded, and as old as this process: such records come from broken clocks, and come again within seconds.
 */
export class FirstReceipts {
  readonly #times = new LRUCache<string, bigint>({ max: MOST_EVENTS });

  /** Sets the event's time back to that of its first receipt. `receivedAt` in milliseconds since the epoch. */
  settle(event: Event, receivedAt: number): void {
    const received = nanosOfMillis(receivedAt);
    if (event.ts !== received) return;
    const key = `${event.tenant}\n${event.event_id}`;
    const first = this.#times.get(key);
    if (first === undefined) this.#times.set(key, received);
    else event.ts = first;
  }
}
