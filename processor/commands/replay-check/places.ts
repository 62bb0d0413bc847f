import type { Event } from '../../../schema/event.js';
import type { CellPlace } from '../../../schema/log-coverage/place.js';
import { Interned } from './interned.js';

const MOST_PLACES = 10_000;
const NANOS_PER_MILLI = 1_000_000n;

/** Where sessions are used, by the name that is shown. */
export interface Place extends CellPlace {
  application_name: string;
}

/** The places of use in the records, and when the records of each source and organization began; bounded. */
export class Places {
  readonly #numbers = new Interned(MOST_PLACES);
  readonly #places: Place[] = [];
  readonly #began = new Map<string, number>();

  /** Records whose place had no room. */
  get leftOut(): number {
    return this.#numbers.leftOut;
  }

  /** The number of an event's place. */
  add(event: Event): number | undefined {
    const { source, organization, application_id, application_name } = event;
    const number = this.#numbers.of(JSON.stringify([source, organization, application_id]));
    if (number === undefined) return undefined;
    this.#places[number] ??= { source, organization, application_id, application_name };
    const place = this.#places[number];
    if (place.application_name === '') place.application_name = application_name;
    const owner = ownerOf(event);
    const ts = Number(event.ts / NANOS_PER_MILLI);
    this.#began.set(owner, Math.min(ts, this.#began.get(owner) ?? ts));
    return number;
  }

  get(number: number): Place {
    const place = this.#places[number];
    if (place === undefined) throw new RangeError(`There is no place ${number}.`);
    return place;
  }

  /** When the first record of a place's source and organization is of, in milliseconds. */
  began(place: CellPlace): number | undefined {
    return this.#began.get(ownerOf(place));
  }
}

function ownerOf({ source, organization }: Pick<CellPlace, 'source' | 'organization'>): string {
  return JSON.stringify([source, organization]);
}
