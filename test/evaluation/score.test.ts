import { describe, expect, it } from 'vitest';
import { chanceOf } from '../scenarios/chance.js';
import { castOf, type Kind, type Scenario, type Story, tellScenario } from '../scenarios/scenario.js';
import { HOUR, MINUTE } from '../scenarios/time.js';
import type { World } from '../scenarios/world.js';
import type { Found } from './found.js';
import { stepsOf } from './play.js';
import { figuresOf, scoreOf, wrongOf } from './score.js';

const START = Date.UTC(2026, 10, 2);
const NOON = START + 36 * HOUR;

/** A world of one scenario about two people, whose attack begins at noon of the second day. */
function worldWith(kind: Kind, everyVictim = false): World & { readonly owners: Map<string, string> } {
  const story: Story = {
    id: 'a',
    kind,
    says: '',
    families: ['otel'],
    raises: [],
    people: 2,
    everyVictim,
    tell: () => {},
  };
  const scenario: Scenario = { id: 'a/otel', family: 'otel', story };
  const people = castOf(scenario, chanceOf('a'));
  const told = {
    ...tellScenario(scenario, people, 1, START, chanceOf('a')),
    begins: kind === 'benign' ? undefined : NOON,
  };
  const owners = new Map([
    ...people.map(({ login }) => [login, login] as const),
    ['bystander', 'bystander'] as const,
  ]);
  return { start: START, end: START + 10 * 24 * HOUR, arrivals: [], told: [told], bystanders: [], owners };
}

function found(world: World, person: number | string, firstSeen: number, severityRank = 2): Found {
  const userKey = typeof person === 'string' ? person : (world.told[0]?.people[person]?.login ?? '');
  return {
    id: `${userKey}${firstSeen}`,
    by: 'session-moved',
    userKey,
    sessionKey: 's',
    severity: '',
    severityRank,
    points: 4,
    reasons: [],
    firstSeen,
    raised: firstSeen + HOUR,
    state: 'open',
  };
}

describe('the score', () => {
  it('takes a finding on a victim after the attack began for right, and says how long it took', () => {
    const world = worldWith('attack');
    const figures = figuresOf(scoreOf(world, [found(world, 0, NOON + MINUTE)], world.owners));
    expect(figures).toMatchObject({ attacks: 1, found: 1, recall: 1, precision: 1, wrong: 0 });
    expect(figures.delayMinutes[0]).toBe(61);
  });

  it('takes one before the attack, long after it, on a bystander or in a benign story for false', () => {
    const attack = worldWith('attack');
    const finds = [
      found(attack, 0, NOON - HOUR),
      found(attack, 0, NOON + 80 * HOUR),
      found(attack, 'bystander', NOON),
    ];
    const score = scoreOf(attack, finds, attack.owners);
    expect(figuresOf(score)).toMatchObject({ found: 0, recall: 0, right: 0, wrong: 3, early: 2 });
    const benign = worldWith('benign');
    expect(wrongOf(scoreOf(benign, [found(benign, 0, NOON)], benign.owners))).toHaveLength(1);
  });

  it('takes one that was LOW before the attack, and MEDIUM from then on, for right', () => {
    const world = worldWith('attack');
    const low = { ...found(world, 0, NOON - 20 * HOUR), raised: NOON - 19 * HOUR };
    const rose = figuresOf(scoreOf(world, [{ ...low, loudSince: NOON + HOUR }], world.owners));
    expect(rose).toMatchObject({ found: 1, wrong: 0 });
    const early = figuresOf(scoreOf(world, [{ ...low, loudSince: NOON - 2 * HOUR }], world.owners));
    expect(early).toMatchObject({ found: 0, early: 1 });
  });

  it('counts what is below MEDIUM apart', () => {
    const world = worldWith('attack');
    expect(figuresOf(scoreOf(world, [found(world, 0, NOON, 1)], world.owners))).toMatchObject({
      found: 0,
      wrong: 0,
      low: 1,
    });
  });

  it('leaves hard scenarios out of all figures but their own', () => {
    const world = worldWith('hard');
    const score = scoreOf(world, [found(world, 0, NOON), found(world, 1, NOON - HOUR)], world.owners);
    expect(figuresOf(score)).toMatchObject({ attacks: 0, recall: 1, wrong: 0, hard: 1, hardFound: 1 });
  });

  it('wants a finding on each of several victims', () => {
    const world = worldWith('attack', true);
    const [one, other] = [found(world, 0, NOON), found(world, 1, NOON)];
    expect(figuresOf(scoreOf(world, [one], world.owners)).found).toBe(0);
    expect(figuresOf(scoreOf(world, [one, other], world.owners)).found).toBe(1);
  });

  it('divides what is false by the days of all users', () => {
    const world = worldWith('benign');
    // Two people, ten days.
    expect(figuresOf(scoreOf(world, [found(world, 0, NOON)], world.owners)).wrongPer1000UserDays).toBe(50);
  });
});

describe('the steps of judging', () => {
  it('go up to the end, and are fewer at night', () => {
    const steps = stepsOf(START, START + 24 * HOUR, 2);
    expect(steps.at(-1)).toBe(START + 24 * HOUR);
    const atNight = steps.filter((at) => at <= START + 4 * HOUR);
    expect(atNight.length).toBeLessThan(2);
    expect(steps.length).toBeGreaterThan(8);
  });

  it('are few while there is only a past to learn', () => {
    const calm = stepsOf(START, START + 48 * HOUR, 2, START + 24 * HOUR);
    expect(calm.filter((at) => at <= START + 24 * HOUR)).toHaveLength(4);
    expect(calm.length).toBeGreaterThan(10);
  });
});
