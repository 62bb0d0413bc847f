/**
 * The event: one normalised log record about identity, session or application use.
 *
 * `EVENT_COLUMNS` is the one list of columns. The table of `migrations/`, the row encoder of the processor, the
 * data dictionary and the GraphQL fields derive from it or are checked against it by tests.
 */
import {
  type Activity,
  type ActorKind,
  type ClientKind,
  EVIDENCE_GRADES,
  type EvidenceGrade,
  type NetworkClass,
  type Outcome,
  type PolicyResult,
  type SessionKind,
  type Source,
  type TokenBinding,
} from './words.js';

/** ClickHouse types that event columns use, exactly as the server prints them, with their TypeScript shapes. */
interface ColumnTypes {
  String: string;
  'LowCardinality(String)': string;
  Bool: boolean;
  UInt8: number;
  UInt32: number;
  /** Nanoseconds since 1970-01-01T00:00:00Z; 0 means unknown. */
  "DateTime64(9, 'UTC')": bigint;
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  "DateTime64(3, 'UTC')": number;
  'Array(String)': readonly string[];
  'Array(LowCardinality(String))': readonly string[];
  'Map(LowCardinality(String), String)': Readonly<Record<string, string>>;
  /** The evidence grade by name; stored as its position in `EVIDENCE_GRADES`. */
  "Enum8('none' = 0, 'bypassed' = 1, 'inherited' = 2, 'asserted' = 3, 'credential' = 4, 'mfa' = 5, 'phishing_resistant' = 6)": EvidenceGrade;
}

export type ColumnType = keyof ColumnTypes;

export interface EventColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** One sentence for the data dictionary. */
  readonly description: string;
}

const EVIDENCE_ENUM =
  "Enum8('none' = 0, 'bypassed' = 1, 'inherited' = 2, 'asserted' = 3, 'credential' = 4, 'mfa' = 5, 'phishing_resistant' = 6)";
const NANOS = "DateTime64(9, 'UTC')";
const MILLIS = "DateTime64(3, 'UTC')";
const WORD = 'LowCardinality(String)';
const ATTRIBUTES = 'Map(LowCardinality(String), String)';

export const EVENT_COLUMNS = [
  { name: 'tenant', type: WORD, description: 'Whose data this is; every query is filtered by it.' },
  {
    name: 'ts',
    type: NANOS,
    description: 'When it happened, by the vendor; clamped to observed time if impossible.',
  },
  {
    name: 'event_id',
    type: 'String',
    description: "Hash of the vendor's event id, or of the record without one.",
  },
  { name: 'observed_at', type: NANOS, description: 'When a collector or this program first saw the record.' },
  { name: 'ingested_at', type: MILLIS, description: 'When the insert that stored it was made.' },
  {
    name: 'time_clamped',
    type: 'Bool',
    description: 'True if the vendor time was impossible and was replaced.',
  },

  { name: 'source', type: WORD, description: 'The vendor family of the record, such as cloudtrail or otel.' },
  { name: 'stream', type: WORD, description: 'The stream within the source that has a delay of its own.' },
  { name: 'organization', type: WORD, description: 'Identity-provider tenant or cloud account.' },
  { name: 'region', type: WORD, description: 'Cloud region, where the source has one.' },
  { name: 'activity', type: WORD, description: 'What the event is, the most specific word that fits.' },
  { name: 'outcome', type: WORD, description: 'success, failure, challenge or unknown.' },
  {
    name: 'evidence',
    type: EVIDENCE_ENUM,
    description: 'How good it is as proof that the person was there.',
  },
  { name: 'amr', type: 'Array(LowCardinality(String))', description: 'Authentication methods (RFC 8176).' },
  {
    name: 'assurance_level',
    type: 'UInt8',
    description: 'NIST SP 800-63B AAL of this event, 0 if it says nothing.',
  },
  { name: 'claimed_mfa', type: 'Bool', description: 'The record itself claims that MFA happened earlier.' },
  { name: 'vendor_event_type', type: WORD, description: "The vendor's own name of the event." },
  { name: 'vendor_event_id', type: 'String', description: "The vendor's own id of the event." },
  { name: 'action', type: WORD, description: 'What was done, such as s3.amazonaws.com:GetObject.' },
  {
    name: 'auth_protocol',
    type: WORD,
    description: 'How the client authenticates: deviceCode, saml20, ropc and so on.',
  },
  {
    name: 'policy_result',
    type: WORD,
    description: 'What a policy decided: allow, deny, challenge or report.',
  },
  { name: 'vendor_risks', type: 'Array(LowCardinality(String))', description: "The vendor's own verdicts." },

  {
    name: 'user_key',
    type: 'String',
    description: 'The join key of the user: lower-cased login, or scoped id.',
  },
  { name: 'user_id', type: 'String', description: "The vendor's id of the user." },
  { name: 'user_name', type: 'String', description: 'The login name as the vendor writes it.' },
  { name: 'actor_kind', type: WORD, description: 'person, service or unknown.' },
  { name: 'target_user_key', type: 'String', description: 'The user that an administrative act is about.' },
  { name: 'user_email', type: 'String', description: 'The mail address, where the record has one.' },

  {
    name: 'session_key',
    type: 'String',
    description: 'Keyed hash of the most root session id on the record.',
  },
  {
    name: 'session_id',
    type: 'String',
    description: "The vendor's readable session id; empty for applications.",
  },
  {
    name: 'session_aliases',
    type: 'Array(String)',
    description: 'Keyed hashes of other session ids on the record, below session_key.',
  },
  { name: 'session_kind', type: WORD, description: 'console, cli, role, browser, api, service or implied.' },
  {
    name: 'session_implied',
    type: 'Bool',
    description: 'True if no id was on the record and the key is made up.',
  },
  {
    name: 'session_created_at',
    type: NANOS,
    description: 'When the record says the session was created, or 0.',
  },
  {
    name: 'principal_key',
    type: 'String',
    description: 'Keyed hash of the cloud principal, for joins by time.',
  },
  { name: 'token_key', type: 'String', description: 'Keyed hash of the token that was used.' },
  {
    name: 'token_id',
    type: 'String',
    description: "The vendor's readable token id, such as an access key id.",
  },
  { name: 'token_type', type: WORD, description: 'What was presented, such as primaryRefreshToken.' },
  {
    name: 'token_binding',
    type: WORD,
    description: 'bound, unbound or empty: is the token tied to its device.',
  },
  {
    name: 'vouches_for',
    type: 'Array(String)',
    description: 'Session, token and principal keys it is evidence for.',
  },
  {
    name: 'device_key',
    type: 'String',
    description: 'Keyed hash of the device id, where it is a strong one.',
  },
  { name: 'application_id', type: WORD, description: 'Id of the application that was used.' },
  { name: 'application_name', type: WORD, description: 'Name of the application that was used.' },

  { name: 'address', type: 'String', description: 'Canonical address of the client, or empty.' },
  { name: 'network', type: 'String', description: 'Its /24 or /48.' },
  { name: 'country', type: WORD, description: 'ISO 3166-1 alpha-2 of the address.' },
  { name: 'asn', type: 'UInt32', description: 'Autonomous system of the address, 0 if unknown.' },
  { name: 'as_organization', type: WORD, description: 'Name of the autonomous system.' },
  { name: 'network_class', type: WORD, description: 'hosting, vpn, mobile, residential and so on.' },
  { name: 'user_agent', type: 'String', description: 'The user agent as received.' },
  { name: 'client_kind', type: WORD, description: 'browser, app, tool, service or unknown.' },
  { name: 'browser', type: WORD, description: 'Browser or tool family.' },
  { name: 'browser_version', type: WORD, description: 'Its major version.' },
  { name: 'os', type: WORD, description: 'Operating system family.' },
  { name: 'os_version', type: WORD, description: 'Its version.' },

  {
    name: 'tls_fingerprint',
    type: 'String',
    description: 'JA3, JA4 or the like of the client, as received.',
  },

  { name: 'service_name', type: WORD, description: 'service.name of the resource that sent the record.' },
  { name: 'event_name', type: WORD, description: 'OpenTelemetry event name of the record.' },
  { name: 'severity_number', type: 'UInt8', description: 'OpenTelemetry severity number.' },
  { name: 'trace_id', type: 'String', description: 'Trace id in hex, or empty.' },
  { name: 'span_id', type: 'String', description: 'Span id in hex, or empty.' },
  { name: 'resource_attributes', type: ATTRIBUTES, description: 'Resource attributes as text.' },
  { name: 'attributes', type: ATTRIBUTES, description: 'Record attributes as text, secrets removed.' },
  { name: 'raw', type: 'String', description: "The vendor's record as JSON text, secrets removed." },
] as const satisfies readonly EventColumn[];

