import { DESK_AGENTS, PHONE_AGENTS, TOOL_AGENTS } from './agents.js';
import { type Chance, chanceOf } from './chance.js';

/** Somebody, or something, that signs in: where from, with what, and under which ids. */
export interface Person {
  readonly login: string;
  readonly name: string;
  readonly oktaId: string;
  readonly entraId: string;
  readonly employeeId: string;
  readonly deviceId: string;
  readonly home: string;
  readonly office: string;
  readonly phone: string;
  readonly deskAgent: string;
  readonly phoneAgent: string;
}

/** A workload at AWS: the role that it has taken, from an address of its cloud. */
export interface Workload {
  readonly account: string;
  readonly role: string;
  readonly roleId: string;
  readonly address: string;
  readonly agent: string;
}

/** One session under way: who, where from and with what. */
export interface Visit<Actor> {
  readonly actor: Actor;
  readonly session: string;
  readonly address: string;
  readonly agent: string;
  /** Milliseconds since 1970. */
  readonly began: number;
  /** Whether this is its first event. */
  readonly isFirst: boolean;
}

const PEOPLE = 1500;
const WORKLOADS = 300;
const OFFICES = 8;
/** Events of one session, on average. */
const EVENTS_A_VISIT = 24;
const MILLISECONDS_BETWEEN_EVENTS = 12;
/** 2026-03-02T08:00:00Z. */
const FIRST_MOMENT = 1_772_438_400_000;

const GIVEN =
  'Ada Bela Chidi Dana Emre Farah Goran Hiro Ines Jonas Kaya Lior Mara Nils Olga Pia Rui Sana Teo Uma';
const FAMILY =
  'Abel Brandt Costa Diaz Ekholm Fuchs Garcia Haas Ito Jansen Kaur Lind Moreau Novak Okoye Petit Rossi';

/** First octets of networks of access providers and clouds: their addresses are found in the databases. */
const ACCESS = [24, 46, 62, 73, 78, 81, 86, 91, 98, 109, 151, 176, 178, 185, 188, 201];
const CLOUD = ['3.120', '18.156', '34.240', '35.180', '52.58', '54.93', '40.74', '20.50'];

function accessAddress(chance: Chance): string {
  return chance.happens(0.15)
    ? `2a02:8108:${chance.hex(4)}:${chance.hex(4)}:${chance.hex(4)}:${chance.hex(4)}:${chance.hex(4)}:${chance.hex(4)}`
    : `${chance.pick(ACCESS)}.${chance.below(256)}.${chance.below(256)}.${1 + chance.below(254)}`;
}

function hire(chance: Chance, number: number, offices: readonly string[]): Person {
  const name = `${chance.pick(GIVEN.split(' '))} ${chance.pick(FAMILY.split(' '))}`;
  return {
    login: `${name.toLowerCase().replace(' ', '.')}${number}@corp.example.com`,
    name,
    oktaId: `00u${chance.letters(17)}`,
    entraId: chance.uuid(),
    employeeId: `E${100_000 + number}`,
    deviceId: chance.uuid(),
    home: accessAddress(chance),
    office: chance.pick(offices),
    phone: accessAddress(chance),
    deskAgent: chance.pick(DESK_AGENTS),
    phoneAgent: chance.pick(PHONE_AGENTS),
  };
}

function deploy(chance: Chance, number: number, accounts: readonly string[]): Workload {
  return {
    account: chance.pick(accounts),
    role: `service-${number}-task`,
    roleId: `AROA${chance.letters(17).toUpperCase()}`,
    address: `${chance.pick(CLOUD)}.${chance.below(256)}.${1 + chance.below(254)}`,
    agent: chance.pick(TOOL_AGENTS),
  };
}

/**
 * A company that does not exist: people in offices, at home and on the way, and workloads at a cloud. Some do much and
 * most little; each keeps to a few addresses and clients, and a session goes on for some two dozen events, so that what
 * is new in a record and what has been seen before is as it is in logs.
 */
export class Company {
  readonly chance: Chance;
  readonly people: readonly Person[];
  readonly workloads: readonly Workload[];
  readonly accounts: readonly string[];
  readonly #visits = new Map<string, Visit<unknown> & { left: number }>();
  #now = FIRST_MOMENT;

  constructor(seed: number) {
    const chance = chanceOf(seed);
    const offices = Array.from({ length: OFFICES }, () => accessAddress(chance));
    this.chance = chance;
    this.accounts = Array.from({ length: 12 }, () => String(100_000_000_000 + chance.below(899_999_999_999)));
    this.people = Array.from({ length: PEOPLE }, (_, number) => hire(chance, number, offices));
    this.workloads = Array.from({ length: WORKLOADS }, (_, number) => deploy(chance, number, this.accounts));
  }

  /** The time of the next event, in milliseconds since 1970. */
  tick(): number {
    this.#now += this.chance.below(2 * MILLISECONDS_BETWEEN_EVENTS);
    return this.#now;
  }

  /** Somebody's session at `place`: one under way, or a new one with an id that `newId` makes. */
  visit(place: string, newId: () => string): Visit<Person> {
    const person = this.chance.pickUnevenly(this.people);
    return this.#goOn(`${place} ${person.login}`, () => {
      const where = this.chance.below(10);
      const isPhone = where >= 8;
      return {
        actor: person,
        session: newId(),
        address: isPhone ? person.phone : where < 5 ? person.office : person.home,
        agent: isPhone ? person.phoneAgent : person.deskAgent,
      };
    });
  }

  /** A workload's session, under way or new. */
  shift(newId: () => string): Visit<Workload> {
    const workload = this.chance.pickUnevenly(this.workloads);
    const { address, agent, role } = workload;
    return this.#goOn(role, () => ({ actor: workload, session: newId(), address, agent }));
  }

  #goOn<Actor>(key: string, begin: () => Omit<Visit<Actor>, 'began' | 'isFirst'>): Visit<Actor> {
    const known = this.#visits.get(key);
    if (known !== undefined && known.left > 0) {
      known.left -= 1;
      return { ...(known as unknown as Visit<Actor>), isFirst: false };
    }
    const visit = { ...begin(), began: this.#now };
    this.#visits.set(key, { ...visit, isFirst: false, left: this.chance.below(2 * EVENTS_A_VISIT) });
    // Whoever is met for the first time came before the first record, or all would sign in at once.
    return { ...visit, isFirst: known !== undefined };
  }
}
