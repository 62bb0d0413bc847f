import { type Arrival, inOrderOfArrival, type Outage } from './arrival.js';
import { cloudDay } from './background/cloud-life.js';
import { entraDay } from './background/entra-life.js';
import { type Habits, habitsOf } from './background/habits.js';
import { machineDay } from './background/machines.js';
import { oktaDay } from './background/okta-life.js';
import { otelDay } from './background/otel-life.js';
import { type Chance, chanceOf } from './chance.js';
import { type Family, type Person, person } from './people.js';
import { castOf, type Scenario, type ToldScenario, tellScenario } from './scenario.js';
import { Scene } from './scene.js';
import { DAY, HOUR } from './time.js';
import type { Told } from './told.js';

export interface WorldOptions {
  readonly seed: string;
  /** Users besides those of the scenarios. */
  readonly users: number;
  readonly days: number;
  /** Midnight UTC of a Monday, in milliseconds since 1970. */
  readonly start: number;
  readonly scenarios: readonly Scenario[];
}

/** Everything that is logged in some weeks of a company, and the truth about it. */
export interface World {
  readonly start: number;
  readonly end: number;
  readonly arrivals: readonly Arrival[];
  readonly told: readonly ToldScenario[];
  readonly bystanders: readonly Person[];
}

const DAYS: Readonly<Record<Family, (scene: Scene, person: Person, day: number, habits: Habits) => void>> = {
  okta: oktaDay,
  entra: entraDay,
  cloudtrail: cloudDay,
  otel: otelDay,
};

const FAMILIES: readonly Family[] = ['okta', 'entra', 'okta', 'otel', 'entra', 'cloudtrail'];

/** A few of the bystanders leave by a secure web gateway in another country. */
const GATEWAYS: readonly (string | undefined)[] = [
  undefined,
  undefined,
  undefined,
  undefined,
  'NL',
  undefined,
  'GB',
  undefined,
  undefined,
  'US',
];

/** The world of a seed. The same options give the same records. */
export function worldOf({ seed, users, days, start, scenarios }: WorldOptions): World {
  const chance = chanceOf(seed);
  const told: Told[] = [];
  const bystanders = Array.from({ length: users }, (_, i) => {
    const gateway = GATEWAYS[i % GATEWAYS.length];
    return person(FAMILIES[i % FAMILIES.length] as Family, `${i}`, chance.apart(`user ${i}`), {
      ...(gateway !== undefined && { gateway }),
    });
  });
  for (const [i, one] of bystanders.entries())
    told.push(...lifeOf(one, days, start, chance.apart(`life ${i}`), new Set()));
  const machines = new Scene(chance.apart('machines'), start);
  for (let day = 0; day < days; day++) machineDay(machines, day);
  told.push(...machines.told);

  const stories = scenarios.map((scenario) => {
    const own = chance.apart(`scenario ${scenario.id}`);
    const people = castOf(scenario, own.apart('cast'));
    const { notBefore = Math.min(8, days - 2), days: length = 1, newcomers = false } = scenario.story;
    const latest = Math.max(notBefore, days - length - 1);
    let day = own.integer(notBefore, latest);
    // What happens on working days is told of working days.
    if (day % 7 > 4 && day - 2 >= notBefore) day -= 2;
    const story = tellScenario(scenario, people, day, start, own.apart('stage'));
    const busy = new Set(Array.from({ length: length + 1 }, (_, i) => day + i));
    for (const [i, one] of people.entries()) {
      const free = newcomers ? new Set(Array.from({ length: day }, (_, i2) => i2)) : new Set<number>();
      told.push(...lifeOf(one, days, start, own.apart(`life ${i}`), new Set([...busy, ...free])));
    }
    told.push(...story.scene.told);
    return story;
  });

  const end = start + days * DAY;
  return {
    start,
    end,
    arrivals: inOrderOfArrival(
      told.filter(({ at }) => at < end),
      outagesOf(chance.apart('outages'), days, start),
      chance.apart('arrival'),
    ),
    told: stories,
    bystanders,
  };
}

/** Ordinary days, but for those on which somebody is busy with a story. */
function lifeOf(
  one: Person,
  days: number,
  start: number,
  chance: Chance,
  busy: ReadonlySet<number>,
): readonly Told[] {
  const scene = new Scene(chance, start);
  const { habits, today } = habitsOf(scene, one);
  for (let day = 0; day < days; day++) {
    if (busy.has(day)) {
      // Sessions do not go on over a story that tells of others, or revokes them all.
      habits.session = undefined;
      if (habits.phone !== undefined) habits.phone.session = undefined;
      continue;
    }
    today(day);
    DAYS[one.family](scene, one, day, habits);
  }
  return scene.told;
}

/** A stream falls silent for some hours of a working day, and then delivers what waited. */
function outagesOf(chance: Chance, days: number, start: number): Outage[] {
  if (days < 10) return [];
  const from = start + 9 * DAY + chance.number(8, 12) * HOUR;
  return [{ stream: 'okta', from, to: from + 3 * HOUR }];
}
