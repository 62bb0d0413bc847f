import { NANOSECONDS, type Row, storeQuery, WORD } from './store-query.js';

/** Statements that read what the logs bring, how late and how complete, and whether their silence counts. */

const filter = {
  sources: 'Array(String)',
  organizations: 'Array(String)',
  regions: 'Array(String)',
  applications: 'Array(String)',
} as const;

const place = { source: WORD, organization: WORD, region: WORD, application_id: WORD } as const;

const figures = {
  event_count: 'UInt64',
  session_count: 'UInt64',
  device_count: 'UInt64',
  user_agent_count: 'UInt64',
  address_count: 'UInt64',
  mfa_count: 'UInt64',
  usual_delays: 'Array(Float32)',
} as const;

export const coverageSources = storeQuery({
  file: 'coverage-sources.sql',
  params: { since: "DateTime('UTC')", until: "DateTime('UTC')", ...filter, most: 'UInt32' },
  columns: { ...place, application_name: 'String', newest: NANOSECONDS, ...figures, total: 'UInt64' },
});
export type CoverageSourceRow = Row<typeof coverageSources>;

export const coverageHours = storeQuery({
  file: 'coverage-hours.sql',
  params: { since: "DateTime('UTC')", until: "DateTime('UTC')", ...filter, most: 'UInt32' },
  columns: { ...place, hour: "DateTime('UTC')", ...figures },
});
export type CoverageHourRow = Row<typeof coverageHours>;

/** What is counted of a source, organization, region and application, over all or by the hour. */
export type CoverageFigures = Pick<CoverageHourRow, keyof typeof figures>;

export const coverageSpoken = storeQuery({
  file: 'coverage-spoken.sql',
  params: {
    since: "DateTime('UTC')",
    until: "DateTime('UTC')",
    sources: filter.sources,
    organizations: filter.organizations,
    most: 'UInt32',
  },
  columns: { source: WORD, organization: WORD, first_hour: 'UInt32', hours: 'Array(UInt32)' },
});

export const coverageStreams = storeQuery({
  file: 'coverage-streams.sql',
  params: { now: "DateTime64(3, 'UTC')", most: 'UInt32' },
  columns: {
    source: WORD,
    organization: WORD,
    stream: WORD,
    first_record: NANOSECONDS,
    newest_record: NANOSECONDS,
    clock: NANOSECONDS,
    is_learned: 'UInt8',
    disorder_seconds: 'UInt32',
    delay_seconds: 'UInt32',
    pause_seconds: 'UInt32',
    session_life_seconds: 'UInt32',
  },
});
export type StreamRow = Row<typeof coverageStreams>;

export const coverageCells = storeQuery({
  file: 'coverage-cells.sql',
  params: { day: 'Date', most: 'UInt32' },
  columns: {
    cell: 'String',
    user_days: 'UInt32',
    closed: 'UInt32',
    users: 'UInt32',
    lower_bound: 'Float64',
    is_open: 'UInt8',
    last_open_day: 'Date',
  },
});
export type CellRow = Row<typeof coverageCells>;

export const cellStreams = storeQuery({
  file: 'cell-streams.sql',
  params: { cells: 'Array(String)' },
  columns: { cell: 'String', source: WORD, organization: WORD, stream: WORD },
});

export const completeSources = storeQuery({
  file: 'complete-sources.sql',
  params: {},
  columns: { source: 'String', organization: 'String', application_id: 'String' },
});

export const standingGaps = storeQuery({
  file: 'standing-gaps.sql',
  params: { until: NANOSECONDS, most: 'UInt32' },
  columns: {
    id: 'String',
    subject: 'String',
    source: 'String',
    organization: WORD,
    application_id: WORD,
    first_seen: NANOSECONDS,
  },
});
export type StandingGapRow = Row<typeof standingGaps>;
