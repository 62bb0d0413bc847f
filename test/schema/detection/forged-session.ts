import { access, type EventRow, MINUTE, signIn } from './event-rows.js';

/** Where nobody of the ordinary days has ever been. */
export const fromHosting = {
  asn: 14061,
  network_class: 'hosting',
  browser: 'Firefox',
  os: 'Linux',
} as const;

/** An ordinary visit of `ada`, by which a stream shows that it has passed what happened before `time`. */
export function visitAt(time: number, more: Partial<EventRow> = {}): EventRow[] {
  const session = `ada-${time}`;
  return [signIn(time, 'ada', session, more), access(time + MINUTE, 'ada', session, more)];
}
