-- Sessions: what is known of a session in one place of use (source, organization, application), kept as
-- idempotent aggregates, so that an event delivered twice, late or in any order changes nothing.
-- "Never" is 2262-01-01 (the end of DateTime64(9)) under min() and 1970-01-01 under max().
CREATE TABLE IF NOT EXISTS sessions
(
    tenant LowCardinality(String),
    session_key String,
    source LowCardinality(String),
    organization LowCardinality(String),
    application_id LowCardinality(String),
    application_name SimpleAggregateFunction(max, String),
    -- Position in SESSION_KINDS of words.ts: the most specific kind that any record says.
    kind_rank SimpleAggregateFunction(max, UInt8),
    implied SimpleAggregateFunction(min, UInt8),
    -- Two users of one session show as a difference of these two.
    user_key_low SimpleAggregateFunction(min, String),
    user_key_high SimpleAggregateFunction(max, String),
    user_name SimpleAggregateFunction(max, String),
    session_id SimpleAggregateFunction(max, String),
    principal_key SimpleAggregateFunction(max, String),
    claimed_mfa SimpleAggregateFunction(max, UInt8),
    created_claim SimpleAggregateFunction(min, DateTime64(9, 'UTC')),
    -- The first record that says that it began, successfully: a sign-in or a session start.
    started SimpleAggregateFunction(min, Tuple(ts DateTime64(9, 'UTC'), event_id String)),
    ended SimpleAggregateFunction(max, DateTime64(9, 'UTC')),
    first_ts SimpleAggregateFunction(min, DateTime64(9, 'UTC')),
    last_ts SimpleAggregateFunction(max, DateTime64(9, 'UTC')),
    first_use SimpleAggregateFunction(min, Tuple(
        ts DateTime64(9, 'UTC'), event_id String, stream String, user_key String, user_id String, asn UInt32,
        network String, country String, network_class String, client_kind String, browser String, os String)),
    last_use SimpleAggregateFunction(max, DateTime64(9, 'UTC')),
    tokens AggregateFunction(groupUniqArray(64), String)
)
ENGINE = AggregatingMergeTree
ORDER BY (tenant, session_key, source, organization, application_id)
SETTINGS index_granularity = 256;

CREATE MATERIALIZED VIEW IF NOT EXISTS sessions_of_events TO sessions AS
WITH toDateTime64('2262-01-01 00:00:00', 9, 'UTC') AS never
SELECT tenant, session_key, source, organization, application_id,
    max(toString(events.application_name)) AS application_name,
    max(toUInt8(indexOf(['implied', 'service', 'api', 'browser', 'role', 'cli', 'console'],
        toString(session_kind)) - 1)) AS kind_rank,
    min(toUInt8(session_implied)) AS implied,
    min(events.user_key) AS user_key_low,
    max(events.user_key) AS user_key_high,
    max(events.user_name) AS user_name,
    max(events.session_id) AS session_id,
    max(events.principal_key) AS principal_key,
    max(toUInt8(events.claimed_mfa AND session_use)) AS claimed_mfa,
    min(if(session_created_at > toDateTime64(0, 9, 'UTC'), session_created_at, never)) AS created_claim,
    min(if(activity IN ('sign_in', 'session_start') AND outcome = 'success', tuple(events.ts, event_id),
        tuple(never, ''))) AS started,
    max(if(activity IN ('session_end', 'session_revoke') AND outcome != 'failure', events.ts,
        toDateTime64(0, 9, 'UTC'))) AS ended,
    min(events.ts) AS first_ts,
    max(events.ts) AS last_ts,
    min(if(session_use,
        tuple(events.ts, event_id, toString(stream), events.user_key, user_id, asn, network, toString(country),
            toString(network_class), toString(client_kind), toString(browser), toString(os)),
        tuple(never, '', '', '', '', toUInt32(0), '', '', '', '', '', ''))) AS first_use,
    max(if(session_use, events.ts, toDateTime64(0, 9, 'UTC'))) AS last_use,
    groupUniqArrayStateIf(64)(token_key, token_key != '') AS tokens
FROM events
WHERE session_key != ''
GROUP BY tenant, session_key, source, organization, application_id;

