-- Events: one row an event, as the processor normalised and enriched it. The columns are those of event.ts.
-- A batch that is delivered twice leaves two rows until a merge: every reader takes one row an event_id, the
-- last ingested; data teams read report_events.
CREATE TABLE IF NOT EXISTS events
(
    tenant LowCardinality(String) CODEC(ZSTD(1)),
    ts DateTime64(9, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
    event_id String CODEC(ZSTD(1)),
    observed_at DateTime64(9, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
    ingested_at DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
    time_clamped Bool CODEC(ZSTD(1)),
    source LowCardinality(String) CODEC(ZSTD(1)),
    stream LowCardinality(String) CODEC(ZSTD(1)),
    organization LowCardinality(String) CODEC(ZSTD(1)),
    region LowCardinality(String) CODEC(ZSTD(1)),
    activity LowCardinality(String) CODEC(ZSTD(1)),
    outcome LowCardinality(String) CODEC(ZSTD(1)),
    evidence Enum8('none' = 0, 'bypassed' = 1, 'inherited' = 2, 'asserted' = 3, 'credential' = 4, 'mfa' = 5, 'phishing_resistant' = 6) CODEC(ZSTD(1)),
    amr Array(LowCardinality(String)) CODEC(ZSTD(1)),
    assurance_level UInt8 CODEC(ZSTD(1)),
    claimed_mfa Bool CODEC(ZSTD(1)),
    vendor_event_type LowCardinality(String) CODEC(ZSTD(1)),
    vendor_event_id String CODEC(ZSTD(1)),
    action LowCardinality(String) CODEC(ZSTD(1)),
    auth_protocol LowCardinality(String) CODEC(ZSTD(1)),
    policy_result LowCardinality(String) CODEC(ZSTD(1)),
    vendor_risks Array(LowCardinality(String)) CODEC(ZSTD(1)),
    user_key String CODEC(ZSTD(1)),
    user_id String CODEC(ZSTD(1)),
    user_name String CODEC(ZSTD(1)),
    actor_kind LowCardinality(String) CODEC(ZSTD(1)),
    target_user_key String CODEC(ZSTD(1)),
    user_email String CODEC(ZSTD(1)),
    session_key String CODEC(ZSTD(1)),
    session_id String CODEC(ZSTD(1)),
    session_aliases Array(String) CODEC(ZSTD(1)),
    session_kind LowCardinality(String) CODEC(ZSTD(1)),
    session_implied Bool CODEC(ZSTD(1)),
    session_created_at DateTime64(9, 'UTC') CODEC(ZSTD(1)),
    principal_key String CODEC(ZSTD(1)),
    token_key String CODEC(ZSTD(1)),
    token_id String CODEC(ZSTD(1)),
    token_type LowCardinality(String) CODEC(ZSTD(1)),
    token_binding LowCardinality(String) CODEC(ZSTD(1)),
    vouches_for Array(String) CODEC(ZSTD(1)),
    device_key String CODEC(ZSTD(1)),
    application_id LowCardinality(String) CODEC(ZSTD(1)),
    application_name LowCardinality(String) CODEC(ZSTD(1)),
    address String CODEC(ZSTD(1)),
    network String CODEC(ZSTD(1)),
    country LowCardinality(String) CODEC(ZSTD(1)),
    asn UInt32 CODEC(ZSTD(1)),
    as_organization LowCardinality(String) CODEC(ZSTD(1)),
    network_class LowCardinality(String) CODEC(ZSTD(1)),
    user_agent String CODEC(ZSTD(1)),
    client_kind LowCardinality(String) CODEC(ZSTD(1)),
    browser LowCardinality(String) CODEC(ZSTD(1)),
    browser_version LowCardinality(String) CODEC(ZSTD(1)),
    os LowCardinality(String) CODEC(ZSTD(1)),
    os_version LowCardinality(String) CODEC(ZSTD(1)),
    tls_fingerprint String CODEC(ZSTD(1)),
    service_name LowCardinality(String) CODEC(ZSTD(1)),
    event_name LowCardinality(String) CODEC(ZSTD(1)),
    severity_number UInt8 CODEC(ZSTD(1)),
    trace_id String CODEC(ZSTD(1)),
    span_id String CODEC(ZSTD(1)),
    resource_attributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    attributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    raw String CODEC(ZSTD(3)) TTL toDateTime(ingested_at) + INTERVAL 90 DAY,
    -- Whether a session or token was used. A refused request is a use at AWS (the credentials were good, the
    -- permission was not), but at an application it may be a guessed session id.
    session_use Bool MATERIALIZED session_key != ''
        AND activity IN ('access', 'admin', 'session_refresh', 'token_issue')
        AND (outcome != 'failure' OR source = 'cloudtrail')
)
ENGINE = ReplacingMergeTree(ingested_at)
PARTITION BY toYYYYMM(ts)
ORDER BY (tenant, ts, event_id)
TTL toDateTime(ingested_at) + INTERVAL 400 DAY
SETTINGS ttl_only_drop_parts = 1, fsync_after_insert = 1, fsync_part_directory = 1;

-- What came in since the scheduler last looked: a row for each key that an event touches (its session, and
-- what it is evidence for). Hours below the cursor are dropped by the scheduler.
CREATE TABLE IF NOT EXISTS arrivals
(
    ingested_at DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
    tenant LowCardinality(String),
    session_key String,
    event_id String
)
ENGINE = MergeTree
PARTITION BY toStartOfHour(ingested_at)
ORDER BY (ingested_at, tenant, session_key, event_id)
TTL toDateTime(ingested_at) + INTERVAL 90 DAY
SETTINGS ttl_only_drop_parts = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS arrivals_of_events TO arrivals AS
SELECT ingested_at, tenant, touched AS session_key, event_id
FROM events
ARRAY JOIN arrayDistinct(arrayFilter(key -> key != '', arrayPushBack(vouches_for, session_key))) AS touched;

-- A user's events, narrow: what the folds and the user's own past are computed from.
CREATE TABLE IF NOT EXISTS user_events
(
    tenant LowCardinality(String),
    user_key String,
    ts DateTime64(9, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
    event_id String,
    ingested_at DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
    session_key String,
    session_use Bool,
    session_implied Bool,
    source LowCardinality(String),
    stream LowCardinality(String),
    organization LowCardinality(String),
    application_id LowCardinality(String),
    activity LowCardinality(String),
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
PARTITION BY toYYYYMM(ts)
ORDER BY (tenant, user_key, ts, event_id)
TTL toDateTime(ingested_at) + INTERVAL 400 DAY
SETTINGS index_granularity = 1024, ttl_only_drop_parts = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS user_events_of_events TO user_events AS
SELECT tenant, user_key, ts, event_id, ingested_at, session_key, session_use, session_implied, source, stream,
    organization, application_id, activity, asn, network, country, network_class, client_kind, browser, os,
    device_key
FROM events
WHERE user_key != '';

-- Streams: parts of a source with a delay of their own. `newest` is the newest event time with its arrival
-- (negated, so that max() keeps the first arrival of that time); a clock that runs ahead counts at most 5 min.
CREATE TABLE IF NOT EXISTS streams
(
    tenant LowCardinality(String),
    source LowCardinality(String),
    organization LowCardinality(String),
    stream LowCardinality(String),
    first_ts SimpleAggregateFunction(min, DateTime64(9, 'UTC')),
    newest SimpleAggregateFunction(max, Tuple(ts DateTime64(9, 'UTC'), negated_arrival_ms Int64))
)
ENGINE = AggregatingMergeTree
ORDER BY (tenant, source, organization, stream);

CREATE MATERIALIZED VIEW IF NOT EXISTS streams_of_events TO streams AS
SELECT tenant, source, organization, stream,
    min(events.ts) AS first_ts,
    max(tuple(least(events.ts, toDateTime64(events.ingested_at, 9, 'UTC') + INTERVAL 5 MINUTE),
        -toUnixTimestamp64Milli(events.ingested_at))) AS newest
FROM events
GROUP BY tenant, source, organization, stream;
