/** Statements that read how correlations ran. */
export { correlationRuns } from '../../schema/queries/correlation-runs.sql.js';
export {
  type CorrelationRunsLastRow as CorrelationRunRow,
  correlationRunsLast as lastCorrelationRuns,
} from '../../schema/queries/correlation-runs-last.sql.js';
