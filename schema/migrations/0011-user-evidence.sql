-- A user's own evidence, wherever it was given: weaker links, and factors that were refused.
CREATE TABLE IF NOT EXISTS user_evidence
(
    tenant LowCardinality(String),
    user_key String,
    ts DateTime64(9, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
    event_id String,
    ingested_at DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
    evidence Enum8('none' = 0, 'bypassed' = 1, 'inherited' = 2, 'asserted' = 3, 'credential' = 4, 'mfa' = 5, 'phishing_resistant' = 6),
    is_refused Bool,
    has_risk Bool,
    source LowCardinality(String),
    session_key String,
    asn UInt32,
    network String,
    client_kind LowCardinality(String),
    browser LowCardinality(String),
    os LowCardinality(String),
    device_key String
)
ENGINE = ReplacingMergeTree(ingested_at)
ORDER BY (tenant, user_key, ts, event_id)
TTL toDateTime(ingested_at) + INTERVAL 45 DAY
SETTINGS index_granularity = 256, ttl_only_drop_parts = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS user_evidence_of_events TO user_evidence AS
SELECT tenant, user_key, ts, event_id, ingested_at, evidence, activity = 'mfa_failure' AS is_refused,
    notEmpty(vendor_risks) AS has_risk, source,
    session_key, asn, network, client_kind, browser, os, device_key
FROM events
WHERE user_key != '' AND ((evidence >= 'credential' AND outcome != 'failure') OR activity = 'mfa_failure');

-- Evidence of a federated sign-in or issue: what proves it is the provider's leg.
ALTER TABLE session_evidence ADD COLUMN IF NOT EXISTS is_federated Bool;

ALTER TABLE session_evidence_of_events MODIFY QUERY
SELECT tenant, vouched AS session_key, ts, event_id, ingested_at, evidence, activity, source,
    organization, stream, events.session_key AS given_in, user_key, user_id, amr, assurance_level, asn, network, country,
    network_class, client_kind, browser, os, device_key,
    evidence = 'inherited' AND source NOT IN ('okta', 'entra')
        AND (activity = 'sign_in' OR endsWith(action, ':AssumeRoleWithSAML')) AS is_federated
FROM events
ARRAY JOIN vouches_for AS vouched;

-- Provider legs: a user's accesses to applications at an identity provider. A federated sign-in at the application
-- is proven by the leg that led to it.
CREATE TABLE IF NOT EXISTS provider_legs
(
    tenant LowCardinality(String),
    user_key String,
    ts DateTime64(9, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
    event_id String,
    ingested_at DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
    source LowCardinality(String),
    organization LowCardinality(String),
    stream LowCardinality(String),
    session_key String,
    application_name LowCardinality(String),
    evidence Enum8('none' = 0, 'bypassed' = 1, 'inherited' = 2, 'asserted' = 3, 'credential' = 4, 'mfa' = 5, 'phishing_resistant' = 6),
    asn UInt32,
    network String,
    country LowCardinality(String),
    network_class LowCardinality(String),
    client_kind LowCardinality(String),
    browser LowCardinality(String),
    os LowCardinality(String),
    device_key String
)
ENGINE = ReplacingMergeTree(ingested_at)
ORDER BY (tenant, user_key, ts, event_id)
TTL toDateTime(ingested_at) + INTERVAL 400 DAY
SETTINGS index_granularity = 256, ttl_only_drop_parts = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS provider_legs_of_events TO provider_legs AS
SELECT tenant, user_key, ts, event_id, ingested_at, source, organization, stream, session_key, application_name,
    evidence, asn, network, country, network_class, client_kind, browser, os, device_key
FROM events
WHERE source IN ('okta', 'entra') AND user_key != '' AND application_name != '' AND outcome != 'failure'
    AND activity IN ('access', 'sign_in', 'session_refresh', 'token_issue', 'session_start');

-- Log-outs and revocations, by what they end: a session, a token, or every session of a user; and the vendor's word
-- that a refresh token was used once more after it had been replaced.
CREATE TABLE IF NOT EXISTS session_ends
(
    tenant LowCardinality(String),
    scope_key String,
    ts DateTime64(9, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
    event_id String,
    ingested_at DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
    scope LowCardinality(String),
    is_revocation Bool,
    is_reuse Bool,
    source LowCardinality(String),
    organization LowCardinality(String),
    INDEX by_arrival ingested_at TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(ingested_at)
ORDER BY (tenant, scope_key, ts, event_id)
TTL toDateTime(ingested_at) + INTERVAL 400 DAY
SETTINGS index_granularity = 256, ttl_only_drop_parts = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS session_ends_of_events TO session_ends AS
SELECT tenant, ended.2 AS scope_key, ts, event_id, ingested_at, ended.1 AS scope,
    activity = 'session_revoke' AS is_revocation, has(vendor_risks, 'refresh_token_reuse') AS is_reuse, source,
    organization
FROM events
ARRAY JOIN arrayFilter(item -> item.2 != '', multiIf(
    has(vendor_risks, 'refresh_token_reuse'), [('session', session_key)],
    token_key != '', [('token', token_key)],
    session_key != '' AND NOT session_implied AND (target_user_key = '' OR target_user_key = user_key),
        [('session', session_key)],
    activity = 'session_revoke', [('user', if(target_user_key = '', user_key, target_user_key))],
    [])) AS ended
WHERE (activity IN ('session_end', 'session_revoke') AND outcome != 'failure')
    OR has(vendor_risks, 'refresh_token_reuse');

-- Run table: the judged sessions that were ended, and by what.
CREATE TABLE IF NOT EXISTS ended_sessions
(
    run_id UInt64,
    tenant LowCardinality(String),
    session_key String,
    user_key String,
    ended_at DateTime64(9, 'UTC'),
    event_id String,
    scope LowCardinality(String),
    is_revocation Bool,
    is_reuse Bool,
    source LowCardinality(String)
)
ENGINE = MergeTree
PARTITION BY run_id
ORDER BY (tenant, session_key)
SETTINGS index_granularity = 256, fsync_after_insert = 0, fsync_part_directory = 0;

-- What a thief does to stay: factors and devices registered, credentials changed, consent granted, mail rules, users,
-- keys, roles, API tokens and identity providers made.
CREATE TABLE IF NOT EXISTS takeover_acts
(
    tenant LowCardinality(String),
    user_key String,
    ts DateTime64(9, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
    event_id String,
    ingested_at DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
    session_key String,
    source LowCardinality(String),
    act LowCardinality(String),
    asn UInt32,
    network String,
    browser LowCardinality(String),
    os LowCardinality(String)
)
ENGINE = ReplacingMergeTree(ingested_at)
ORDER BY (tenant, user_key, ts, event_id)
TTL toDateTime(ingested_at) + INTERVAL 400 DAY
SETTINGS index_granularity = 256, ttl_only_drop_parts = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS takeover_acts_of_events TO takeover_acts AS
SELECT tenant, user_key, ts, event_id, ingested_at, session_key, source, vendor_event_type AS act, asn, network, browser, os
FROM events
WHERE user_key != '' AND outcome != 'failure' AND activity IN ('admin', 'other')
    AND match(lower(if(action = '', toString(vendor_event_type), toString(action))),
        'mfa\\.factor\\.(activate|update)|factor|security info|authenticat(or|ion method)|account\\.(update|reset)_(password|primary_email|secondary_email)|(reset|change).{0,12}password|password.{0,12}(reset|change)|api_token\\.create|createaccesskey|(create|update)loginprofile|createuser|createrole|updateassumerolepolicy|(create|update)(saml|openidconnect)provider|(enable|deactivate|create|resync)(virtual)?mfadevice|(attach|put)(user|role)policy|consent|inbox-?rule|mailbox.?rule|idp\\.lifecycle\\.(create|update)|privilege\\.grant|add (user|service principal|app role|owner|registered|member to role|delegated)|register device|device.*(register|enroll)|certificates and secrets|user\\.lifecycle\\.create');

ALTER TABLE judged_evidence ADD COLUMN IF NOT EXISTS is_federated Bool;

-- What of the user's other evidence is near a session without any: 'network', 'user' or nothing.
ALTER TABLE judged_absence ADD COLUMN IF NOT EXISTS weaker_link LowCardinality(String);

-- As in the migration before: what is stored is given to these tables at the next start.
INSERT INTO store_facts SELECT 'view_targets_checked_until', '0', now64(3, 'UTC');
