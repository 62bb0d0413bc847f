import { EVIDENCE_TYPE, NANOSECONDS, type Row, storeQuery, WORD, WORDS } from './store-query.js';

/** Statements that read events. */

export const eventList = storeQuery({
  file: 'events.sql',
  params: {
    after: NANOSECONDS,
    before: NANOSECONDS,
    users: 'Array(String)',
    sessions: 'Array(String)',
    applications: 'Array(String)',
    sources: 'Array(String)',
    activities: 'Array(String)',
    outcomes: 'Array(String)',
    addresses: 'Array(String)',
    text: 'String',
  },
  columns: { event_id: 'String', ts: NANOSECONDS },
});

export const eventsOfFindings = storeQuery({
  file: 'events-of-findings.sql',
  params: {
    hours: "Array(DateTime('UTC'))",
    ids: 'Array(String)',
    sessions: 'Array(String)',
    firsts: "Array(DateTime64(9, 'UTC'))",
    lasts: "Array(DateTime64(9, 'UTC'))",
  },
  columns: { finding_id: 'String', event_id: 'String', ts: NANOSECONDS },
});

export const eventsOfSessions = storeQuery({
  file: 'events-of-sessions.sql',
  params: {
    since: NANOSECONDS,
    until: NANOSECONDS,
    hours: "Array(DateTime('UTC'))",
    sessions: 'Array(String)',
  },
  columns: { session_key: 'String', event_id: 'String', ts: NANOSECONDS },
});

export const eventsByKey = storeQuery({
  file: 'events-by-key.sql',
  params: { times: "Array(DateTime64(9, 'UTC'))", ids: 'Array(String)' },
  columns: {
    event_id: 'String',
    ts: NANOSECONDS,
    observed_at: NANOSECONDS,
    source: WORD,
    organization: WORD,
    region: WORD,
    activity: WORD,
    outcome: WORD,
    evidence: EVIDENCE_TYPE,
    amr: WORDS,
    assurance_level: 'UInt8',
    vendor_event_type: WORD,
    vendor_event_id: 'String',
    action: WORD,
    user_key: 'String',
    user_name: 'String',
    session_key: 'String',
    token_key: 'String',
    device_key: 'String',
    application_id: WORD,
    application_name: WORD,
    address: 'String',
    country: WORD,
    asn: 'UInt32',
    as_organization: WORD,
    network_class: WORD,
    user_agent: 'String',
    browser: WORD,
    browser_version: WORD,
    os: WORD,
    os_version: WORD,
  },
});
export type EventRow = Row<typeof eventsByKey>;

export const eventRecords = storeQuery({
  file: 'event-records.sql',
  params: { times: "Array(DateTime64(9, 'UTC'))", ids: 'Array(String)' },
  columns: {
    event_id: 'String',
    ts: NANOSECONDS,
    attributes: 'Map(LowCardinality(String), String)',
    raw: 'String',
  },
});
export type EventRecordRow = Row<typeof eventRecords>;

export const evidenceTimes = storeQuery({
  file: 'evidence-times.sql',
  params: { sessions: 'Array(String)', ids: 'Array(String)' },
  columns: { event_id: 'String', ts: NANOSECONDS },
});

export const newestEvent = storeQuery({
  file: 'newest-event.sql',
  params: {},
  columns: { ts: NANOSECONDS },
});
