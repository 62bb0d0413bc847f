import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { generateSample } from '../deploy/demo/generate.js';
import { DAY, HOUR, MINUTE } from '../deploy/demo/story/calendar.js';
import { NETWORKS } from '../deploy/demo/story/networks.js';
import type { Event } from '../schema/event.js';
import { type Received, received } from './demo/events.js';
import { type Delivery, type Labels, readLabels, readSample } from './demo/sample.js';
import { type SampleSession, sessionsOf } from './demo/sessions.js';
import { shifted, shiftTo } from './demo/shift.js';

let labels: Labels;
let sample: Delivery[];
let end: number;
let all: Received;
let sessions: SampleSession[];

beforeAll(async () => {
  labels = await readLabels();
  sample = await readSample();
  end = Date.parse(labels.end);
  all = received(sample, end + HOUR);
  sessions = sessionsOf(all.events);
});

const milliseconds = (event: Event): number => Number(event.ts / 1_000_000n);

describe('the sample of the demo', () => {
  test('is what its generator writes', async () => {
    for (const [name, text] of Object.entries(generateSample())) {
      const file = await readFile(new URL(`../deploy/demo/${name}`, import.meta.url), 'utf8');
      expect(file === text, `${name}: run node --import tsx deploy/demo/generate.ts`).toBe(true);
    }
  });

  test('tells nine days or more, up to its end, and is small', () => {
    const times = sample.map(({ at }) => at);
    expect(Math.max(...times)).toBe(end);
    expect(end - Math.min(...times)).toBeGreaterThan(9 * DAY);
    const bytes = Object.values(generateSample()).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    expect(bytes).toBeLessThan(3_000_000);
  });

  test('is understood to the last record', () => {
    expect(all.failures).toEqual([]);
    expect(all.unrecognised).toBe(0);
    expect(all.events).toHaveLength(sample.length);
    expect(new Set(all.events.map((event) => event.event_id)).size).toBe(sample.length);
    expect(all.events.filter((event) => event.time_clamped)).toEqual([]);
  });

  test.each(['cloudtrail', 'otel'])('has eight users or more in %s', (source) => {
    const users = all.events.filter((event) => event.source === source && !event.session_implied);
    expect(new Set(users.map((event) => event.user_key)).size).toBeGreaterThanOrEqual(8);
  });

  test('has more to tell on working days than at the weekend', () => {
    const people = all.events.filter((event) => event.client_kind === 'browser');
    const counts = new Map<number, number>();
    for (const event of people) {
      const weekday = new Date(milliseconds(event)).getUTCDay();
      counts.set(weekday, (counts.get(weekday) ?? 0) + 1);
    }
    const weekend = Math.max(counts.get(0) ?? 0, counts.get(6) ?? 0);
    for (const weekday of [1, 2, 3, 4, 5]) expect(counts.get(weekday)).toBeGreaterThan(2 * weekend);
  });

  test.each(Object.entries(NETWORKS))('finds %s where the story says it is', (_, network) => {
    const there = all.events.filter(({ address }) => address.startsWith(network.prefix));
    expect(there.length).toBeGreaterThan(0);
    for (const event of there) {
      const { country, asn, network_class: networkClass } = event;
      expect({ country, asn, networkClass }).toEqual({
        country: network.country,
        asn: network.asn,
        networkClass: network.networkClass,
      });
    }
  });

  test('uses no address outside of the networks of the story', () => {
    const prefixes = Object.values(NETWORKS).map(({ prefix }) => prefix);
    const strange = all.events.filter(
      ({ address }) => address !== '' && !prefixes.some((prefix) => address.startsWith(prefix)),
    );
    expect(strange.map(({ address }) => address)).toEqual([]);
  });

  test('has records of every stream at its end, so that all watermarks pass what was planted', () => {
    const newest = new Map<string, number>();
    for (const event of all.events) {
      newest.set(event.stream, Math.max(newest.get(event.stream) ?? 0, milliseconds(event)));
    }
    expect(newest.size).toBeGreaterThanOrEqual(5);
    for (const at of newest.values()) expect(end - at).toBeLessThan(5 * MINUTE);
    for (const { lastUse } of labels.planted) expect(end - Date.parse(lastUse)).toBeGreaterThan(45 * MINUTE);
  });
});

