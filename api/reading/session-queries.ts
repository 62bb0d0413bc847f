/** Statements that read sessions, their evidence and whether its absence counts. */
export { type GatesRow as GateRow, gates } from '../../schema/queries/gates.sql.js';
export {
  type SessionAliasesRow as SessionAliasRow,
  sessionAliases,
} from '../../schema/queries/session-aliases.sql.js';
export { sessionByVendorId } from '../../schema/queries/session-by-vendor-id.sql.js';
export {
  type SessionEvidenceRow as EvidenceRow,
  sessionEvidence,
} from '../../schema/queries/session-evidence.sql.js';
export {
  type SessionStrandsRow as StrandRow,
  sessionStrands,
} from '../../schema/queries/session-strands.sql.js';
export { type SessionTokensRow, sessionTokens } from '../../schema/queries/session-tokens.sql.js';
export { sessions as sessionList } from '../../schema/queries/sessions.sql.js';
export {
  type SessionsByKeyRow as SessionRow,
  sessionsByKey,
} from '../../schema/queries/sessions-by-key.sql.js';
