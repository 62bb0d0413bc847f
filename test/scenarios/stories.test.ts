import { beforeAll, describe, expect, it } from 'vitest';
import type { Event } from '../../schema/event.js';
import { createProcessor, type Processor } from '../evaluation/feed.js';
import { chanceOf } from './chance.js';
import { castOf, type ToldScenario, tellScenario } from './scenario.js';
import { scenarios } from './stories/index.js';
import { DAY } from './time.js';
import { worldOf } from './world.js';

const START = Date.UTC(2026, 10, 2);
const FAMILIES = ['okta', 'entra', 'cloudtrail', 'otel'] as const;

interface Case {
  readonly told: ToldScenario;
  readonly events: readonly Event[];
}

let cases: readonly Case[] = [];

const millis = ({ ts }: Event): number => Number(ts / 1_000_000n);

/** Told on a Wednesday, read by the real normaliser and enrichment. */
function tellAll(processor: Processor): Case[] {
  return scenarios.map((scenario) => {
    const chance = chanceOf(`test ${scenario.id}`);
    const told = tellScenario(
      scenario,
      castOf(scenario, chance.apart('cast')),
      9,
      START,
      chance.apart('stage'),
    );
    const events = told.scene.told.flatMap((one) =>
      processor.eventsOf({ told: one, arrives: one.at + 1000 }),
    );
    return { told, events };
  });
}

beforeAll(() => {
  cases = tellAll(createProcessor());
}, 60_000);

/** What is wrong with the cases, by their ids. */
const wrong = (isWrong: (one: Case) => boolean, among = cases): string[] =>
  among.filter(isWrong).map(({ told }) => told.scenario.id);

const ofStory = (prefix: string): Case[] => cases.filter(({ told }) => told.scenario.id.startsWith(prefix));

describe('the scenarios', () => {
  it('are more than 80 with names of their own, attacks and benign ones in every family', () => {
    expect(scenarios.length).toBeGreaterThanOrEqual(80);
    expect(new Set(scenarios.map(({ id }) => id)).size).toBe(scenarios.length);
    for (const family of FAMILIES) {
      const kinds = new Set(scenarios.filter((one) => one.family === family).map(({ story }) => story.kind));
      expect([...kinds].sort()).toEqual(['attack', 'benign', 'hard']);
    }
  });

  it('are all recognised by the normaliser, at the time at which they happen', () => {
    expect(wrong(({ told, events }) => events.length !== told.scene.told.length)).toEqual([]);
    expect(wrong(({ events }) => events.some(({ time_clamped }) => time_clamped))).toEqual([]);
  });

  it('show each family in its own source', () => {
    expect(
      wrong(
        ({ told, events }) =>
          !events.some(
            ({ source }) => source === told.scenario.family || told.scenario.id.startsWith('golden-saml'),
          ),
      ),
    ).toEqual([]);
  });

  it('are about the people of the cast, and whoever serves them', () => {
    const names = ({ told }: Case): string[] => told.people.map(({ login }) => login);
    const isTheirs = (one: Case): boolean =>
      one.told.scene.told.some(({ who }) => names(one).includes(who)) &&
      one.events.some(({ user_key }) =>
        one.told.people.some(
          ({ login, id }) =>
            user_key === login || user_key.endsWith(id) || user_key.endsWith(login.split('@')[0] ?? ''),
        ),
      );
    const withoutPeople = [
      'pipeline-moves',
      'instance-in-its-cloud',
      'instance-role',
      'pipeline-role-stolen',
      'instance-in-the-same-cloud',
    ];
    expect(
      wrong((one) => !isTheirs(one)).filter((id) => !withoutPeople.some((prefix) => id.startsWith(prefix))),
    ).toEqual([]);
  });

  it('resolve every address to a country and a system', () => {
    const isNowhere = ({ address, country, asn }: Event): boolean =>
      address !== '' && (country === '' || asn === 0);
    expect(wrong(({ events }) => events.some(isNowhere))).toEqual([]);
  });

  it('say of each attack when it begins, and something happens from then on; of benign ones never', () => {
    const attacks = cases.filter(({ told }) => told.scenario.story.kind !== 'benign');
    const isSilent = ({ told, events }: Case): boolean =>
      told.begins === undefined || !events.some((event) => millis(event) >= (told.begins ?? 0) - 60_000);
    expect(wrong(isSilent, attacks)).toEqual([]);
    expect(wrong(({ told }) => told.scenario.story.kind === 'benign' && told.begins !== undefined)).toEqual(
      [],
    );
    expect(
      wrong(
        ({ told }) => (told.scenario.story.kind === 'benign') !== (told.scenario.story.raises.length === 0),
      ),
    ).toEqual([]);
  });

  it('end before they say that they do', () => {
    expect(wrong(({ told, events }) => events.some((event) => millis(event) > told.ends))).toEqual([]);
  });
});