describe('the labels of the sample', () => {
  test('name each session that nothing vouches for, but those older than the logs', () => {
    const bare = sessions.filter(({ vouched }) => !vouched);
    const [older, planted] = [isOlder, (session: SampleSession) => !isOlder(session)].map((which) =>
      bare
        .filter(which)
        .map(({ source, kind, user, uses }) => ({ source, kind, user, records: uses.length })),
    );
    expect(planted).toHaveLength(labels.planted.length);
    expect(planted).toEqual(
      expect.arrayContaining(
        labels.planted.map(({ source, kind, user, records }) => ({
          source,
          kind: kind.toLowerCase(),
          user,
          records,
        })),
      ),
    );
    expect(older?.map(({ user }) => user).sort()).toEqual(['kenji.tanaka', 'yuki.sato']);
  });

  test.each([0, 5, 11, 17, 23])('are found with gates open, %i hours later in the day', (hours) => {
    for (const planted of labels.planted) {
      const at = Date.parse(planted.firstUse) + hours * HOUR;
      const judged = sessions.find(({ user, kind, vouched, source }) => {
        return (
          !vouched &&
          user === planted.user &&
          source === planted.source &&
          kind === planted.kind.toLowerCase()
        );
      });
      expect(judged).toBeDefined();
      const gate = gateOf(judged as SampleSession, Math.floor(at / DAY), hours * HOUR);
      expect(gate.users).toBeGreaterThanOrEqual(3);
      expect(gate.days).toBeGreaterThanOrEqual(5);
      expect(wilsonLower(gate.closed, gate.days)).toBeGreaterThanOrEqual(0.8);
    }
  });

  test('name people who are in the sample', () => {
    const users = new Set(all.events.map((event) => event.user_name));
    for (const { user } of labels.planted) expect(users).toContain(user);
    for (const { users: named } of labels.benign)
      expect([...users]).toEqual(expect.arrayContaining([...named]));
  });

  /** Created before the first record of its source, or unknown and within a week of it. */
  function isOlder(session: SampleSession): boolean {
    const first = Math.min(...all.events.filter(({ source }) => source === session.source).map(milliseconds));
    const [use] = session.uses;
    if (use === undefined) return false;
    const created = Number(use.session_created_at / 1_000_000n);
    return created > 0 ? created < first : milliseconds(use) - 7 * DAY < first;
  }

  /** The user-days of the eight days before, without the judged user. */
  function gateOf(judged: SampleSession, day: number, shift: number) {
    const closed = new Map<string, boolean>();
    const users = new Set<string>();
    for (const session of sessions) {
      const { source, kind, application, user } = session;
      if (source !== judged.source || kind !== judged.kind || application !== judged.application) continue;
      if (user === judged.user) continue;
      for (const use of session.uses) {
        const used = Math.floor((milliseconds(use) + shift) / DAY);
        if (used < day - 8 || used > day - 1) continue;
        users.add(user);
        closed.set(`${user} ${used}`, (closed.get(`${user} ${used}`) ?? true) && session.vouched);
      }
    }
    const values = [...closed.values()];
    return { users: users.size, days: values.length, closed: values.filter(Boolean).length };
  }

  function wilsonLower(hits: number, trials: number): number {
    const share = hits / trials;
    const spread = Math.sqrt((share * (1 - share)) / trials + 1 / (4 * trials * trials));
    return (share + 1 / (2 * trials) - spread) / (1 + 1 / trials);
  }
});

