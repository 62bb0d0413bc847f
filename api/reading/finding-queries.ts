import {
  MILLISECONDS,
  NANOSECONDS,
  POINT_REASONS,
  type Row,
  storeQuery,
  WORD,
  WORDS,
} from './store-query.js';

/** Statements that read findings. */

export const findingList = storeQuery({
  file: 'findings.sql',
  params: {
    states: 'Array(String)',
    assignees: 'Array(String)',
    severities: 'Array(String)',
    correlations: 'Array(String)',
    users: 'Array(String)',
    sessions: 'Array(String)',
    applications: 'Array(String)',
    sources: 'Array(String)',
    links: 'Array(String)',
    verdicts: 'Array(String)',
    raised_after: NANOSECONDS,
    raised_before: NANOSECONDS,
    first_seen_after: NANOSECONDS,
    first_seen_before: NANOSECONDS,
    last_seen_after: NANOSECONDS,
    last_seen_before: NANOSECONDS,
    text: 'String',
  },
  columns: {
    id: 'String',
    raised_at: MILLISECONDS,
    severity_rank: 'UInt8',
    first_seen: NANOSECONDS,
    last_seen: NANOSECONDS,
    session_key: 'String',
    user_key: 'String',
  },
});

const judgement = {
  correlation: WORD,
  state: WORD,
  withdrawn_because: WORD,
  severity: WORD,
  points: 'Int16',
  point_reasons: POINT_REASONS,
  link: WORD,
  verdict: WORD,
  title: 'String',
  summary: 'String',
} as const;

export const findingsById = storeQuery({
  file: 'findings-by-id.sql',
  params: { ids: 'Array(String)' },
  columns: {
    id: 'String',
    revision: 'UInt32',
    raised_at: MILLISECONDS,
    revised_at: MILLISECONDS,
    story: WORD,
    subject: 'String',
    ...judgement,
    evidence_event_id: 'String',
    superseded_by: 'String',
    session_key: 'String',
    user_key: 'String',
    user_name: 'String',
    sources: WORDS,
    organization: WORD,
    application_id: WORD,
    application_name: WORD,
    first_event_id: 'String',
    first_seen: NANOSECONDS,
    last_seen: NANOSECONDS,
    event_count: 'UInt32',
    triage_state: 'String',
    resolution: 'String',
    assignee: 'String',
    resolved_at: MILLISECONDS,
    action_count: 'UInt32',
    last_action_at: MILLISECONDS,
  },
});
export type FindingRow = Row<typeof findingsById>;

export const findingRevisions = storeQuery({
  file: 'finding-revisions.sql',
  params: { ids: 'Array(String)', most: 'UInt32' },
  columns: { id: 'String', revision: 'UInt32', revised_at: MILLISECONDS, ...judgement },
});
export type FindingRevisionRow = Row<typeof findingRevisions>;

export const findingsRelated = storeQuery({
  file: 'findings-related.sql',
  params: { ids: 'Array(String)', most: 'UInt32' },
  columns: { about_id: 'String', id: 'String' },
});
