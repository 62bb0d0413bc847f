import type { ToldScenario } from '../scenarios/scenario.js';
import { DAY, MINUTE } from '../scenarios/time.js';
import type { World } from '../scenarios/world.js';
import type { Owners } from './feed.js';
import type { Found } from './found.js';

/** Vendors' clocks and the second to which they write times. */
const TOLERANCE = 5 * MINUTE;
/** A finding so long after a story's end is about something else. */
const AFTER = DAY;

export const MEDIUM = 2;

/** What a scenario came to. */
export interface Outcome {
  readonly told: ToldScenario;
  /** At MEDIUM or above, on its people, from its beginning on. */
  readonly right: readonly Found[];
  /** The same on what is no attack, or before the attack began. */
  readonly wrong: readonly Found[];
  /** Findings below MEDIUM. */
  readonly low: readonly Found[];
  /** Every person of an attack has a finding. */
  readonly isFound: boolean;
  /** From the attack's beginning to its first finding, in milliseconds. */
  readonly delay: number | undefined;
}

export interface Score {
  readonly outcomes: readonly Outcome[];
  /** At MEDIUM or above on people of no scenario, on machines and on cells. */
  readonly wrongElsewhere: readonly Found[];
  readonly userDays: number;
}

/**
 * When what it says is about began. One session has one finding: one that was LOW and became MEDIUM later is about
 * what made it so.
 */
function about({ firstSeen, raised, loudSince = 0 }: Found): number {
  return loudSince > raised ? loudSince : firstSeen;
}

/** Judges findings by what was told. Those that were withdrawn must not be among them. */
export function scoreOf(world: World, found: readonly Found[], owners: Owners): Score {
  const ofPerson = new Map<string, Found[]>();
  for (const one of found) {
    const login = owners.get(one.userKey) ?? '';
    const list = ofPerson.get(login);
    if (list === undefined) ofPerson.set(login, [one]);
    else list.push(one);
  }
  const cast = new Set<string>();
  const outcomes = world.told.map((told): Outcome => {
    for (const { login } of told.people) cast.add(login);
    const theirs = told.people.map(({ login }) => ofPerson.get(login) ?? []);
    const all = theirs.flat();
    const loud = all.filter(({ severityRank }) => severityRank >= MEDIUM);
    const isRight = (one: Found): boolean =>
      told.begins !== undefined && about(one) >= told.begins - TOLERANCE && about(one) <= told.ends + AFTER;
    const right = loud.filter(isRight);
    const victims = told.scenario.story.everyVictim === true ? theirs : [all];
    const isFound = victims.every((list) => list.some((one) => right.includes(one)));
    const first = Math.min(...right.map((one) => one.loudSince || one.raised));
    return {
      told,
      right,
      wrong: loud.filter((one) => !isRight(one)),
      low: all.filter(({ severityRank }) => severityRank < MEDIUM),
      isFound,
      delay: right.length === 0 || told.begins === undefined ? undefined : first - told.begins,
    };
  });
  const wrongElsewhere = found.filter(
    ({ userKey, severityRank }) => severityRank >= MEDIUM && !cast.has(owners.get(userKey) ?? ''),
  );
  const people = world.bystanders.length + cast.size;
  return { outcomes, wrongElsewhere, userDays: (people * (world.end - world.start)) / DAY };
}

/** Figures over scenarios; `hard` ones are counted apart. */
export interface Figures {
  readonly attacks: number;
  readonly found: number;
  readonly recall: number;
  readonly right: number;
  readonly wrong: number;
  readonly precision: number;
  readonly wrongPer1000UserDays: number;
  /** Findings on a victim before the attack began. */
  readonly early: number;
  /** Median and 90th percentile of the time to the finding, in minutes. */
  readonly delayMinutes: readonly [median: number, most: number];
  readonly hard: number;
  readonly hardFound: number;
  /** Recall if the hard ones were counted as attacks like others. */
  readonly recallWithHard: number;
  readonly low: number;
}

export function figuresOf(score: Score): Figures {
  const counted = score.outcomes.filter(({ told }) => told.scenario.story.kind !== 'hard');
  const hard = score.outcomes.filter(({ told }) => told.scenario.story.kind === 'hard');
  const attacks = counted.filter(({ told }) => told.begins !== undefined);
  const found = attacks.filter(({ isFound }) => isFound);
  const right = attacks.reduce((sum, outcome) => sum + outcome.right.length, 0);
  const wrong = wrongOf(score).length;
  const delays = attacks
    .flatMap(({ delay }) => (delay === undefined ? [] : [delay / MINUTE]))
    .sort((a, b) => a - b);
  const hardFound = hard.filter(({ right: loud }) => loud.length > 0).length;
  return {
    attacks: attacks.length,
    found: found.length,
    recall: share(found.length, attacks.length),
    right,
    wrong,
    precision: share(right, right + wrong),
    wrongPer1000UserDays: (wrong / score.userDays) * 1000,
    early: attacks.reduce((sum, outcome) => sum + outcome.wrong.length, 0),
    delayMinutes: [delays[Math.floor(delays.length / 2)] ?? 0, delays[Math.floor(delays.length * 0.9)] ?? 0],
    hard: hard.length,
    hardFound,
    recallWithHard: share(found.length + hardFound, attacks.length + hard.length),
    low: score.outcomes.reduce((sum, { low }) => sum + low.length, 0),
  };
}

/** All that is false at MEDIUM or above, but what `hard` scenarios raise. */
export function wrongOf(score: Score): readonly Found[] {
  const counted = score.outcomes.filter(({ told }) => told.scenario.story.kind !== 'hard');
  return [...counted.flatMap(({ wrong }) => wrong), ...score.wrongElsewhere];
}

function share(part: number, whole: number): number {
  return whole === 0 ? 1 : part / whole;
}
