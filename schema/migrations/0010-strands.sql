-- Strands: the uses of a session by network, client and device, kept as idempotent aggregates. `unrouted` is the
-- /24 or /48 where no autonomous system is known. What came without an address, or from a vendor's own service,
-- makes no strand.
CREATE TABLE IF NOT EXISTS strands
(
    tenant LowCardinality(String),
    session_key String,
    source LowCardinality(String),
    asn UInt32,
    country LowCardinality(String),
    unrouted String,
    network_class LowCardinality(String),
    client_kind LowCardinality(String),
    os LowCardinality(String),
    browser LowCardinality(String),
    device_key String,
    user_key SimpleAggregateFunction(max, String),
    organization SimpleAggregateFunction(max, String),
    -- Its beginning. The version is that of the browser or tool, 0 if unknown.
    begun SimpleAggregateFunction(min, Tuple(ts DateTime64(9, 'UTC'), event_id String, network String,
        version UInt32, tls_fingerprint String)),
    last_ts SimpleAggregateFunction(max, DateTime64(9, 'UTC')),
    -- "Never" is 2262-01-01. Credential or better, factor or better, and a factor that phishing does not pass.
    credential_ts SimpleAggregateFunction(min, DateTime64(9, 'UTC')),
    factor_ts SimpleAggregateFunction(min, DateTime64(9, 'UTC')),
    phishing_resistant_ts SimpleAggregateFunction(min, DateTime64(9, 'UTC')),
    INDEX by_session session_key TYPE bloom_filter(0.001) GRANULARITY 1
)
ENGINE = AggregatingMergeTree
ORDER BY (tenant, session_key, source, asn, country, unrouted, network_class, client_kind, os, browser, device_key)
SETTINGS index_granularity = 256;

CREATE MATERIALIZED VIEW IF NOT EXISTS strands_of_events TO strands AS
WITH toDateTime64('2262-01-01 00:00:00', 9, 'UTC') AS never
SELECT tenant, session_key, source, asn, country, if(asn = 0, events.network, '') AS unrouted, network_class,
    client_kind, os, browser, device_key,
    max(events.user_key) AS user_key,
    max(toString(events.organization)) AS organization,
    min(tuple(ts, event_id, network, toUInt32OrZero(splitByChar('.', toString(browser_version))[1]), tls_fingerprint))
        AS begun,
    max(ts) AS last_ts,
    min(if(evidence >= 'credential', ts, never)) AS credential_ts,
    min(if(evidence >= 'mfa', ts, never)) AS factor_ts,
    min(if(evidence = 'phishing_resistant', ts, never)) AS phishing_resistant_ts
FROM events
WHERE session_key != '' AND events.network != '' AND network_class != 'private' AND client_kind != 'service'
    AND (session_use OR (evidence >= 'credential' AND outcome != 'failure'))
GROUP BY tenant, session_key, source, asn, country, unrouted, network_class, client_kind, os, browser, device_key;

-- A user's past: networks, clients and devices by day and session.
CREATE TABLE IF NOT EXISTS user_past
(
    tenant LowCardinality(String),
    user_key String,
    day Date,
    session_key String,
    source LowCardinality(String),
    asn UInt32,
    country LowCardinality(String),
    network String,
    client_kind LowCardinality(String),
    os LowCardinality(String),
    browser LowCardinality(String),
    device_key String,
    INDEX by_user user_key TYPE bloom_filter(0.001) GRANULARITY 1
)
ENGINE = ReplacingMergeTree
ORDER BY (tenant, user_key, day, session_key, source, asn, country, network, client_kind, os, browser, device_key)
TTL day + INTERVAL 400 DAY
SETTINGS index_granularity = 256;

CREATE MATERIALIZED VIEW IF NOT EXISTS user_past_of_events TO user_past AS
SELECT DISTINCT tenant, user_key, toDate(ts) AS day, session_key, source, asn, country, network, client_kind, os,
    browser, device_key
FROM events
WHERE user_key != '' AND events.network != '' AND network_class != 'private' AND client_kind != 'service'
    AND (session_use OR (evidence >= 'credential' AND outcome != 'failure'));

-- Which sessions a user used on which day and where: what closure is counted over.
CREATE TABLE IF NOT EXISTS session_days
(
    tenant LowCardinality(String),
    user_key String,
    day Date,
    session_key String,
    source LowCardinality(String),
    organization LowCardinality(String),
    application_id LowCardinality(String),
    INDEX by_user user_key TYPE bloom_filter(0.001) GRANULARITY 1
)
ENGINE = ReplacingMergeTree
ORDER BY (tenant, user_key, day, session_key, source, organization, application_id)
TTL day + INTERVAL 400 DAY
SETTINGS index_granularity = 256;

