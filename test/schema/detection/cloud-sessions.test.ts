import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { access, at, DAY, type EventRow, HOUR, MINUTE } from './event-rows.js';
import { type Judging, judging } from './judging-fixture.js';

const TODAY = Date.UTC(2026, 10, 20);
const NOON = TODAY + 12 * HOUR;
const SECOND = 1000;

/** A call in a role session of AWS that was created at `created`. */
function call(time: number, user: string, created: number, more: Partial<EventRow> = {}): EventRow {
  return access(time, user, `role-${user}-${created}`, {
    source: 'cloudtrail',
    stream: 'cloudtrail:us-east-1',
    organization: '111122223333',
    application_id: 'aws',
    application_name: 'AWS',
    session_kind: 'role',
    session_created_at: at(created),
    principal_key: `principal-${user}`,
    client_kind: 'tool',
    browser: 'aws-cli',
    ...more,
  });
}

/** The issue of a role session, which names the principal alone, as a record without response elements does. */
function issue(time: number, user: string, more: Partial<EventRow> = {}): EventRow {
  return call(time, user, time, {
    activity: 'token_issue',
    evidence: 'inherited',
    session_key: `caller-${user}`,
    session_kind: 'implied',
    principal_key: '',
    session_created_at: at(0),
    vouches_for: [`principal-${user}`],
    ...more,
  });
}

function ordinaryRoleDays(users = ['ada', 'bo', 'cy', 'di']): EventRow[] {
  const rows: EventRow[] = [];
  for (let back = 9; back >= 1; back--) {
    for (const [index, user] of users.entries()) {
      const created = TODAY - back * DAY + 9 * HOUR + index * MINUTE;
      rows.push(issue(created, user), call(created + MINUTE, user, created));
    }
  }
  return rows;
}

const laterTraffic = () => {
  const created = NOON + 3 * HOUR;
  return [issue(created, 'ada'), call(created + MINUTE, 'ada', created)];
};

describe('sessions of a cloud principal', () => {
  let judge: Judging;
  beforeEach(async () => {
    judge = await judging();
    await judge.deliver(ordinaryRoleDays());
  });
  afterEach(() => judge.close());

  it('are joined to an issue up to three seconds from their creation', async () => {
    await judge.deliver([issue(NOON + 2 * SECOND, 'bo'), call(NOON + MINUTE, 'bo', NOON), ...laterTraffic()]);
    expect(await judge.findings()).toEqual([]);
    expect(await judge.verdicts()).toMatchObject({ [`role-bo-${NOON}`]: 'proven' });
  });

  it('are not joined to an issue four seconds away', async () => {
    await judge.deliver([issue(NOON + 4 * SECOND, 'bo'), call(NOON + MINUTE, 'bo', NOON), ...laterTraffic()]);
    expect(await judge.findings()).toMatchObject([{ session_key: `role-bo-${NOON}`, state: 'open' }]);
  });

  it('never share an issue: it belongs to the nearest creation alone', async () => {
    await judge.deliver([
      issue(NOON, 'bo'),
      call(NOON + MINUTE, 'bo', NOON),
      call(NOON + MINUTE, 'bo', NOON + 2 * SECOND),
      ...laterTraffic(),
    ]);
    expect(await judge.findings()).toMatchObject([
      { session_key: `role-bo-${NOON + 2 * SECOND}`, state: 'open' },
    ]);
    expect(await judge.verdicts()).toMatchObject({ [`role-bo-${NOON}`]: 'proven' });
  });

  it('are vouched for by the issue of the token that they use, even when it arrives last', async () => {
    const token = { token_key: 'token-1' };
    await judge.deliver([call(NOON + MINUTE, 'bo', NOON, token), ...laterTraffic()]);
    expect(await judge.findings()).toMatchObject([{ state: 'open' }]);
    await judge.deliver([issue(NOON, 'bo', { vouches_for: ['token-1'] })]);
    expect(await judge.findings()).toMatchObject([
      { state: 'withdrawn', withdrawn_because: 'evidence', link: 'session' },
    ]);
  });

  it('are withdrawn by the issue of their principal that arrives last', async () => {
    await judge.deliver([call(NOON + MINUTE, 'bo', NOON), ...laterTraffic()]);
    expect(await judge.findings()).toMatchObject([{ state: 'open' }]);
    await judge.deliver([issue(NOON, 'bo')]);
    expect(await judge.findings()).toMatchObject([
      { state: 'withdrawn', withdrawn_because: 'evidence', link: 'derived' },
    ]);
  });
});
