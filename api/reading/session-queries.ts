import { EVIDENCE_TYPE, NANOSECONDS, type Row, storeQuery, WORD, WORDS } from './store-query.js';

/** Statements that read sessions, their evidence and whether its absence counts. */

export const sessionList = storeQuery({
  file: 'sessions.sql',
  params: {
    users: 'Array(String)',
    sources: 'Array(String)',
    kinds: 'Array(String)',
    verdicts: 'Array(String)',
    started_after: NANOSECONDS,
    started_before: NANOSECONDS,
    last_seen_after: NANOSECONDS,
    last_seen_before: NANOSECONDS,
  },
  columns: { session_key: 'String', first_seen: NANOSECONDS, last_seen: NANOSECONDS, user_key: 'String' },
});

export const sessionsByKey = storeQuery({
  file: 'sessions-by-key.sql',
  params: { keys: 'Array(String)' },
  columns: {
    session_key: 'String',
    user_key: 'String',
    user_name: 'String',
    session_id: 'String',
    source: WORD,
    sources: WORDS,
    organization: WORD,
    application_id: WORD,
    application_name: WORD,
    kind: WORD,
    implied: 'Bool',
    created_at: NANOSECONDS,
    creation_event_id: 'String',
    creation_link: WORD,
    first_seen: NANOSECONDS,
    last_seen: NANOSECONDS,
    first_use: NANOSECONDS,
    last_use: NANOSECONDS,
    ended_at: NANOSECONDS,
    verdict: WORD,
    link: WORD,
    evidence: EVIDENCE_TYPE,
    assurance_level: 'UInt8',
    amr: WORDS,
    last_credential_at: NANOSECONDS,
    missing: 'String',
  },
});
export type SessionRow = Row<typeof sessionsByKey>;

export const sessionByVendorId = storeQuery({
  file: 'session-by-vendor-id.sql',
  params: { vendor_id: 'String', source: 'String' },
  columns: { session_key: 'String' },
});

export const sessionTokens = storeQuery({
  file: 'session-tokens.sql',
  params: { keys: 'Array(String)' },
  columns: {
    session_key: 'String',
    first_use_ts: NANOSECONDS,
    first_use_event_id: 'String',
    first_use_stream: 'String',
    claimed_mfa: 'UInt8',
    tokens: 'Array(String)',
  },
});
export type SessionTokensRow = Row<typeof sessionTokens>;

export const sessionEvidence = storeQuery({
  file: 'session-evidence.sql',
  params: { keys: 'Array(String)', most: 'UInt32' },
  columns: {
    session_key: 'String',
    ts: NANOSECONDS,
    event_id: 'String',
    filed_under: 'String',
    link: 'String',
    grade: EVIDENCE_TYPE,
    activity: 'String',
    source: 'String',
    given_in: 'String',
    amr: 'Array(String)',
    assurance_level: 'UInt8',
  },
});
export type EvidenceRow = Row<typeof sessionEvidence>;

export const sessionAliases = storeQuery({
  file: 'session-aliases.sql',
  params: { keys: 'Array(String)', most: 'UInt32' },
  columns: { session_key: 'String', direction: "Enum8('child' = 0, 'parent' = 1)", other_key: 'String' },
});
export type SessionAliasRow = Row<typeof sessionAliases>;

export const gates = storeQuery({
  file: 'gates.sql',
  params: { cells: 'Array(String)', days: 'Array(Date)', users: 'Array(String)' },
  columns: {
    cell: 'String',
    day: 'Date',
    user_key: 'String',
    user_days: 'UInt32',
    closed: 'UInt32',
    users: 'UInt32',
    lower_bound: 'Float64',
    is_open: 'UInt8',
  },
});
export type GateRow = Row<typeof gates>;
