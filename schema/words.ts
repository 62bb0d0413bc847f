/**
 * The closed vocabularies of the product, each defined once. The store, the processor and the API take their
 * types and their checks from here; `docs/` and the GraphQL enums use the same words (upper case in GraphQL).
 */

/** What an event is. Order is from most to least specific: one record has one activity, the most specific. */
export const ACTIVITIES = [
  'session_revoke',
  'session_end',
  'sign_in',
  'session_start',
  'mfa_success',
  'mfa_failure',
  'mfa_challenge',
  'credential_validation',
  'token_issue',
  'session_refresh',
  'access',
  'admin',
  'risk',
  'policy',
  'other',
] as const;
export type Activity = (typeof ACTIVITIES)[number];

/** How good an event is as proof that a person was there; the position is the grade that the store compares. */
export const EVIDENCE_GRADES = [
  'none',
  'bypassed',
  'inherited',
  'asserted',
  'credential',
  'mfa',
  'phishing_resistant',
] as const;
export type EvidenceGrade = (typeof EVIDENCE_GRADES)[number];

export const OUTCOMES = ['success', 'failure', 'challenge', 'unknown'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** How an access was tied to its evidence, strongest first. */
export const LINKS = ['session', 'derived', 'asserted', 'device', 'network', 'user', 'none'] as const;
export type Link = (typeof LINKS)[number];

export const VERDICTS = ['proven', 'asserted', 'unproven', 'unvouched'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Kinds of session, least specific first: a session is of the most specific kind that any of its records says. */
export const SESSION_KINDS = ['implied', 'service', 'api', 'browser', 'role', 'cli', 'console'] as const;
export type SessionKind = (typeof SESSION_KINDS)[number];

export const NETWORK_CLASSES = [
  'hosting',
  'vpn',
  'relay',
  'gateway',
  'tor',
  'mobile',
  'satellite',
  'corporate',
  'education',
  'cloud',
  'residential',
  'private',
  'unknown',
] as const;
export type NetworkClass = (typeof NETWORK_CLASSES)[number];

/** What kind of program acted: a person's browser or app, a script or command-line tool, or a vendor's service. */
export const CLIENT_KINDS = ['browser', 'app', 'tool', 'service', 'unknown'] as const;
export type ClientKind = (typeof CLIENT_KINDS)[number];

/** Who acted: a person, or a service with an identity of its own (service principal, CI job, AWS service). */
export const ACTOR_KINDS = ['person', 'service', 'unknown'] as const;
export type ActorKind = (typeof ACTOR_KINDS)[number];

/** What a policy decided about the event; empty where the record says nothing, `report` where it was only tried. */
export const POLICY_RESULTS = ['', 'allow', 'deny', 'challenge', 'report'] as const;
export type PolicyResult = (typeof POLICY_RESULTS)[number];

/** Whether the token that was presented is tied to its device; empty where the record says nothing. */
export const TOKEN_BINDINGS = ['', 'bound', 'unbound'] as const;
export type TokenBinding = (typeof TOKEN_BINDINGS)[number];

/** What vouches for a strand of a session; `none` where nothing does. */
export const VOUCHES = ['evidence', 'issue', 'session', 'user', 'established', 'none'] as const;

export const SEVERITIES = ['info', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const FINDING_STATES = ['provisional', 'open', 'acknowledged', 'resolved', 'withdrawn'] as const;
export type FindingState = (typeof FINDING_STATES)[number];

export const WITHDRAWN_REASONS = ['evidence', 'coverage', 'superseded'] as const;
export type WithdrawnReason = (typeof WITHDRAWN_REASONS)[number];

/** What an analyst can say that a finding was. */
export const RESOLUTIONS = ['true_positive', 'false_positive', 'benign'] as const;
export type Resolution = (typeof RESOLUTIONS)[number];

/** Sources that this program can normalise. */
export const SOURCES = ['cloudtrail', 'okta', 'entra', 'otel'] as const;
export type Source = (typeof SOURCES)[number];
