-- When events of a stream arrived and when they had happened, in slots of ten seconds: what the usual disorder and
-- the usual silence of the stream are learned from. A stamp from the future counts as at most 5 min ahead.
CREATE TABLE IF NOT EXISTS stream_arrivals
(
    tenant LowCardinality(String),
    source LowCardinality(String),
    organization LowCardinality(String),
    stream LowCardinality(String),
    arrived DateTime('UTC'),
    happened DateTime64(0, 'UTC'),
    events SimpleAggregateFunction(sum, UInt64)
)
ENGINE = AggregatingMergeTree
PARTITION BY toDate(arrived)
ORDER BY (tenant, source, organization, stream, arrived, happened)
TTL arrived + INTERVAL 8 DAY
SETTINGS ttl_only_drop_parts = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS stream_arrivals_of_events TO stream_arrivals AS
SELECT tenant, source, organization, stream,
    toStartOfInterval(toDateTime(ingested_at, 'UTC'), INTERVAL 10 SECOND) AS arrived,
    toDateTime64(toStartOfInterval(least(events.ts, toDateTime64(ingested_at, 9, 'UTC') + INTERVAL 5 MINUTE),
        INTERVAL 10 SECOND), 0, 'UTC') AS happened,
    count() AS events
FROM events
GROUP BY tenant, source, organization, stream, arrived, happened;

-- What was learned of each stream, newest version first.
CREATE TABLE IF NOT EXISTS stream_clocks
(
    tenant LowCardinality(String),
    source LowCardinality(String),
    organization LowCardinality(String),
    stream LowCardinality(String),
    -- 99th percentile of how far events come behind the newest before them, in seconds.
    disorder_seconds UInt32,
    -- 99th percentile of its silence, in seconds, by part of the day (four hours each, UTC).
    gap_seconds Array(UInt32),
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (tenant, source, organization, stream);

-- What each source brought in an hour, and how complete it was. The counts are of distinct event ids (approximate
-- beyond some thousands), so that a batch that comes twice counts once.
CREATE TABLE IF NOT EXISTS coverage_hours
(
    tenant LowCardinality(String),
    source LowCardinality(String),
    organization LowCardinality(String),
    region LowCardinality(String),
    application_id LowCardinality(String),
    hour DateTime('UTC'),
    application_name SimpleAggregateFunction(max, String),
    newest SimpleAggregateFunction(max, DateTime64(9, 'UTC')),
    events AggregateFunction(uniqCombined, String),
    with_session AggregateFunction(uniqCombined, String),
    with_device AggregateFunction(uniqCombined, String),
    with_user_agent AggregateFunction(uniqCombined, String),
    with_address AggregateFunction(uniqCombined, String),
    with_mfa AggregateFunction(uniqCombined, String),
    delays AggregateFunction(quantilesTDigest(0.5, 0.99), Float64)
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(hour)
ORDER BY (tenant, source, organization, region, application_id, hour)
TTL hour + INTERVAL 400 DAY
SETTINGS ttl_only_drop_parts = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS coverage_hours_of_events TO coverage_hours AS
SELECT tenant, source, organization, region, application_id, toStartOfHour(toDateTime(events.ts, 'UTC')) AS hour,
    max(toString(events.application_name)) AS application_name,
    max(events.ts) AS newest,
    uniqCombinedState(event_id) AS events,
    uniqCombinedIfState(event_id, session_key != '' AND NOT session_implied) AS with_session,
    uniqCombinedIfState(event_id, device_key != '') AS with_device,
    uniqCombinedIfState(event_id, user_agent != '') AS with_user_agent,
    uniqCombinedIfState(event_id, address != '') AS with_address,
    uniqCombinedIfState(event_id, evidence >= 'mfa' OR claimed_mfa) AS with_mfa,
    quantilesTDigestState(0.5, 0.99)(greatest(toFloat64(dateDiff('second', events.ts, ingested_at)), 0)) AS delays
FROM events
GROUP BY tenant, source, organization, region, application_id, hour;