-- Evidence, filed under every key that it vouches for: a session, a token, or a cloud principal (joined by time).
CREATE TABLE IF NOT EXISTS session_evidence
(
    tenant LowCardinality(String),
    session_key String,
    ts DateTime64(9, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
    event_id String,
    ingested_at DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
    evidence Enum8('none' = 0, 'bypassed' = 1, 'inherited' = 2, 'asserted' = 3, 'credential' = 4, 'mfa' = 5, 'phishing_resistant' = 6),
    activity LowCardinality(String),
    source LowCardinality(String),
    organization LowCardinality(String),
    stream LowCardinality(String),
    given_in String,
    user_key String,
    user_id String,
    amr Array(LowCardinality(String)),
    assurance_level UInt8,
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
ORDER BY (tenant, session_key, ts, event_id)
TTL toDateTime(ingested_at) + INTERVAL 400 DAY
SETTINGS index_granularity = 256, ttl_only_drop_parts = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS session_evidence_of_events TO session_evidence AS
SELECT tenant, vouched AS session_key, ts, event_id, ingested_at, evidence, activity, source,
    organization, stream, events.session_key AS given_in, user_key, user_id, amr, assurance_level, asn, network, country, network_class,
    client_kind, browser, os, device_key
FROM events
ARRAY JOIN vouches_for AS vouched;

-- Which sessions used a token, so that an issue that arrives late finds them.
CREATE TABLE IF NOT EXISTS session_tokens
(
    tenant LowCardinality(String),
    token_key String,
    session_key String,
    first_ts SimpleAggregateFunction(min, DateTime64(9, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY (tenant, token_key, session_key)
SETTINGS index_granularity = 256;

CREATE MATERIALIZED VIEW IF NOT EXISTS session_tokens_of_events TO session_tokens AS
SELECT tenant, token_key, session_key, min(events.ts) AS first_ts
FROM events
WHERE token_key != '' AND session_use
GROUP BY tenant, token_key, session_key;

-- Which sessions a cloud principal began, and when: evidence joins the session created within 3 s of it.
CREATE TABLE IF NOT EXISTS session_principals
(
    tenant LowCardinality(String),
    principal_key String,
    created_at DateTime64(9, 'UTC'),
    session_key String
)
ENGINE = ReplacingMergeTree
ORDER BY (tenant, principal_key, created_at, session_key)
SETTINGS index_granularity = 256;

CREATE MATERIALIZED VIEW IF NOT EXISTS session_principals_of_events TO session_principals AS
SELECT DISTINCT tenant, principal_key, session_created_at AS created_at, session_key
FROM events
WHERE principal_key != '' AND session_created_at > toDateTime64(0, 9, 'UTC') AND session_use;

-- Parent and child: the session in which an issue was made and what it issued, and a root session with the other
-- ids that its records carry. Both directions are stored,
-- since a look-up by the second column of a sort key reads the whole table.
CREATE TABLE IF NOT EXISTS session_edges
(
    tenant LowCardinality(String),
    key String,
    direction Enum8('child' = 0, 'parent' = 1),
    other_key String,
    kind LowCardinality(String),
    ts SimpleAggregateFunction(min, DateTime64(9, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY (tenant, key, direction, other_key, kind)
SETTINGS index_granularity = 256;

CREATE MATERIALIZED VIEW IF NOT EXISTS session_edges_of_events TO session_edges AS
SELECT tenant, edge.1 AS key, edge.2 AS direction, edge.3 AS other_key, edge.4 AS kind, min(events.ts) AS ts
FROM events
ARRAY JOIN arrayConcat(
    arrayFlatten(arrayMap(
        issued -> [(session_key, 'child', issued, 'issue'), (issued, 'parent', session_key, 'issue')],
        arrayFilter(issued -> issued != session_key AND activity = 'token_issue', vouches_for))),
    arrayFlatten(arrayMap(
        alias -> [(session_key, 'child', alias, 'root'), (alias, 'parent', session_key, 'root')],
        arrayFilter(alias -> alias != session_key, session_aliases)))) AS edge
WHERE session_key != ''
GROUP BY tenant, key, direction, other_key, kind;
