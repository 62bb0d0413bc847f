import { batchLoader, byKey, groupedBy } from './batch-loader.js';
import {
  type EvidenceRow,
  type GateRow,
  gates,
  type SessionRow,
  type SessionTokensRow,
  sessionEvidence,
  sessionsByKey,
  sessionTokens,
} from './session-queries.js';

/** Pieces of evidence that are read of one session: a session with more has long been proven by the first. */
const MOST_EVIDENCE = 500;

/** Sessions as they stand after their last judging, by key; undefined for one that has not been judged. */
export const sessionLoader = batchLoader<SessionRow>(async (keys, { reader }) =>
  byKey(await reader.rows(sessionsByKey, { keys }), (row) => row.session_key),
);

/** First use and tokens of sessions, by key. */
export const tokensLoader = batchLoader<SessionTokensRow>(async (keys, { reader }) =>
  byKey(await reader.rows(sessionTokens, { keys }), (row) => row.session_key),
);

/** Evidence of sessions, oldest first, by the session's key. */
export const evidenceLoader = batchLoader<readonly EvidenceRow[]>(async (keys, { reader }) =>
  groupedBy(await reader.rows(sessionEvidence, { keys, most: MOST_EVIDENCE }), (row) => row.session_key),
);

/** Where absence is weighed, and when: a cell (source, organization, kind, application) on a day of UTC. */
export interface CellDay {
  readonly cell: string;
  readonly day: string;
}

/** A day has ten characters, so what follows the separator is the cell whatever it holds. */
export function cellDayKey({ cell, day }: CellDay): string {
  return `${day}/${cell}`;
}

/** Gates by `cellDayKey`; undefined where nobody was counted. */
export const gateLoader = batchLoader<GateRow>(async (keys, { reader }) => {
  const days = [...new Set(keys.map((key) => key.slice(0, 10)))];
  const cells = [...new Set(keys.map((key) => key.slice(11)))];
  return byKey(await reader.rows(gates, { days, cells }), cellDayKey);
});
