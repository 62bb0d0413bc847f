import type { Chance } from './chance.js';
import { HOUR, MINUTE, SECOND } from './time.js';
import type { Stream, Told } from './told.js';

/** How late a stream's records come: usually between the first two, one in a hundred up to the third. */
const DELAYS: Readonly<Record<Stream, readonly [least: number, usual: number, worst: number]>> = {
  okta: [5 * SECOND, 90 * SECOND, 4 * MINUTE],
  'entra:interactive': [90 * SECOND, 5 * MINUTE, 14 * MINUTE],
  'entra:noninteractive': [3 * MINUTE, 10 * MINUTE, 25 * MINUTE],
  'entra:graph': [4 * MINUTE, 15 * MINUTE, 30 * MINUTE],
  'entra:serviceprincipal': [3 * MINUTE, 10 * MINUTE, 25 * MINUTE],
  'entra:audit': [2 * MINUTE, 8 * MINUTE, 20 * MINUTE],
  cloudtrail: [2 * MINUTE, 7 * MINUTE, 15 * MINUTE],
  otel: [1 * SECOND, 8 * SECOND, 1 * MINUTE],
};

/** What was told, and when it reaches the receiver. */
export interface Arrival {
  readonly told: Told;
  /** Milliseconds since 1970. */
  readonly arrives: number;
}

/** A time in which a stream delivers nothing; what waited comes in the half hour after it. */
export interface Outage {
  readonly stream: Stream;
  readonly from: number;
  readonly to: number;
}

/** What was told in the order of its arrival; a few records come twice, as queues deliver them. */
export function inOrderOfArrival(
  told: readonly Told[],
  outages: readonly Outage[],
  chance: Chance,
): Arrival[] {
  const arrivals: Arrival[] = [];
  for (const one of told) {
    const [least, usual, worst] = DELAYS[one.stream];
    const delay = chance.happens(0.01) ? chance.number(usual, worst) : chance.number(least, usual);
    let arrives = one.at + delay + (one.late ?? 0);
    const outage = outages.find(
      ({ stream, from, to }) => stream === one.stream && arrives >= from && arrives < to,
    );
    if (outage !== undefined) arrives = outage.to + chance.number(0, HOUR / 2);
    arrivals.push({ told: one, arrives });
    if (chance.happens(0.005)) arrivals.push({ told: one, arrives: arrives + chance.number(0, 20 * MINUTE) });
  }
  return arrivals.sort((a, b) => a.arrives - b.arrives);
}
