import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { access, DAY, type EventRow, HOUR, MINUTE, ordinaryDays, signIn } from './event-rows.js';
import { fromHosting, visitAt } from './forged-session.js';
import { type Judging, judging } from './judging-fixture.js';

const TODAY = Date.UTC(2026, 5, 18);
const NOON = TODAY + 12 * HOUR;

describe('evidence that comes late', () => {
  let judge: Judging;
  beforeEach(async () => {
    judge = await judging();
  });
  afterEach(() => judge.close());

  const bySession = async () =>
    Object.fromEntries((await judge.findings()).map((finding) => [finding.session_key, finding]));

  it('withdraws an open finding up to 24 hours later, by the event that vouches', async () => {
    await judge.deliver([
      ...ordinaryDays(TODAY),
      access(NOON, 'bo', 'late', fromHosting),
      ...visitAt(NOON + HOUR),
    ]);
    expect(await bySession()).toMatchObject({ late: { state: 'open', severity: 'medium', revision: 1 } });
    const evidence = signIn(NOON - MINUTE, 'bo', 'late', fromHosting);
    await judge.deliver([...visitAt(NOON + 24 * HOUR - 10 * MINUTE), evidence]);
    expect(await bySession()).toMatchObject({
      late: {
        state: 'withdrawn',
        withdrawn_because: 'evidence',
        evidence_event_id: evidence.event_id,
        verdict: 'proven',
        revision: 2,
      },
    });
  });

  it('withdraws a provisional finding, whose streams were behind all the time', async () => {
    const provider = { stream: 'otel:provider' };
    const own = (row: EventRow): EventRow => (row.activity === 'sign_in' ? { ...row, ...provider } : row);
    await judge.deliver([
      ...ordinaryDays(TODAY).map(own),
      access(NOON, 'bo', 'late', fromHosting),
      access(NOON + HOUR, 'cy', 'cy-today'),
    ]);
    expect(await bySession()).toMatchObject({ late: { state: 'provisional', severity: 'low' } });
    await judge.deliver([access(NOON + 23 * HOUR, 'cy', 'cy-today')]);
    expect(await bySession()).toMatchObject({ late: { state: 'provisional' } });
    const evidence = signIn(NOON - MINUTE, 'bo', 'late', { ...fromHosting, ...provider });
    await judge.deliver([evidence, signIn(NOON + 30 * MINUTE, 'cy', 'cy-today', provider)]);
    expect(await bySession()).toMatchObject({
      late: { state: 'withdrawn', withdrawn_because: 'evidence', evidence_event_id: evidence.event_id },
      'cy-today': { state: 'withdrawn', withdrawn_because: 'evidence' },
    });
  });

  it('proves a session whose finding was withdrawn for want of coverage', async () => {
    await judge.deliver([...ordinaryDays(TODAY), access(NOON, 'bo', 'late', fromHosting)]);
    await judge.lookAgain(Date.now() + DAY + HOUR);
    expect(await bySession()).toMatchObject({ late: { state: 'withdrawn', withdrawn_because: 'coverage' } });
    await judge.deliver([signIn(NOON - MINUTE, 'bo', 'late', fromHosting)], Date.now() + DAY + 2 * HOUR);
    expect(await judge.verdicts()).toMatchObject({ late: 'proven' });
    expect(await bySession()).toMatchObject({ late: { state: 'withdrawn' } });
  });

  it('opens a finding again that was taken back for a gap which late evidence has filled', async () => {
    await judge.deliver([
      ...ordinaryDays(TODAY),
      access(NOON, 'bo', 'forged', fromHosting),
      ...visitAt(NOON + HOUR),
    ]);
    const users = ['ed', 'fay', 'gus', 'hal', 'ida'];
    const days = [8, 7, 6, 5, 4, 3, 2, 1];
    const began = (back: number): number => TODAY - back * DAY + 10 * HOUR;
    await judge.deliver(
      users.flatMap((user) => days.map((back) => access(began(back), user, `${user}-${back}`))),
    );
    expect(await bySession()).toMatchObject({
      forged: { state: 'withdrawn', withdrawn_because: 'coverage' },
    });
    await judge.deliver(
      users.flatMap((user) => days.map((back) => signIn(began(back) - MINUTE, user, `${user}-${back}`))),
    );
    expect(await bySession()).toMatchObject({
      forged: { state: 'open', withdrawn_because: '', verdict: 'unvouched', revision: 3 },
    });
  });
});

describe('a provisional finding whose evidence never comes and whose gate never passes', () => {
  it("is withdrawn after 24 hours of the tenant's clock, of Microsoft 365 after 48", async () => {
    const judge = await judging();
    // Two applications whose streams stop at ten; a third goes on, and so does the clock.
    const mail = { source: 'm365', stream: 'm365', application_id: 'mail', application_name: 'mail' };
    const wiki = { source: 'okta', stream: 'okta', application_id: 'wiki', application_name: 'wiki' };
    const inMail = (row: EventRow): EventRow => ({
      ...row,
      ...mail,
      event_id: `mail-${row.event_id}`,
      session_key: `mail-${row.session_key}`,
      vouches_for: row.vouches_for.map((key) => `mail-${key}`),
    });
    const days = ordinaryDays(TODAY);
    await judge.deliver([
      ...days,
      ...days.map(inMail),
      access(NOON, 'bo', 'forged', fromHosting),
      access(NOON, 'bo', 'forged-mail', { ...fromHosting, ...mail }),
    ]);
    const states = async () =>
      Object.fromEntries(
        (await judge.findings()).map((finding) => [
          finding.session_key,
          `${finding.state} ${finding.withdrawn_because}`.trim(),
        ]),
      );
    const told: Record<number, Record<string, string>> = {};
    for (const hours of [23, 25, 47, 49]) {
      await judge.deliver([access(NOON + hours * HOUR, 'cy', 'cy-wiki', wiki)]);
      told[hours] = await states();
    }
    expect(told).toEqual({
      23: { forged: 'provisional', 'forged-mail': 'provisional' },
      25: { forged: 'withdrawn coverage', 'forged-mail': 'provisional' },
      47: { forged: 'withdrawn coverage', 'forged-mail': 'provisional' },
      49: { forged: 'withdrawn coverage', 'forged-mail': 'withdrawn coverage' },
    });
    await judge.close();
  });
});