CREATE MATERIALIZED VIEW IF NOT EXISTS session_days_of_events TO session_days AS
SELECT DISTINCT tenant, user_key, toDate(ts) AS day, session_key, source, organization, application_id
FROM events
WHERE user_key != '' AND session_use AND NOT session_implied;

-- Who used what many may share, by day: networks (a learned egress), programs of others' clouds (a learned backend)
-- and device ids (a shared device counts for nothing). Places where anyone may appear teach nothing.
CREATE TABLE IF NOT EXISTS shared_days
(
    tenant LowCardinality(String),
    kind LowCardinality(String),
    shared String,
    day Date,
    user_key String,
    session_key String
)
ENGINE = ReplacingMergeTree
ORDER BY (tenant, kind, shared, day, user_key, session_key)
TTL day + INTERVAL 400 DAY
SETTINGS index_granularity = 256;

CREATE MATERIALIZED VIEW IF NOT EXISTS shared_days_of_events TO shared_days AS
SELECT DISTINCT tenant, sharing.1 AS kind, sharing.2 AS shared, toDate(ts) AS day, user_key, session_key
FROM events
ARRAY JOIN arrayFilter(item -> item.2 != '', [
    ('network', if(network_class IN ('hosting', 'vpn', 'tor', 'private'), '', network)),
    ('backend', if(network_class NOT IN ('vpn', 'tor', 'private') AND asn != 0 AND browser != ''
        AND client_kind IN ('tool', 'app', 'unknown'), concat(toString(asn), '|', browser), '')),
    ('device', device_key)]) AS sharing
WHERE user_key != '' AND events.network != '' AND session_use;

