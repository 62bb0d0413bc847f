import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migratedStore, startTestApi } from './api-fixture.js';
import { type Covered, covered } from './coverage-fixture.js';
import { COVERAGE_ROWS } from './coverage-rows.js';
import { insert } from './rows.js';

let on: Covered;
beforeAll(async () => {
  on = await covered();
});
afterAll(() => on.close());

const PLACE = 'source organization region application { id name }';

describe('coverage of sources', () => {
  it('tells of each source, organization, region and application what it brought in a week', async () => {
    const { sources, sourceCount, since, until } = await on.coverage(
      `since until sourceCount sources { ${PLACE} events newest usualDelay { median percentile99 }
        shares { sessionId device userAgent address mfa } }`,
    );
    expect(since).toBe('2026-02-23T12:00:00Z');
    expect(until).toMatch(/^2026-03-02T12:(0[5-9]|[1-4])/);
    expect(sourceCount).toBe(5);
    const none = { sessionId: 0, device: 0, userAgent: 0, address: 0, mfa: 0 };
    expect(sources).toEqual([
      {
        source: 'cloudtrail',
        organization: '1111',
        region: 'eu-west-1',
        application: null,
        events: '10',
        newest: '2026-03-02T01:30:00Z',
        usualDelay: { median: 120, percentile99: expect.closeTo(600, -2) },
        shares: { sessionId: 0.8, device: 0, userAgent: 0.5, address: 1, mfa: 0.2 },
      },
      expect.objectContaining({ region: 'us-east-1', events: '1', shares: none }),
      // It was there within the four weeks before, and brings nothing any more.
      {
        source: 'entra',
        organization: 'acme',
        region: null,
        application: null,
        events: '0',
        newest: '2026-02-10T00:00:00Z',
        usualDelay: { median: null, percentile99: null },
        shares: { sessionId: null, device: null, userAgent: null, address: null, mfa: null },
      },
      expect.objectContaining({ source: 'okta', events: String(7 * 24 - 6 - 3) }),
      expect.objectContaining({
        source: 'otel',
        organization: null,
        application: { id: 'shop', name: 'Shop' },
        shares: { ...none, sessionId: 1 },
      }),
    ]);
  });

  it('tells the same by the hour', async () => {
    const { sources } = await on.coverage(
      'sources { source region events hours { hour events usualDelay { median } shares { sessionId } } }',
    );
    for (const { events, hours } of sources) {
      const total = hours.reduce((sum: number, hour: { events: number }) => sum + hour.events, 0);
      expect(String(total)).toBe(events);
      const times = hours.map((hour: { hour: string }) => hour.hour);
      expect(times).toEqual([...new Set<string>(times)].sort());
    }
    const [aws] = sources;
    expect(aws.hours).toEqual([
      { hour: '2026-03-02T00:00:00Z', events: 6, usualDelay: { median: 120 }, shares: { sessionId: 1 } },
      { hour: '2026-03-02T01:00:00Z', events: 4, usualDelay: { median: 120 }, shares: { sessionId: 0.5 } },
    ]);
  });

  it('counts an event that comes again once', async () => {
    const asked = { filter: { sources: ['cloudtrail'], regions: ['us-east-1'] } };
    const before = await on.coverage('sources { events shares { sessionId } hours { events } }', asked);
    const [again] = COVERAGE_ROWS.events?.filter((row) => row['region'] === 'us-east-1') ?? [];
    for (let times = 0; times < 3; times++)
      await insert(on.store.database, { events: [again as object as never] });
    expect(await on.coverage('sources { events shares { sessionId } hours { events } }', asked)).toEqual(
      before,
    );
  });

  it.each<[string, object, string[]]>([
    ['a source', { sources: ['okta'] }, ['okta']],
    ['a region', { regions: ['eu-west-1'] }, ['cloudtrail']],
    ['an organization', { organizations: ['acme'] }, ['entra', 'okta']],
    ['an application by name', { applications: ['Shop'] }, ['otel']],
    ['an application by id', { applications: ['shop'] }, ['otel']],
    ['what is not there', { sources: ['okta'], regions: ['eu-west-1'] }, []],
    ["another tenant's", { organizations: ['others'] }, []],
  ])('is narrowed to %s', async (_what, filter, expected) => {
    const { sources, sourceCount } = await on.coverage('sourceCount sources { source hours { events } }', {
      filter,
    });
    expect(sources.map((each: { source: string }) => each.source)).toEqual(expected);
    expect(sourceCount).toBe(expected.length);
  });

  it('is told of the time that is asked for, in whole hours', async () => {
    const { since, until, sources } = await on.coverage('since until sources { source events }', {
      since: '2026-03-02T01:20:00Z',
      until: '2026-03-02T03:00:00.000000001Z',
      filter: { sources: ['cloudtrail'] },
    });
    expect({ since, until }).toEqual({
      since: '2026-03-02T01:00:00Z',
      until: '2026-03-02T03:00:00.000000001Z',
    });
    expect(sources.map((each: { events: string }) => each.events)).toEqual(['4', '1']);
  });

  it.each([
    ['since', { since: '2026-03-02T00:00:00Z', until: '2026-03-02T00:00:00Z' }, 'not earlier'],
    ['since', { since: '2026-01-01T00:00:00Z', until: '2026-03-02T00:00:00Z' }, '31 days'],
    ['since', { since: '1970-01-02T00:00:00Z', until: '1970-01-03T00:00:00Z' }, '1971'],
    ['since', { until: '2200-01-03T00:00:00Z' }, '2105'],
  ])('is refused for a time that cannot be meant, with %s named', async (argument, args, reason) => {
    const answer = await on.api.query(
      'query ($since: DateTime, $until: DateTime) { coverage(since: $since, until: $until) { since } }',
      args,
    );
    expect(answer.errors?.[0]).toMatchObject({
      message: expect.stringContaining(reason),
      extensions: { code: 'BAD_USER_INPUT', argument },
    });
  });

  it('costs as many statements for all sources as for one', async () => {
    const fields = `sources { ${PLACE} events hours { events } streams { name lagSeconds }
      correlations { canFire correlation { id } } } gaps { text finding { title } }`;
    const cost = async (filter: object) => {
      on.api.statements.length = 0;
      await on.coverage(fields, { filter });
      return on.api.statements.length;
    };
    const all = await cost({});
    expect(all).toBe(await cost({ sources: ['cloudtrail'], regions: ['us-east-1'] }));
    expect(all).toBeLessThanOrEqual(9);
    for (const statement of on.api.statements) expect(statement).toContain('tenant = {tenant:String}');
  });
});

