import { batchLoader, byKey, groupedBy } from './batch-loader.js';
import {
  type EvidenceRow,
  type GateRow,
  gates,
  type SessionAliasRow,
  type SessionRow,
  type SessionTokensRow,
  type StrandRow,
  sessionAliases,
  sessionEvidence,
  sessionStrands,
  sessionsByKey,
  sessionTokens,
} from './session-queries.js';

/** Pieces of evidence that are read of one session: a session with more has long been proven by the first. */
const MOST_EVIDENCE = 500;
/** Other ids that are shown of one session. */
const MOST_ALIASES = 100;

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

/** As many as judging looks at. */
const MOST_STRANDS = 64;

/** Strands of sessions as judging measured them, oldest first, by the session's key. */
export const strandLoader = batchLoader<readonly StrandRow[]>(async (keys, { reader }) =>
  groupedBy(await reader.rows(sessionStrands, { keys, most: MOST_STRANDS }), (row) => row.session_key),
);

/** Where absence is weighed, when and for whom: a cell (source, organization, kind, application), a day of UTC, a user. */
export type GatePlace = Pick<GateRow, 'cell' | 'day' | 'user_key'>;

export function gateKey({ cell, day, user_key }: GatePlace): string {
  return JSON.stringify([cell, day, user_key]);
}

/** Gates by `gateKey`; undefined where nobody at all was counted. */
export const gateLoader = batchLoader<GateRow>(async (keys, { reader }) => {
  const places = keys.map((key) => JSON.parse(key) as [string, string, string]);
  const rows = await reader.rows(gates, {
    cells: places.map(([cell]) => cell),
    days: places.map(([, day]) => day),
    users: places.map(([, , user]) => user),
  });
  return byKey(rows, gateKey);
});

/** Other ids of sessions and sessions that carry theirs as one, by the session's key. */
export const aliasLoader = batchLoader<readonly SessionAliasRow[]>(async (keys, { reader }) =>
  groupedBy(await reader.rows(sessionAliases, { keys, most: MOST_ALIASES }), (row) => row.session_key),
);