-- The day from which something counts as shared: five users on three days or more came before it.
CREATE TABLE IF NOT EXISTS learned
(
    tenant LowCardinality(String),
    kind LowCardinality(String),
    shared String,
    -- 2149-06-06 if it is not shared any more.
    learned_on Date,
    version UInt64,
    INDEX by_version version TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (tenant, kind, shared)
SETTINGS index_granularity = 256;

-- What judging has made of a session's strands: what the API shows.
CREATE TABLE IF NOT EXISTS session_strands
(
    tenant LowCardinality(String),
    session_key String,
    strands Array(Tuple(source String, asn UInt32, country String, network String, network_class String,
        client_kind String, os String, browser String, device_key String, first_seen DateTime64(9, 'UTC'),
        last_seen DateTime64(9, 'UTC'), event_id String, vouched_by String, session_distance Nullable(Int16),
        user_distance Nullable(Int16), concurrent UInt8)),
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (tenant, session_key)
SETTINGS index_granularity = 256;

-- Run tables, as those of judging.
CREATE TABLE IF NOT EXISTS judged_strands
(
    run_id UInt64,
    tenant LowCardinality(String),
    session_key String,
    -- Position by beginning, from 1. What vouches from outside (an issue, a provider's leg) has no use: `is_own` is 0.
    strand UInt16,
    is_own UInt8,
    source LowCardinality(String),
    organization LowCardinality(String),
    user_key String,
    asn UInt32,
    country LowCardinality(String),
    unrouted String,
    network String,
    network_class LowCardinality(String),
    client_kind LowCardinality(String),
    os LowCardinality(String),
    browser LowCardinality(String),
    version UInt32,
    tls_fingerprint String,
    device_key String,
    began DateTime64(9, 'UTC'),
    last_ts DateTime64(9, 'UTC'),
    event_id String,
    has_credential UInt8,
    has_factor UInt8,
    has_phishing_resistant UInt8
)
ENGINE = MergeTree
PARTITION BY run_id
ORDER BY (tenant, session_key, strand)
SETTINGS index_granularity = 256, fsync_after_insert = 0, fsync_part_directory = 0;

-- What of a strand many share: 'network', 'backend' or 'device', as learned by its day.
CREATE TABLE IF NOT EXISTS strand_shares
(
    run_id UInt64,
    tenant LowCardinality(String),
    session_key String,
    strand UInt16,
    kind LowCardinality(String)
)
ENGINE = MergeTree
PARTITION BY run_id
ORDER BY (tenant, session_key, strand)
SETTINGS index_granularity = 256, fsync_after_insert = 0, fsync_part_directory = 0;

-- What of a strand the user's earlier days hold.
CREATE TABLE IF NOT EXISTS strand_pasts
(
    run_id UInt64,
    tenant LowCardinality(String),
    session_key String,
    strand UInt16,
    past_days UInt16,
    network_known UInt8,
    country_known UInt8,
    os_known UInt8,
    client_known UInt8,
    tool_known UInt8,
    device_known UInt8,
    -- On at least half of the days.
    device_usual UInt8
)
ENGINE = MergeTree
PARTITION BY run_id
ORDER BY (tenant, session_key, strand)
SETTINGS index_granularity = 256, fsync_after_insert = 0, fsync_part_directory = 0;

-- Each strand beside the user's earlier days.
CREATE TABLE IF NOT EXISTS strand_users
(
    run_id UInt64,
    tenant LowCardinality(String),
    session_key String,
    strand UInt16,
    is_own UInt8,
    -- Evidence was given in it.
    is_given UInt8,
    began DateTime64(9, 'UTC'),
    has_past UInt8,
    by_network Int8,
    by_client Int8,
    by_device Int8
)
ENGINE = MergeTree
PARTITION BY run_id
ORDER BY (tenant, session_key, strand)
SETTINGS index_granularity = 256, fsync_after_insert = 0, fsync_part_directory = 0;

-- The distance between two strands of a session: `strand` began when `other` was there already.
CREATE TABLE IF NOT EXISTS strand_pairs
(
    run_id UInt64,
    tenant LowCardinality(String),
    session_key String,
    strand UInt16,
    other UInt16,
    network_distance Int8,
    client_distance Int8,
    device_distance Int8,
    distance Int8
)
ENGINE = MergeTree
PARTITION BY run_id
ORDER BY (tenant, session_key, strand)
SETTINGS index_granularity = 256, fsync_after_insert = 0, fsync_part_directory = 0;

-- Every strand with its distances and what vouches for it.
CREATE TABLE IF NOT EXISTS measured_strands
(
    run_id UInt64,
    tenant LowCardinality(String),
    session_key String,
    strand UInt16,
    vouched_by LowCardinality(String),
    is_first UInt8,
    has_session_distance UInt8,
    session_distance Int8,
    has_user_distance UInt8,
    user_distance Int8,
    -- Of the smaller of the two: `nearest` is the vouched strand it is from, 0 where it is from the user's past.
    network_distance Int8,
    client_distance Int8,
    device_distance Int8,
    distance Int8,
    nearest UInt16
)
ENGINE = MergeTree
PARTITION BY run_id
ORDER BY (tenant, session_key, strand)
SETTINGS index_granularity = 256, fsync_after_insert = 0, fsync_part_directory = 0;

-- Of the far strands, what their events say: how often they alternate with vouched ones.
CREATE TABLE IF NOT EXISTS strand_switches
(
    run_id UInt64,
    tenant LowCardinality(String),
    session_key String,
    strand UInt16,
    uses UInt32,
    switches UInt32,
    overlaps UInt8
)
ENGINE = MergeTree
PARTITION BY run_id
ORDER BY (tenant, session_key, strand)
SETTINGS index_granularity = 256, fsync_after_insert = 0, fsync_part_directory = 0;

-- The strands that may be found, with what they come to.
CREATE TABLE IF NOT EXISTS strand_points
(
    run_id UInt64,
    tenant LowCardinality(String),
    session_key String,
    strand UInt16,
    user_key String,
    first_ts DateTime64(9, 'UTC'),
    event_id String,
    is_concurrent UInt8,
    -- Evidence was given in it, or it is the session's first: only the user's past can tell.
    is_origin UInt8,
    is_issued UInt8,
    distance Int8,
    points Int16,
    -- (name, points, text)
    reasons Array(Tuple(String, Int16, String))
)
ENGINE = MergeTree
PARTITION BY run_id
ORDER BY (tenant, session_key, strand)
SETTINGS index_granularity = 256, fsync_after_insert = 0, fsync_part_directory = 0;

ALTER TABLE judged_evidence
    ADD COLUMN IF NOT EXISTS asn UInt32,
    ADD COLUMN IF NOT EXISTS network String,
    ADD COLUMN IF NOT EXISTS country LowCardinality(String),
    ADD COLUMN IF NOT EXISTS network_class LowCardinality(String),
    ADD COLUMN IF NOT EXISTS client_kind LowCardinality(String),
    ADD COLUMN IF NOT EXISTS browser LowCardinality(String),
    ADD COLUMN IF NOT EXISTS os LowCardinality(String),
    ADD COLUMN IF NOT EXISTS device_key String;

-- A look-up by a key that leads the sort order still reads a granule in every part; these tell the parts apart.
ALTER TABLE sessions ADD INDEX IF NOT EXISTS by_session session_key TYPE bloom_filter(0.001) GRANULARITY 1;
ALTER TABLE session_evidence ADD INDEX IF NOT EXISTS by_session session_key TYPE bloom_filter(0.001) GRANULARITY 1;
ALTER TABLE session_tokens ADD INDEX IF NOT EXISTS by_token token_key TYPE bloom_filter(0.001) GRANULARITY 1;

-- What was stored before these tables were: the next start gives them all of it, since none is checked yet.
INSERT INTO store_facts SELECT 'view_targets_checked_until', '0', now64(3, 'UTC');
