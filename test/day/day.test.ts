import { afterAll, expect, it } from 'vitest';
import { HOUR } from '../../deploy/demo/story/calendar.js';
import { readLabels, readSample } from '../demo/sample.js';
import { shifted, shiftTo } from '../demo/shift.js';
import { endAll, eventually, isRunning, startedService, storePid, temporaryFolder } from '../program.js';
import { Analyst, type SeenFinding } from './analyst.js';
import { ageSeconds, coverageSince, ofApplication, unvouchedAccessAt } from './coverage.js';
import { OKTA_LATE, officeLife, presentMoment } from './office-life.js';
import { Sender } from './sender.js';

/*
 * A day of a company, as fast as it is taken: the sample of the demo (AWS and two applications) beside a staff that
 * signs in at Okta and uses a portal by that session. Records are sent in the order of their arrival. Okta's come
 * twenty minutes late, some requests come twice, the store dies in the morning and the program is stopped at noon.
 * Findings are looked at all the time; the clock is that of the events.
 */

afterAll(endAll);

/** What was planted: whose session it claims to be, and when somebody else first used it. */
interface Planted {
  readonly user: string;
  readonly firstUse: number;
}

const isAbout = (finding: SeenFinding, { user, firstUse }: Planted): boolean =>
  finding.user?.name === user && Math.abs(Date.parse(finding.firstSeen) - firstUse) <= 1000;
const accuses = ({ state, severity }: SeenFinding): boolean =>
  state !== 'WITHDRAWN' && !['INFO', 'LOW'].includes(severity);
const statesOf = ({ revisions }: SeenFinding): string[] => revisions.map(({ state }) => state);

it('a day in the life: one source is late, store and program restart, records come twice; only what was planted stands', {
  timeout: 280_000,
}, async () => {
  const labels = await readLabels();
  const shift = shiftTo(Date.now(), labels.end);
  const end = Date.parse(labels.end) + shift;
  const office = officeLife(end);
  const sample = (await readSample()).map((delivery) => shifted(delivery, shift));
  const life = [...sample, ...office.deliveries].sort((one, other) => one.arrivesAt - other.arrivesAt);
  const planted: readonly Planted[] = [
    ...Object.values(office.planted),
    ...labels.planted.map(({ user, firstUse }) => ({ user, firstUse: Date.parse(firstUse) + shift })),
  ];

  const dataDir = temporaryFolder();
  let service = await startedService(dataDir);
  const sender = new Sender(() => service);
  const analyst = new Analyst(() => service.apiUrl);
  let sent = 0;
  let from = Number.NEGATIVE_INFINITY;
  /** Sends what arrives until some hours before the end; when the last of it was acknowledged. */
  const liveUntil = async (hoursBefore: number, batch = 25): Promise<number> => {
    const until = end - hoursBefore * HOUR;
    const due = life.filter(({ arrivesAt }) => arrivesAt > from && arrivesAt <= until);
    from = until;
    sent += due.length;
    return sender.send(due, batch);
  };
  const judged = async (acknowledgedAt: Promise<number>) => analyst.findingsAfter(await acknowledgedAt);
  const about = (findings: readonly SeenFinding[], of: Planted) =>
    findings.filter((finding) => isAbout(finding, of));

  try {
    await judged(liveUntil(10, 250));

    // People come in. The portal tells of their sessions, and Okta's word of them is on its way.
    const morning = await judged(liveUntil(8.92));
    const waiting = morning.filter(
      ({ state, application }) => state === 'PROVISIONAL' && application?.name === 'portal',
    );
    expect(waiting.length).toBeGreaterThan(0);
    expect(morning.filter(accuses).filter((each) => !planted.some((of) => isAbout(each, of)))).toEqual([]);
    const early = await coverageSince(analyst, end - 24 * HOUR);
    const [portalAge, oktaAge] = ['portal', 'Calendar'].map((name) =>
      ageSeconds(early, ofApplication(early, name)),
    );
    expect(portalAge).toBeLessThan(OKTA_LATE / 1000);
    expect(oktaAge).toBeGreaterThanOrEqual(OKTA_LATE / 1000);

    // The store dies, and is started again. Then somebody uses a session that nobody signed in to; it may still be
    // that Okta is late.
    const store = storePid(dataDir);
    process.kill(store, 'SIGKILL');
    expect(await eventually(() => !isRunning(store))).toBe(true);
    const noon = await judged(liveUntil(5.37));
    expect(about(noon, office.planted.forged)).toMatchObject([{ state: 'PROVISIONAL', severity: 'LOW' }]);
    for (const { id } of waiting) {
      const arrived = noon.find((finding) => finding.id === id);
      expect(arrived).toMatchObject({
        state: 'WITHDRAWN',
        withdrawnBecause: 'EVIDENCE',
        evidenceArrived: { source: 'okta' },
      });
    }

    // The program is stopped and started again. Okta's log has passed that use by now.
    service.process.kill('SIGTERM');
    expect(await service.ended).toEqual({ code: 0, signal: null });
    service = await startedService(dataDir);
    const afternoon = await judged(liveUntil(4));
    expect(about(afternoon, office.planted.forged)).toMatchObject([{ state: 'OPEN', severity: 'MEDIUM' }]);

    // The day ends in the present. CloudTrail's last files come some minutes after it.
    await liveUntil(-0.25);
    const now = Date.now();
    const present = presentMoment(office.open, now);
    sent += present.length;
    const evening = await judged(sender.send(present, 100));
    for (const each of planted) {
      expect(about(evening, each).filter(accuses), JSON.stringify(each)).toMatchObject([{ state: 'OPEN' }]);
    }
    expect(about(evening, office.planted.forged)).toMatchObject([{ eventCount: 2 }]);
    expect(about(evening, office.planted.stolen)).toMatchObject([{ eventCount: 5, severity: 'HIGH' }]);
    expect(about(evening, office.planted.forged).map(statesOf)).toEqual([['PROVISIONAL', 'OPEN']]);

    // What was there of the last hour, how late it was, and where nothing could be found.
    const coverage = await coverageSince(analyst, now - OKTA_LATE - 60_000);
    const [portal, okta, wiki] = ['portal', 'Calendar', 'wiki'].map((name) => ofApplication(coverage, name));
    expect(portal?.usualDelay.median).toBeLessThan(300);
    expect(okta?.usualDelay.median).toBeGreaterThanOrEqual(OKTA_LATE / 1000);
    expect(okta?.streams).toMatchObject([{ name: 'okta' }]);
    expect(okta?.streams[0]?.lagSeconds).toBeGreaterThan(OKTA_LATE / 1000);
    expect(ageSeconds(coverage, portal)).toBeLessThan(120);
    expect(ageSeconds(coverage, okta)).toBeGreaterThanOrEqual(OKTA_LATE / 1000);
    // Where midnight lies between, the forged session counts among the days before: one of them is not closed.
    expect(unvouchedAccessAt(portal)?.reason).toMatch(/^open: on 4[78] of 48 user-days|is silent since/);
    expect(unvouchedAccessAt(wiki)).toMatchObject({ canFire: false, reason: 'closure 0.00 of 0.8 needed' });

    const { events } = await analyst.ask<{ events: { totalCount: number } }>(
      '{ events(first: 1, filter: { after: "2020-01-01T00:00:00Z" }) { totalCount } }',
    );
    expect(events.totalCount).toBe(sent);
  } finally {
    await analyst.close();
  }
  expect(analyst.looks).toBeGreaterThan(20);
  const accused = analyst.seen.filter(accuses);
  expect(accused.filter((finding) => !planted.some((of) => isAbout(finding, of)))).toEqual([]);
});
