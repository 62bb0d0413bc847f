import type { CoverageHoursRow } from '../../schema/queries/coverage-hours.sql.js';

/** Statements that read what the logs bring, how late and how complete, and whether their silence counts. */
export { cellStreams } from '../../schema/queries/cell-streams.sql.js';
export { completeSources } from '../../schema/queries/complete-sources.sql.js';
export { type CoverageCellsRow as CellRow, coverageCells } from '../../schema/queries/coverage-cells.sql.js';
export {
  type CoverageHoursRow as CoverageHourRow,
  coverageHours,
} from '../../schema/queries/coverage-hours.sql.js';
export {
  type CoverageSourcesRow as CoverageSourceRow,
  coverageSources,
} from '../../schema/queries/coverage-sources.sql.js';
export { coverageSpoken } from '../../schema/queries/coverage-spoken.sql.js';
export {
  type CoverageStreamsRow as StreamRow,
  coverageStreams,
} from '../../schema/queries/coverage-streams.sql.js';
export {
  type StandingGapsRow as StandingGapRow,
  standingGaps,
} from '../../schema/queries/standing-gaps.sql.js';

/** What is counted of a source, organization, region and application, over all or by the hour. */
export type CoverageFigures = Omit<
  CoverageHoursRow,
  'source' | 'organization' | 'region' | 'application_id' | 'hour'
>;