describe('what only looks like an attack', () => {
  const of = (user: string, kind: string): SampleSession[] =>
    sessions.filter((session) => session.user === user && session.kind === kind && session.vouched);
  const most = (found: readonly SampleSession[], what: (event: Event) => unknown): number =>
    Math.max(...found.map(({ uses }) => new Set(uses.map(what)).size));
  const days = (event: Event): number => Math.floor(milliseconds(event) / DAY);

  test('phones that change from Wi-Fi to a carrier within a session', () => {
    for (const user of ['arjun.mehta', 'noah.miller', 'priya.nair']) {
      const classes = of(user, 'browser').map(({ uses }) => new Set(uses.map((use) => use.network_class)));
      expect(classes).toContainEqual(new Set(['residential', 'mobile']));
    }
  });

  test('sign-ins that arrive after what they vouch for', () => {
    const places = new Map(all.events.map((event, place) => [event.event_id, place]));
    const signIns = all.events.filter((event) => event.activity === 'sign_in' && event.source === 'otel');
    const late = signIns.filter((signIn) => {
      const uses = sessions.find(({ key }) => key === signIn.session_key)?.uses ?? [];
      return uses.some((use) => (places.get(use.event_id) ?? 0) < (places.get(signIn.event_id) ?? 0));
    });
    expect(new Set(late.map((event) => event.user_name))).toEqual(new Set(['oliver.jones']));
    expect(late.length).toBeGreaterThanOrEqual(3);
  });

  test('sessions of three days, of two browser versions, of both internet protocols, of a dozen keys', () => {
    expect(most(of('sofia.alvarez', 'browser'), days)).toBeGreaterThanOrEqual(3);
    expect(most(of('claire.dubois', 'browser'), (use) => use.browser_version)).toBe(2);
    expect(most(of('noah.miller', 'browser'), (use) => use.address.includes(':'))).toBe(2);
    expect(most(of('jonas.weber', 'console'), (use) => use.token_key)).toBeGreaterThanOrEqual(12);
  });

  test('runners that move, a VPN, a network that changes daily, work by AWS on behalf of somebody', () => {
    const networks = of('ci-deploy', 'role').flatMap(({ uses }) => uses.map((use) => use.network));
    expect(new Set(networks).size).toBeGreaterThanOrEqual(2);
    const classes = of('lucia.fernandez', 'browser').flatMap(({ uses }) =>
      uses.map((use) => use.network_class),
    );
    expect(new Set(classes)).toEqual(new Set(['vpn']));
    const homes = of('jonas.weber', 'console').map(
      ({ uses }) => uses.find((use) => use.address !== '')?.address,
    );
    expect(new Set(homes).size).toBeGreaterThanOrEqual(5);
    const onBehalf = of('amara.okafor', 'role').flatMap(({ uses }) =>
      uses.filter((use) => use.address === ''),
    );
    expect(onBehalf.length).toBeGreaterThanOrEqual(1);
  });

  test('roles taken on in the console, and log-ins that another region records', () => {
    expect(of('david.cohen', 'console').some(({ uses }) => uses[0]?.user_id.startsWith('AROA'))).toBe(true);
    const logIns = all.events.filter((event) => event.vendor_event_type === 'ConsoleLogin');
    const elsewhere = logIns.filter((logIn) => {
      const work = sessions.find(({ key }) => key === logIn.session_key)?.uses ?? [];
      return work.length > 0 && work.every((use) => use.region !== logIn.region);
    });
    expect(elsewhere.length).toBeGreaterThanOrEqual(20);
  });
});

describe('moving the sample in time', () => {
  const now = Date.parse('2027-02-28T23:59:59.750Z');

  test('ends now and leaves nothing in the future', () => {
    const by = shiftTo(now, labels.end);
    const times = sample.map((delivery) => shifted(delivery, by).at);
    expect(now - Math.max(...times)).toBeGreaterThanOrEqual(0);
    expect(now - Math.max(...times)).toBeLessThan(1000);
  });

  test('keeps every session, what vouches for it, and every distance in time', () => {
    const by = shiftTo(now, labels.end);
    const moved = received(
      sample.map((delivery) => shifted(delivery, by)),
      now + HOUR,
    );
    const nanoseconds = BigInt(by) * 1_000_000n;
    expect(moved.events.map((event) => event.ts - nanoseconds)).toEqual(all.events.map((event) => event.ts));
    const facts = (session: SampleSession) => [
      session.user,
      session.kind,
      session.uses.length,
      session.vouched,
    ];
    expect(sessionsOf(moved.events).map(facts)).toEqual(sessions.map(facts));
  });

  test('moves the expiry of temporary credentials along', () => {
    const issue = sample.find(({ record }) => record.body?.stringValue.includes('"expiration"'));
    const text = issue === undefined ? '' : shifted(issue, 40 * DAY).record.body?.stringValue;
    const expiry = (json: string | undefined): number =>
      Date.parse(`${JSON.parse(json ?? '{}').responseElements.credentials.expiration} UTC`);
    expect(expiry(text) - expiry(issue?.record.body?.stringValue)).toBe(40 * DAY);
  });
});