type Columns = (typeof EVENT_COLUMNS)[number];

/** Columns whose words are narrower than their ClickHouse type says. */
interface Narrower {
  source: Source;
  activity: Activity;
  outcome: Outcome;
  session_kind: SessionKind;
  network_class: NetworkClass;
  client_kind: ClientKind;
  actor_kind: ActorKind;
  token_binding: TokenBinding;
  policy_result: PolicyResult;
}

/** One event, a field a column. Built by the processor, read back by the API. */
export type Event = {
  -readonly [C in Columns as C['name']]: C['name'] extends keyof Narrower
    ? Narrower[C['name']]
    : ColumnTypes[C['type']];
};

/** Position of a grade, as `evidence` is stored. */
export function gradeNumber(grade: EvidenceGrade): number {
  return EVIDENCE_GRADES.indexOf(grade);
}

/** An event about which nothing is known yet; `normalize` and `enrich` fill what the record says. */
export function emptyEvent(source: Source): Event {
  return {
    tenant: 'default',
    ts: 0n,
    event_id: '',
    observed_at: 0n,
    ingested_at: 0,
    time_clamped: false,
    source,
    stream: source,
    organization: '',
    region: '',
    activity: 'other',
    outcome: 'unknown',
    evidence: 'none',
    amr: [],
    assurance_level: 0,
    claimed_mfa: false,
    vendor_event_type: '',
    vendor_event_id: '',
    action: '',
    auth_protocol: '',
    policy_result: '',
    vendor_risks: [],
    user_key: '',
    user_id: '',
    user_name: '',
    actor_kind: 'unknown',
    target_user_key: '',
    user_email: '',
    session_key: '',
    session_id: '',
    session_aliases: [],
    session_kind: 'implied',
    session_implied: false,
    session_created_at: 0n,
    principal_key: '',
    token_key: '',
    token_id: '',
    token_type: '',
    token_binding: '',
    vouches_for: [],
    device_key: '',
    application_id: '',
    application_name: '',
    address: '',
    network: '',
    country: '',
    asn: 0,
    as_organization: '',
    network_class: 'unknown',
    user_agent: '',
    client_kind: 'unknown',
    browser: '',
    browser_version: '',
    os: '',
    os_version: '',
    tls_fingerprint: '',
    service_name: '',
    event_name: '',
    severity_number: 0,
    trace_id: '',
    span_id: '',
    resource_attributes: {},
    attributes: {},
    raw: '',
  };
}
