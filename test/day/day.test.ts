import { afterAll, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../deploy/demo/story/calendar.js';
import { type Delivery, readLabels, readSample } from '../demo/sample.js';
import { shifted, shiftTo } from '../demo/shift.js';
import { endAll, eventually, isRunning, startedService, storePid, temporaryFolder } from '../program.js';
import { Analyst, type SeenFinding } from './analyst.js';
import { type Coverage, coverageNow } from './coverage.js';
import { OKTA_LATE, officeLife, presentMoment } from './office-life.js';
import { Sender } from './sender.js';

/*
 * A day of a company as its people live it: the sample of the demo (AWS and two applications) beside a staff that
 * signs in at Okta and uses a portal. Okta's log comes twenty minutes late, the others at once; records come twice;
 * in the morning the store dies, at noon the program is stopped. The day is told in the order of arrival, as fast as
 * it is taken; the clock is that of the events.
 */

afterAll(endAll);

/** What was planted: whose session it claims to be, and when it was first used. */
interface Planted {
  readonly user: string;
  readonly firstUse: number;
}

const isAbout = (finding: SeenFinding, { user, firstUse }: Planted): boolean =>
  finding.user?.name === user && Math.abs(Date.parse(finding.firstSeen) - firstUse) <= 1000;
const accuses = ({ state, severity }: SeenFinding): boolean =>
  state !== 'WITHDRAWN' && severity !== 'INFO' && severity !== 'LOW';

it('a day in the life: two sources live, one late, restarts, duplicates; who is ordinary is left alone', {
  timeout: 280_000,
}, async () => {
  const labels = await readLabels();
  const shift = shiftTo(Date.now(), labels.end);
  const end = Date.parse(labels.end) + shift;
  const office = officeLife(end);
  const sample = (await readSample()).map((delivery) => shifted(delivery, shift));
  const life = [...sample, ...office.deliveries].sort((one, other) => one.arrivesAt - other.arrivesAt);
  const [forged, stolen] = ['forged', 'stolen'].map((what) => office.planted.find((each) => each.what === what));
  if (forged === undefined || stolen === undefined) throw new Error('nothing was planted');
  const planted: Planted[] = [
    ...office.planted,
    ...labels.planted.map(({ user, firstUse }) => ({ user, firstUse: Date.parse(firstUse) + shift })),
  ];

  const dataDir = temporaryFolder();
  let service = await startedService(dataDir);
  const sender = new Sender(() => service);
  const analyst = new Analyst(() => service.apiUrl);
  let from = Number.NEGATIVE_INFINITY;
  /** Sends what arrives until some hours before the end, in small requests, and looks when it is judged. */
  const liveUntil = async (hoursBefore: number, batch = 25): Promise<readonly SeenFinding[]> => {
    const until = end - hoursBefore * HOUR;
    const due = life.filter(({ arrivesAt }) => arrivesAt > from && arrivesAt <= until);
    from = until;
    return analyst.findingsAfter(await sender.send(due, batch));
  };
  const about = (findings: readonly SeenFinding[], of: Planted) => findings.filter((each) => isAbout(each, of));

  // Ten days before; nothing of them is wrong but a console session of yesterday.
  await liveUntil(10, 250);

  // People come in. The portal knows their sessions, Okta's word of them is on its way.
  const morning = await liveUntil(8.92);
  const waiting = morning.filter(({ state }) => state === 'PROVISIONAL');
  console.log('waiting', waiting.map((f) => [f.user?.name, f.state, f.severity, f.title]));
  expect(waiting.length).toBeGreaterThan(0);
  expect(waiting.filter(accuses)).toEqual([]);

  // The store dies; the program starts it again and nothing is lost.
  const store = storePid(dataDir);
  process.kill(store, 'SIGKILL');
  expect(await eventually(() => !isRunning(store))).toBe(true);
  const noon = await liveUntil(6.5);
  for (const { id } of waiting) {
    expect(noon.find((finding) => finding.id === id)).toMatchObject({
      state: 'WITHDRAWN',
      withdrawnBecause: 'EVIDENCE',
      evidenceArrived: { source: 'okta' },
    });
  }

  // Somebody uses a session that nobody signed in to. It might still be that Okta is late.
  const early = await liveUntil(5.37);
  console.log('early', about(early, forged).map((f) => [f.user?.name, f.state, f.severity, f.title]));
  expect(about(early, forged)).toMatchObject([{ state: 'PROVISIONAL', severity: 'LOW' }]);

  // The program is stopped and started again; senders keep what they have until it is back.
  service.process.kill('SIGTERM');
  expect(await service.ended).toEqual({ code: 0, signal: null });
  service = await startedService(dataDir);
  const afternoon = await liveUntil(4);
  console.log('afternoon', about(afternoon, forged).map((f) => [f.user?.name, f.state, f.severity, f.title]));
  expect(about(afternoon, forged)).toMatchObject([{ state: 'OPEN', severity: 'MEDIUM' }]);

  await liveUntil(0);
  const now = Date.now();
  const acknowledgedAt = await sender.send(presentMoment(office.open, now), 100);
  const evening = await analyst.findingsAfter(acknowledgedAt);
  console.log('evening', evening.filter(accuses).map((f) => [f.user?.name, f.state, f.severity, f.title]));
  for (const each of planted) {
    expect(about(evening, each).filter(accuses), JSON.stringify(each)).toMatchObject([{ state: 'OPEN' }]);
  }
  expect(about(evening, forged)[0]?.revisions.map(({ state }) => state)).toEqual(['PROVISIONAL', 'OPEN']);

  const coverage = await coverageNow(analyst, now);
  console.log(JSON.stringify(coverage, null, 1));
  await analyst.close();
  console.log('looks', analyst.looks, new Set(analyst.seen.map((f) => `${f.state} ${f.severity} ${f.correlation.id}`)));
  const accused = analyst.seen.filter((f) => accuses(f) && !planted.some((each) => isAbout(f, each)));
  expect(accused).toEqual([]);

  const records = new Set([...life].map(({ record }) => JSON.stringify(record))).size;
  console.log(records);
});
