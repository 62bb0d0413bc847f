import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Processor, startProcessor } from '../../processor/processor.js';
import { installDefinitions } from '../../schema/store/definitions.js';
import { migrate } from '../../schema/store/migrate.js';
import { silentLogger } from '../processor/export/silent-logger.js';
import { type TestStore, testStore } from '../schema/store-fixture.js';

const DAY = 86_400_000;

let store: TestStore;
let processor: Processor;
let tenant = '';
let tenants = 0;

beforeAll(async () => {
  store = await testStore();
  await migrate(store.database);
  await installDefinitions(store.database);
  const key = 'a key for tests that is long enough';
  const { database } = store;
  processor = await startProcessor({
    database,
    key,
    host: '127.0.0.1',
    otlpHttpPort: 0,
    logger: silentLogger,
  });
});
afterAll(async () => {
  await processor?.close();
  await store?.close();
});
beforeEach(() => {
  tenant = `tenant ${++tenants}`;
});

interface Times {
  readonly name: string;
  /** Nanoseconds since 1970, as OTLP/JSON writes them. */
  readonly time?: string;
  readonly observed?: string;
}

/** Sends one batch, a record for each, of one session a record. */
async function post(records: readonly Times[]): Promise<void> {
  const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } });
  const logRecords = records.map(({ name, time, observed }) => ({
    ...(time === undefined ? {} : { timeUnixNano: time }),
    ...(observed === undefined ? {} : { observedTimeUnixNano: observed }),
    attributes: [attribute('session.id', `session of ${name}`), attribute('user.name', name)],
  }));
  const resource = { attributes: [attribute('vouchtrail.tenant', tenant)] };
  const response = await fetch(`${processor.otlpHttp.url}/v1/logs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }] }),
  });
  expect(await response.json()).toEqual({});
  expect(response.status).toBe(200);
}

interface Stored {
  readonly name: string;
  readonly ts: string;
  readonly observed: string;
  readonly clamped: boolean;
}

async function stored(): Promise<Stored[]> {
  const { rows } = await store.database.query<Stored>(
    `SELECT user_name AS name, toString(toUnixTimestamp64Nano(ts)) AS ts,
      toString(toUnixTimestamp64Nano(observed_at)) AS observed, time_clamped AS clamped
    FROM report_events WHERE tenant = {tenant:String} ORDER BY name`,
    { tenant },
  );
  return rows;
}

const nanos = (milliseconds: number, more = '000000'): string => `${milliseconds}${more}`;
const NOW = Date.now();
const OBSERVED = nanos(NOW - 5_000, '000123');

it.each([
  ['nothing', undefined],
  ['time 0', '0'],
  ['the first second of 1970', '1000000000'],
  ['seconds where nanoseconds belong', String(Math.floor(NOW / 1000))],
  ['the end of 2014', nanos(Date.UTC(2014, 11, 31))],
  ['two days ahead', nanos(NOW + 2 * DAY)],
  ['the year 2262', '9223372036854775807'],
  ['the greatest number there is', '18446744073709551615'],
])(
  'a clock that says %s is not believed: the observed time counts, or that of arrival',
  async (what, time) => {
    const said = time === undefined ? {} : { time };
    const before = Date.now();
    await post([
      { name: 'not observed', ...said },
      { name: 'observed', ...said, observed: OBSERVED },
      { name: 'observed wrongly', ...said, observed: time ?? '7' },
    ]);
    const [nobody, observed, wrongly] = await stored();
    expect(observed).toMatchObject({ ts: OBSERVED, observed: OBSERVED });
    // Without a time of its own a record has that at which it was observed, as OpenTelemetry says: nothing is wrong.
    expect(observed?.clamped).toBe(!['nothing', 'time 0'].includes(what));
    for (const event of [nobody, wrongly]) {
      expect(event?.clamped).toBe(true);
      expect(event?.ts).toBe(event?.observed);
      expect(Number(event?.ts) / 1e6).toBeGreaterThanOrEqual(before - 1);
      expect(Number(event?.ts) / 1e6).toBeLessThanOrEqual(Date.now() + 1);
    }
  },
);

it.each([
  ['the first second of 2015', nanos(Date.UTC(2015, 0, 1))],
  ['nine digits of a second', nanos(NOW - DAY, '123457')],
  ['an hour behind', nanos(NOW - 3_600_000)],
  ['an hour ahead', nanos(NOW + 3_600_000)],
])('a clock that says %s is believed to the last digit', async (_what, time) => {
  await post([{ name: 'ada', time, observed: OBSERVED }]);
  expect(await stored()).toEqual([{ name: 'ada', ts: time, observed: OBSERVED, clamped: false }]);
});

it('a batch of broken clocks that comes five times is there once', async () => {
  const batch = [
    { name: 'none' },
    { name: 'zero', time: '0', observed: '0' },
    { name: '1970', time: '1000000000' },
    { name: 'future', time: nanos(NOW + 400 * DAY) },
    { name: 'observed', time: '1', observed: OBSERVED },
  ];
  for (let times = 0; times < 5; times++) await post(times % 2 === 0 ? batch : batch.toReversed());
  expect((await stored()).map(({ name }) => name)).toEqual(['1970', 'future', 'none', 'observed', 'zero']);
  const { rows } = await store.database.query(
    `SELECT uniqExact(user_key, ts, event_id) AS events, (SELECT count() FROM sessions FINAL
      WHERE tenant = {tenant:String} AND first_ts = last_ts) AS sessions
    FROM user_events WHERE tenant = {tenant:String}`,
    { tenant },
  );
  expect(rows).toEqual([{ events: 5, sessions: 5 }]);
});

it('one batch over 130 months is stored whole, each event in its month', async () => {
  const today = new Date();
  const months = Array.from({ length: 130 }, (_, back) =>
    Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - back, 1, 0, 0, back),
  );
  await post(months.map((at, back) => ({ name: `month ${back}`, time: nanos(at) })));
  expect(await stored()).toHaveLength(130);
  const { rows } = await store.database.query<{ months: number; misplaced: number }>(
    `SELECT uniqExact(_partition_id) AS months, countIf(toString(toYYYYMM(ts)) != _partition_id) AS misplaced
    FROM events WHERE tenant = {tenant:String}`,
    { tenant },
  );
  expect(rows).toEqual([{ months: 130, misplaced: 0 }]);
  const { rows: sessions } = await store.database.query(
    'SELECT uniqExact(session_key) AS sessions FROM sessions WHERE tenant = {tenant:String}',
    { tenant },
  );
  expect(sessions).toEqual([{ sessions: 130 }]);
});