describe('streams', () => {
  it('tell how far they are complete, what was learned of them, and whether they are silent', async () => {
    const { sources } = await on.coverage(
      'sources { source streams { name newest watermark lagSeconds disorderSeconds silentAfterSeconds silent } }',
      { filter: { sources: ['okta', 'cloudtrail'] } },
    );
    const [eu, us, okta] = sources;
    expect(okta.streams).toEqual([
      {
        name: 'okta:system',
        newest: '2026-03-02T05:30:00Z',
        watermark: '2026-03-02T05:28:00Z',
        lagSeconds: expect.closeTo((6 * 60 + 37) * 60, -3),
        disorderSeconds: 120,
        silentAfterSeconds: 3_700,
        silent: true,
      },
    ]);
    expect(eu.streams).toEqual(us.streams);
    expect(eu.streams).toMatchObject([
      // Nothing is learned of it yet: the source's usual delay stands in.
      {
        name: 'cloudtrail:eu-west-1',
        watermark: '2026-03-02T01:15:00Z',
        disorderSeconds: null,
        silent: false,
      },
      { name: 'cloudtrail:us-east-1' },
    ]);
  });
});

it('of a store without anything is empty', async () => {
  const empty = await migratedStore();
  const other = await startTestApi(empty.database);
  try {
    const answer = await other.query(
      '{ coverage { since until sourceCount sources { source } gaps { kind } } }',
    );
    expect(answer.errors).toBeUndefined();
    expect(answer.data.coverage).toMatchObject({ sourceCount: 0, sources: [], gaps: [] });
  } finally {
    await other.close();
    await empty.close();
  }
});

it('of very many sources tells of the first 1,000 and how many there are, and refuses to list all of their hours', async () => {
  const large = await migratedStore();
  const other = await startTestApi(large.database);
  try {
    await large.database.command(
      `INSERT INTO coverage_hours (tenant, source, organization, region, hour, newest, events)
      SELECT 'default', 'cloudtrail', leftPad(toString(number % 1200), 4, '0'), 'eu-west-1',
        toDateTime('2026-03-02 00:00:00', 'UTC') + toIntervalHour(intDiv(number, 1200)),
        toDateTime64('2026-03-02 00:00:00', 9, 'UTC'), uniqCombinedState(toString(number))
      FROM numbers(1200 * 42)
      GROUP BY number`,
    );
    const ask = (fields: string, filter = '{}') =>
      other.query(
        `{ coverage(since: "2026-03-02T00:00:00Z", until: "2026-03-04T00:00:00Z", filter: ${filter}) { ${fields} } }`,
      );
    const { data } = await ask('sourceCount sources { organization events }');
    expect(data.coverage.sourceCount).toBe(1_200);
    expect(data.coverage.sources).toHaveLength(1_000);
    expect(data.coverage.sources[999]).toEqual({ organization: '0999', events: '42' });
    expect((await ask('sources { hours { hour } }')).errors?.[0]).toMatchObject({
      message: expect.stringContaining('50000'),
      extensions: { code: 'BAD_USER_INPUT', argument: 'filter' },
    });
    const one = await ask('sources { hours { hour } }', '{ organizations: ["1100"] }');
    expect(one.data.coverage.sources[0].hours).toHaveLength(42);
  } finally {
    await other.close();
    await large.close();
  }
});
