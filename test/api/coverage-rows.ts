import { at, closureRows, eventRow, findingRow, key, type Rows } from './rows.js';

const HOUR = 60;
const DAY = 24 * HOUR;

/** Seconds after a moment, as a time of arrival. */
function after(minutes: number, seconds: number): string {
  return at(minutes + seconds / 60)
    .slice(0, 19)
    .concat('.000');
}

const okta = { source: 'okta', stream: 'okta:system', organization: 'acme' };
const aws = { source: 'cloudtrail', organization: '1111' };

/**
 * Four sources, seen on Monday 2026-03-02 shortly after noon: Okta, which brought something every hour for three weeks,
 * but for an outage on Friday, and is silent since 6 o'clock; CloudTrail in two regions; Entra, which stopped 20 days
 * ago; and an application, whose newest record is the tenant's clock.
 */
export const COVERAGE_ROWS: Rows = {
  events: [
    ...[...Array(21 * 24 + 6).keys()]
      .map((nth) => (nth - 21 * 24) * HOUR + 30)
      .filter((minutes) => minutes < -3 * DAY + 10 * HOUR || minutes > -3 * DAY + 13 * HOUR)
      .map((minutes) =>
        eventRow(`okta ${minutes}`, at(minutes), { ...okta, ingested_at: after(minutes, 60) }),
      ),
    ...[...Array(10).keys()].map((nth) =>
      eventRow(`aws ${nth}`, at(nth * 10), {
        ...aws,
        ingested_at: after(nth * 10, nth === 9 ? 600 : 120),
        region: 'eu-west-1',
        stream: 'cloudtrail:eu-west-1',
        session_key: nth < 8 ? key(`aws ${nth}`) : '',
        user_agent: nth < 5 ? 'Firefox' : '',
        address: '192.0.2.1',
        evidence: nth === 0 ? 'mfa' : 'none',
        claimed_mfa: nth === 1,
      }),
    ),
    // An id that stands for user and day is no session id.
    eventRow('implied', at(200), {
      ...aws,
      region: 'us-east-1',
      stream: 'cloudtrail:us-east-1',
      session_key: key('implied'),
      session_implied: true,
    }),
    eventRow('entra', at(-20 * DAY), { source: 'entra', stream: 'entra:interactive', organization: 'acme' }),
    eventRow('clock', at(12 * HOUR + 5), {
      application_id: 'shop',
      application_name: 'Shop',
      session_key: key('s'),
    }),
    eventRow('of others', at(12 * HOUR + 50), { tenant: 'other', source: 'okta', organization: 'others' }),
  ],
  closures: [
    ...closureRows('cloudtrail|1111|console|', ['a', 'b', 'c']),
    ...closureRows('cloudtrail|1111|role|', ['a', 'b'], { days: 2 }),
    ...closureRows('cloudtrail|1111|cli|', ['a', 'b', 'c'], { days: 2, open: ['a', 'b', 'c'] }),
    ...closureRows('okta|acme|browser|', ['a', 'b', 'c']),
    ...closureRows('otel||browser|shop', ['a', 'b', 'c'], { fields: { tenant: 'other' } }),
  ],
  findings: [
    findingRow('gap', {
      correlation: 'evidence-gap',
      story: 'cell',
      subject: 'cloudtrail|1111|cli|',
      sources: ['cloudtrail'],
      organization: '1111',
      first_seen: at(-DAY),
      last_seen: at(-DAY),
    }),
    findingRow('closed gap', {
      correlation: 'evidence-gap',
      story: 'cell',
      subject: 'okta|acme|browser|',
      state: 'withdrawn',
      withdrawn_because: 'evidence',
    }),
    findingRow('gap of others', {
      tenant: 'other',
      correlation: 'evidence-gap',
      story: 'cell',
      subject: 'x',
    }),
  ],
};

const opened = (cell: string, day: string, open: number) => ({
  tenant: 'default',
  cell,
  day,
  open_for_others: open,
  version: 1,
});

/** Tables that the scheduler fills from what it learns. */
export const LEARNED: Readonly<Record<string, readonly object[]>> = {
  cell_gates: [
    opened('cloudtrail|1111|cli|', '2026-02-20', 1),
    opened('cloudtrail|1111|cli|', '2026-02-25', 1),
    opened('cloudtrail|1111|cli|', '2026-03-02', 0),
    opened('cloudtrail|1111|role|', '2026-01-15', 1),
    opened('cloudtrail|1111|console|', '2026-03-02', 1),
  ],
  cell_streams: [{ tenant: 'default', cell: 'okta|acme|browser|', ...okta }],
  stream_clocks: [
    {
      tenant: 'default',
      ...okta,
      disorder_seconds: 120,
      gap_seconds: [3_600, 3_700, 3_600, 3_600, 3_600, 3_600],
      version: 1,
    },
  ],
};
