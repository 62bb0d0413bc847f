/** Statements that read findings. */
export {
  type FindingRevisionsRow as FindingRevisionRow,
  findingRevisions,
} from '../../schema/queries/finding-revisions.sql.js';
export { findings as findingList } from '../../schema/queries/findings.sql.js';
export { type FindingsByIdRow as FindingRow, findingsById } from '../../schema/queries/findings-by-id.sql.js';
export { findingsRelated } from '../../schema/queries/findings-related.sql.js';