describe('a stolen cookie', () => {
  it('is used in the session that its owner signed in to', () => {
    const isAnother = ({ told, events }: Case): boolean => {
      const { begins = 0 } = told;
      const signedIn = new Set(events.flatMap(({ vouches_for }) => vouches_for));
      return events
        .filter((event) => millis(event) >= begins)
        .every(({ session_key }) => !signedIn.has(session_key));
    };
    expect(wrong(isAnother, ofStory('cookie-replay'))).toEqual([]);
  });

  it('comes from the kind of network that the story says', () => {
    const classesAfter = ({ told, events }: Case): Set<string> =>
      new Set(
        events
          .filter((event) => millis(event) >= (told.begins ?? 0))
          .map(({ network_class }) => network_class),
      );
    expect(wrong((one) => !classesAfter(one).has('tor'), ofStory('cookie-replay-tor'))).toEqual([]);
    expect(wrong((one) => !classesAfter(one).has('hosting'), ofStory('cookie-replay-script'))).toEqual([]);
    expect(wrong((one) => !classesAfter(one).has('vpn'), ofStory('cookie-replay-same-client'))).toEqual([]);
  });
});

describe('a forged session', () => {
  it('has no credential, factor or issue of its own anywhere', () => {
    // What a record inherits by its own word is no evidence.
    const isProof = ({ evidence, activity }: Event): boolean =>
      ['credential', 'mfa', 'phishing_resistant'].includes(evidence) || activity === 'token_issue';
    const hasEvidence = ({ told, events }: Case): boolean => {
      const vouched = new Set(events.filter(isProof).flatMap(({ vouches_for }) => vouches_for));
      return events.some(
        (event) =>
          millis(event) >= (told.begins ?? 0) && event.session_key !== '' && vouched.has(event.session_key),
      );
    };
    const forged = [
      ...ofStory('forged-session'),
      ...ofStory('console-session-without-login'),
      ...ofStory('claimed-mfa'),
    ];
    expect(forged.length).toBeGreaterThan(7);
    expect(wrong(hasEvidence, forged)).toEqual([]);
  });
});

describe('a world', () => {
  const some = scenarios.filter(({ id }) => id.startsWith('cookie-replay-script'));
  const told = (seed: string) => worldOf({ seed, users: 6, days: 12, start: START, scenarios: some });

  it('is the same for the same seed, and another for another', () => {
    const records = (seed: string): string => JSON.stringify(told(seed).arrivals);
    expect(records('one')).toBe(records('one'));
    expect(records('one')).not.toBe(records('two'));
  });

  it('arrives in order, nothing before it happened, and within its days', () => {
    const { arrivals, end } = told('one');
    expect(arrivals.length).toBeGreaterThan(500);
    const times = arrivals.map(({ arrives }) => arrives);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(arrivals.filter(({ told: { at }, arrives }) => arrives < at || at >= end)).toEqual([]);
  });

  it('gives the people of a story ordinary days before it', () => {
    const world = told('one');
    for (const { people, day } of world.told) {
      for (const { login } of people) {
        const before = world.arrivals.filter(
          ({ told: { who, at } }) => who === login && at < START + day * DAY,
        );
        expect(new Set(before.map(({ told: { at } }) => Math.floor(at / DAY))).size).toBeGreaterThanOrEqual(
          3,
        );
      }
    }
  });
});
