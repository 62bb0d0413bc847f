import { SESSION_KINDS, type SessionKind } from '../../schema/words.js';
import type { Context } from '../context.js';
import { coverageSpoken, type StandingGapRow, standingGaps } from '../reading/coverage-queries.js';
import { perRequest } from '../reading/per-request.js';
import { LATEST, type StoreTime, secondsBetween, toRfc3339 } from '../reading/store-time.js';
import { type CoverageRange, hourBounds } from './range.js';
import { silences } from './silence.js';
import { streamsOf } from './streams.js';

/** Findings that are told of at once, and sources. */
export const MOST_GAP_FINDINGS = 200;
const MOST_SOURCES = 1_000;

/** What narrows a question about coverage; an empty list restricts nothing. */
export interface CoverageFilter {
  readonly sources: readonly string[];
  readonly organizations: readonly string[];
  readonly regions: readonly string[];
  readonly applications: readonly string[];
}

/** What can be missing. */
export const COVERAGE_GAP_KINDS = ['evidence', 'silence'] as const;

/** Something that should be in store and is not. */
export interface CoverageGap {
  readonly kind: (typeof COVERAGE_GAP_KINDS)[number];
  readonly source: string;
  readonly organization: string;
  /** Null where the whole source is meant. */
  readonly applicationId: string | null;
  readonly sessionKind: SessionKind | null;
  readonly since: StoreTime;
  readonly until: StoreTime | null;
  /** Of kind `evidence`. */
  readonly findingId: string | null;
  /** Of kind `silence`; a finding has a sentence of its own. */
  readonly text: string | null;
}

/** Standing findings about missing evidence, by the cell that they are about. */
export const gapsByCell = perRequest<ReadonlyMap<string, StandingGapRow>>(async ({ reader }) => {
  const rows = await reader.rows(standingGaps, { until: LATEST, most: MOST_GAP_FINDINGS });
  return new Map(rows.map((row) => [row.subject, row]));
});

/** The kind of session in a cell, which is made of source, organization, kind and application. */
function kindOf({ subject, source, organization, application_id }: StandingGapRow): SessionKind | null {
  const kind = subject.slice(source.length + organization.length + 2, -(application_id.length + 1));
  return SESSION_KINDS.find((each) => each === kind) ?? null;
}

async function missingEvidence(
  context: Context,
  { until }: CoverageRange,
  filter: CoverageFilter,
): Promise<CoverageGap[]> {
  const asked = (names: readonly string[], name: string) => names.length === 0 || names.includes(name);
  return [...(await gapsByCell(context)).values()]
    .filter(
      (row) =>
        row.first_seen < until &&
        asked(filter.sources, row.source) &&
        asked(filter.organizations, row.organization) &&
        asked(filter.applications, row.application_id),
    )
    .map((row) => ({
      kind: 'evidence',
      source: row.source,
      organization: row.organization,
      applicationId: row.application_id,
      sessionKind: kindOf(row),
      since: row.first_seen,
      until: null,
      findingId: row.id,
      text: null,
    }));
}

const hourOf = (time: StoreTime): number =>
  Math.floor(Date.parse(`${time.slice(0, 19).replace(' ', 'T')}Z`) / 3_600_000);
const timeOf = (hour: number): StoreTime =>
  `${new Date(hour * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')}.000000000`;

async function silentSources(
  context: Context,
  range: CoverageRange,
  filter: CoverageFilter,
): Promise<CoverageGap[]> {
  const { sources, organizations } = filter;
  const [spoken, streams] = await Promise.all([
    context.reader.rows(coverageSpoken, {
      ...hourBounds(range),
      sources,
      organizations,
      most: MOST_SOURCES,
    }),
    streamsOf(context),
  ]);
  return spoken.flatMap(({ source, organization, first_hour, hours }) => {
    // What is usually late is not silent yet.
    const delay = Math.max(
      0,
      ...streams.of(source, organization).map((each) => secondsBetween(each.watermark, each.newest)),
    );
    const arrived = hourOf(streams.clock) - Math.ceil(delay / 3_600);
    const end = Math.min(arrived, hourOf(range.until));
    return silences({ first: first_hour, hours }, hourOf(range.since), end).map(({ from, to, lasts }) => {
      const [since, until] = [timeOf(from), timeOf(to)];
      const name = organization === '' ? source : `${source} of ${organization}`;
      const times = `from ${toRfc3339(since)} to ${toRfc3339(until)}`;
      return {
        kind: 'silence' as const,
        source,
        organization,
        applicationId: null,
        sessionKind: null,
        since,
        until: lasts ? null : until,
        findingId: null,
        text: `No record of ${name} ${times}${lasts ? ' and none since' : ''}, where others of its days have some at these hours.`,
      };
    });
  });
}

/** What is missing: evidence that used to be there, and sources that were silent where they usually speak. */
export async function coverageGaps(
  context: Context,
  range: CoverageRange,
  filter: CoverageFilter,
): Promise<CoverageGap[]> {
  const [evidence, silent] = await Promise.all([
    missingEvidence(context, range, filter),
    silentSources(context, range, filter),
  ]);
  return [...evidence, ...silent];
}
