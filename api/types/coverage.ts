import { builder } from '../builder.js';
import type { Context } from '../context.js';
import { badInput } from '../limits/bad-input.js';
import { firingsOf } from '../log-coverage/firing.js';
import { type CoverageFilter, coverageGaps } from '../log-coverage/gaps.js';
import { type CoverageRange, coverageRange, hourBounds } from '../log-coverage/range.js';
import { streamsOf } from '../log-coverage/streams.js';
import { groupedBy } from '../reading/batch-loader.js';
import {
  type CoverageHourRow,
  type CoverageSourceRow,
  coverageHours,
  coverageSources,
} from '../reading/coverage-queries.js';
import { knownTime } from '../reading/store-time.js';
import { Application, applicationOf } from './application.js';
import { CorrelationCoverage } from './coverage-correlation.js';
import { FieldShares, UsualDelay } from './coverage-figures.js';
import { CoverageGapType } from './coverage-gap.js';
import { CoverageStream } from './coverage-stream.js';
import { listed } from './filter-values.js';

/** Sources that are told of; `sourceCount` tells of how many there are. */
const MOST_SOURCES = 1_000;
/** Hours of all sources together: a month of 67 of them. */
const MOST_HOURS = 50_000;

interface CoverageShape extends CoverageRange {
  readonly filter: CoverageFilter;
  readonly sources: () => Promise<readonly CoverageSourceRow[]>;
  /** By `placeOf`. */
  readonly hours: () => Promise<ReadonlyMap<string, readonly CoverageHourRow[]>>;
}

interface SourceShape extends CoverageSourceRow {
  readonly coverage: CoverageShape;
}

const placeOf = (row: Pick<CoverageSourceRow, 'source' | 'organization' | 'region' | 'application_id'>) =>
  JSON.stringify([row.source, row.organization, row.region, row.application_id]);

/** Asks at the first call and keeps the answer. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= ask();
    return answer;
  };
}

function coverageOf({ reader }: Context, range: CoverageRange, filter: CoverageFilter): CoverageShape {
  const asked = { ...hourBounds(range), ...filter };
  return {
    ...range,
    filter,
    sources: once(() => reader.rows(coverageSources, { ...asked, most: MOST_SOURCES })),
    hours: once(async () => {
      const rows = await reader.rows(coverageHours, { ...asked, most: MOST_HOURS + 1 });
      if (rows.length > MOST_HOURS) {
        throw badInput(
          'filter',
          `There are more than ${MOST_HOURS} hours of sources: narrow the filter or the time.`,
        );
      }
      return groupedBy(rows, placeOf);
    }),
  };
}

const CoverageHour = builder.objectRef<CoverageHourRow>('CoverageHour').implement({
  description: 'What a source brought in an hour (UTC). Hours without records are left out.',
  fields: (t) => ({
    hour: t.field({ type: 'DateTime', resolve: (row) => row.hour }),
    events: t.exposeInt('event_count', {
      description: 'Distinct events; an estimate beyond some thousands.',
    }),
    usualDelay: t.field({ type: UsualDelay, resolve: (row) => row }),
    shares: t.field({ type: FieldShares, resolve: (row) => row }),
  }),
});

const SourceCoverage = builder.objectRef<SourceShape>('SourceCoverage').implement({
  description:
    'What a source brought of an organization, a region and an application, and what that is good for.',
  fields: (t) => ({
    source: t.exposeString('source'),
    organization: t.string({ nullable: true, resolve: (row) => row.organization || null }),
    region: t.string({ nullable: true, resolve: (row) => row.region || null }),
    application: t.field({ type: Application, nullable: true, resolve: applicationOf }),
    events: t.field({
      type: 'BigInt',
      description: 'Distinct events; an estimate beyond some thousands.',
      resolve: (row) => row.event_count,
    }),
    newest: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Time of the newest record.',
      resolve: (row) => knownTime(row.newest),
    }),
    usualDelay: t.field({ type: UsualDelay, resolve: (row) => row }),
    shares: t.field({ type: FieldShares, resolve: (row) => row }),
    hours: t.field({
      type: [CoverageHour],
      description: 'The same by the hour, oldest first.',
      resolve: async (row) => [...((await row.coverage.hours()).get(placeOf(row)) ?? [])],
    }),
    streams: t.field({
      type: [CoverageStream],
      description: 'The streams of its source and organization, as they stand now.',
      resolve: async (row, _args, context) => [
        ...(await streamsOf(context)).of(row.source, row.organization),
      ],
    }),
    correlations: t.field({
      type: [CorrelationCoverage],
      description: 'Whether the correlations can fire here now, by kind of session.',
      resolve: (row, _args, context) => firingsOf(context, row),
    }),
  }),
});

const Coverage = builder.objectRef<CoverageShape>('Coverage').implement({
  description:
    'Which logs were there, how late and how complete, and so whether their silence can be trusted.',
  fields: (t) => ({
    since: t.field({
      type: 'DateTime',
      description: 'Begins an hour.',
      resolve: (coverage) => coverage.since,
    }),
    until: t.field({ type: 'DateTime', resolve: (coverage) => coverage.until }),
    sources: t.field({
      type: [SourceCoverage],
      description:
        'By source, organization, region and application: those with records in this time or in the 28 days before; the first 1,000.',
      resolve: async (coverage) => (await coverage.sources()).map((row) => ({ ...row, coverage })),
    }),
    sourceCount: t.int({
      description: 'How many there are.',
      resolve: async (coverage) => (await coverage.sources())[0]?.total ?? 0,
    }),
    gaps: t.field({
      type: [CoverageGapType],
      description:
        'Evidence that is missing now, and hours in which a source was silent that spoke at these hours of its other days (working days and weekends apart).',
      resolve: (coverage, _args, context) => coverageGaps(context, coverage, coverage.filter),
    }),
  }),
});

const CoverageFilterInput = builder.inputType('CoverageFilter', {
  description: 'Each field narrows the sources; an empty list is as good as none.',
  fields: (t) => ({
    sources: t.stringList(),
    organizations: t.stringList(),
    regions: t.stringList(),
    applications: t.stringList({ description: '`Application.id` or name.' }),
  }),
});

builder.queryField('coverage', (t) =>
  t.field({
    type: Coverage,
    args: {
      since: t.arg({ type: 'DateTime', description: 'Without it, 7 days before `until`; 31 days at most.' }),
      until: t.arg({
        type: 'DateTime',
        description: "Without it, the tenant's clock: its newest record, and on from there.",
      }),
      filter: t.arg({ type: CoverageFilterInput }),
    },
    resolve: async (_root, { since, until, filter }, context) => {
      const range = await coverageRange(context, { since, until });
      return coverageOf(context, range, {
        sources: listed('sources', filter?.sources),
        organizations: listed('organizations', filter?.organizations),
        regions: listed('regions', filter?.regions),
        applications: listed('applications', filter?.applications),
      });
    },
  }),
);
