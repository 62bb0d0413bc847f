import type { NetworkKind } from './addresses.js';
import type { Chance } from './chance.js';
import type { ClientKind } from './clients.js';
import { type Family, networkOf, type Person, person, type Seat, type Wishes } from './people.js';
import { Scene } from './scene.js';
import { DAY } from './time.js';
import type { Proof, Session } from './told.js';

/** `hard` looks like nothing, or like a benign twin, in all that is logged: told, judged, outside of the targets. */
export type Kind = 'attack' | 'benign' | 'hard';

/** A story, told once for all families that can show it. */
export interface Story {
  /** Unique; the scenario's id is this and the family. */
  readonly id: string;
  readonly kind: Kind;
  /** What happens, in a sentence. */
  readonly says: string;
  readonly families: readonly Family[];
  /** Correlations of which one should raise it at MEDIUM or above; none for what should stay silent or LOW. */
  readonly raises: readonly string[];
  readonly cast?: Wishes;
  /** How many people it is about; 1 unless said otherwise. */
  readonly people?: number;
  /** Whether each of the people is a victim, of which each must be found. */
  readonly everyVictim?: boolean;
  /** The first day that it may begin on, from 0. Default: when a user has a past and sources are no longer new. */
  readonly notBefore?: number;
  /** Days that it takes. Their people do nothing else in them. */
  readonly days?: number;
  /** Newcomers have no past before it. */
  readonly newcomers?: boolean;
  tell(stage: Stage): void;
}

/** A story in a vendor family: one labelled case. */
export interface Scenario {
  readonly id: string;
  readonly family: Family;
  readonly story: Story;
}

/** A story that was told: its records, its people, and when the attack began. */
export interface ToldScenario {
  readonly scenario: Scenario;
  readonly people: readonly Person[];
  /** The first day of the story. */
  readonly day: number;
  /** Milliseconds since 1970; undefined for what is no attack. */
  readonly begins: number | undefined;
  /** When the story ends. */
  readonly ends: number;
  readonly scene: Scene;
}

/** A scene with a cast: what a story is told with. */
export class Stage extends Scene {
  readonly family: Family;
  readonly people: readonly Person[];
  readonly victim: Person;
  readonly day: number;
  begins: number | undefined;

  constructor(chance: Chance, start: number, family: Family, people: readonly Person[], day: number) {
    super(chance, start);
    this.family = family;
    this.people = people;
    this.victim = people[0] as Person;
    this.day = day;
  }

  /** An hour of the victim's local time on the story's day, or so many days after it. */
  at(hour: number, day = 0): number {
    return this.localTime(this.victim, this.day + day, hour);
  }

  home(hour: number, day = 0): Seat {
    return this.atHome(this.victim, this.at(hour, day));
  }

  /** From here on it is an attack. Returns the time. */
  attackAt(hour: number, day = 0): number {
    const at = this.at(hour, day);
    if (this.begins === undefined || at < this.begins) this.begins = at;
    return at;
  }

  /** Somebody else's seat, with a client of its own or a copy of a seat's; at home networks, never the victim's operators. */
  thief(kind: NetworkKind, country: string, client: ClientKind | Seat): Seat {
    const { home, cafe } = this.victim;
    const own = new Set([home.network.asn, cafe.network.asn]);
    const strange = [0, 1, 2, 3, 4].find((number) => !own.has(networkOf(country, kind, number).asn)) ?? 0;
    const seat = this.seatOn(kind, country, client, this.at(12), strange);
    return { ...seat, device: '' };
  }

  /** The victim signs in at home and works for some hours. */
  morning(hour = 9, hours = 3, proof?: Proof, application?: string): { session: Session; seat: Seat } {
    const seat = this.home(hour);
    const session = this.signIn(this.victim, seat, this.at(hour), proof, application);
    this.work(session, seat, this.at(hour) + 60_000, hours);
    return { session, seat };
  }
}

/** A country that is not the person's. */
export function abroad({ country }: Person): string {
  return country === 'NL' ? 'BR' : 'NL';
}

export function scenariosOf(stories: readonly Story[]): Scenario[] {
  return stories.flatMap((story) =>
    story.families.map((family) => ({ id: `${story.id}/${family}`, family, story })),
  );
}

/** The people of a scenario, always the same under a seed. */
export function castOf({ id, family, story }: Scenario, chance: Chance): Person[] {
  const short = chance.apart('name').hex(5);
  return Array.from({ length: story.people ?? 1 }, (_, i) =>
    person(family, `${short}${i}`, chance.apart(`${id} person ${i}`), story.cast),
  );
}

export function tellScenario(
  scenario: Scenario,
  people: readonly Person[],
  day: number,
  start: number,
  chance: Chance,
): ToldScenario {
  const stage = new Stage(chance, start, scenario.family, people, day);
  scenario.story.tell(stage);
  const ends = start + (day + (scenario.story.days ?? 1)) * DAY + DAY / 2;
  return { scenario, people, day, begins: stage.begins, ends, scene: stage };
}
