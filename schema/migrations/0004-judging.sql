-- Closure: for each (cell, day, user), were all sessions that the user used there that day vouched for.
-- Recomputed whole from distinct sessions and replaced, never incremented. A row with sessions = 0 says that
-- the user has no session there any more (its sessions turned out to be of another kind).
CREATE TABLE IF NOT EXISTS closure_days
(
    tenant LowCardinality(String),
    cell String,
    day Date,
    user_key String,
    sessions UInt32,
    closed UInt8,
    version UInt64,
    INDEX by_version version TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (tenant, cell, day, user_key)
TTL day + INTERVAL 400 DAY;

-- The gate of a cell on a day, computed from the eight days before it. `open_for_others` holds for every user
-- but those in `exceptions`, for whom leaving out their own user-days turns it round.
CREATE TABLE IF NOT EXISTS cell_gates
(
    tenant LowCardinality(String),
    cell String,
    day Date,
    user_days UInt32,
    closed UInt32,
    users UInt32,
    lower_bound Float64,
    open_for_others UInt8,
    exceptions Array(String),
    version UInt64,
    INDEX by_version version TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (tenant, cell, day);

-- Streams in which evidence of a cell's sessions was found: absence counts when all of them have passed.
CREATE TABLE IF NOT EXISTS cell_streams
(
    tenant LowCardinality(String),
    cell String,
    source LowCardinality(String),
    organization LowCardinality(String),
    stream LowCardinality(String)
)
ENGINE = ReplacingMergeTree
ORDER BY (tenant, cell, source, organization, stream);

-- Sessions without evidence whose verdict can still change although nothing new arrives for them: it waits
-- for a gate to open, a watermark to pass, or the first record of a source to turn out older.
CREATE TABLE IF NOT EXISTS pending
(
    tenant LowCardinality(String),
    cell String,
    day Date,
    session_key String,
    waits_for LowCardinality(String),
    -- For 'history': judged again once this source has a record at or before the given time.
    young_source LowCardinality(String),
    young_organization LowCardinality(String),
    needs_record_at DateTime64(9, 'UTC'),
    done UInt8,
    version UInt64,
    INDEX by_session session_key TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (tenant, waits_for, cell, day, session_key)
-- A version is the id of a run: milliseconds since 1970 times 4096.
TTL toDateTime(fromUnixTimestamp64Milli(toInt64(intDiv(version, 4096)))) + INTERVAL 90 DAY
SETTINGS index_granularity = 256;

-- Where each reader of `arrivals` stands.
CREATE TABLE IF NOT EXISTS cursors
(
    name LowCardinality(String),
    position DateTime64(3, 'UTC'),
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY name;

-- Run tables: filled once a run, read by every correlation, dropped with their partition after the run. They need
-- not survive a crash, so their inserts do not wait for the disk.
CREATE TABLE IF NOT EXISTS dirty_sessions
(
    run_id UInt64,
    tenant LowCardinality(String),
    session_key String
)
ENGINE = MergeTree
PARTITION BY run_id
ORDER BY (tenant, session_key)
SETTINGS index_granularity = 256, fsync_after_insert = 0, fsync_part_directory = 0;

-- User-days whose closure this run computes again.
CREATE TABLE IF NOT EXISTS touched_days
(
    run_id UInt64,
    tenant LowCardinality(String),
    user_key String,
    day Date
)
ENGINE = MergeTree
PARTITION BY run_id
ORDER BY (tenant, user_key, day)
SETTINGS index_granularity = 256, fsync_after_insert = 0, fsync_part_directory = 0;

-- Cell-days whose gate this run computes again.
CREATE TABLE IF NOT EXISTS touched_gates
(
    run_id UInt64,
    tenant LowCardinality(String),
    cell String,
    day Date
)
ENGINE = MergeTree
PARTITION BY run_id
ORDER BY (tenant, cell, day)
SETTINGS index_granularity = 256, fsync_after_insert = 0, fsync_part_directory = 0;

CREATE TABLE IF NOT EXISTS judged_sessions
(
    run_id UInt64,
    tenant LowCardinality(String),
    session_key String,
    cell String,
    source LowCardinality(String),
    organization LowCardinality(String),
    application_id LowCardinality(String),
    application_name String,
    kind LowCardinality(String),
    implied UInt8,
    user_key String,
    user_id String,
    evidence_keys Array(String),
    created_at DateTime64(9, 'UTC'),
    principal_key String,
    claimed_mfa UInt8,
    first_use DateTime64(9, 'UTC'),
    first_use_event_id String,
    last_use DateTime64(9, 'UTC'),
    stream LowCardinality(String),
    asn UInt32,
    network String,
    country String,
    network_class LowCardinality(String),
    client_kind LowCardinality(String),
    browser String,
    os String
)
ENGINE = MergeTree
PARTITION BY run_id
ORDER BY (tenant, session_key)
SETTINGS index_granularity = 256, fsync_after_insert = 0, fsync_part_directory = 0;

CREATE TABLE IF NOT EXISTS judged_evidence
(
    run_id UInt64,
    tenant LowCardinality(String),
    session_key String,
    link LowCardinality(String),
    ts DateTime64(9, 'UTC'),
    event_id String,
    evidence Enum8('none' = 0, 'bypassed' = 1, 'inherited' = 2, 'asserted' = 3, 'credential' = 4, 'mfa' = 5, 'phishing_resistant' = 6),
    activity LowCardinality(String),
    source LowCardinality(String),
    organization LowCardinality(String),
    stream LowCardinality(String),
    given_in String,
    user_key String,
    amr Array(String),
    assurance_level UInt8
)
ENGINE = MergeTree
PARTITION BY run_id
ORDER BY (tenant, session_key)
SETTINGS index_granularity = 256, fsync_after_insert = 0, fsync_part_directory = 0;

-- The judged sessions that were used without evidence, a row a place of use.
CREATE TABLE IF NOT EXISTS bare_sessions
(
    run_id UInt64,
    tenant LowCardinality(String),
    session_key String,
    cell String,
    source LowCardinality(String),
    organization LowCardinality(String),
    application_id LowCardinality(String),
    stream LowCardinality(String),
    user_key String,
    created_at DateTime64(9, 'UTC'),
    first_use DateTime64(9, 'UTC'),
    asn UInt32,
    browser String,
    os String
)
ENGINE = MergeTree
PARTITION BY run_id
ORDER BY (tenant, session_key)
SETTINGS index_granularity = 256, fsync_after_insert = 0, fsync_part_directory = 0;

-- The gate, the clocks and the user's own past as they stand for a judged session in a cell.
CREATE TABLE IF NOT EXISTS judged_absence
(
    run_id UInt64,
    tenant LowCardinality(String),
    session_key String,
    cell String,
    -- 'open', 'degraded' (open within the last 28 days and not now, or a stream that it needs is silent) or 'shut'.
    gate LowCardinality(String),
    -- All streams of the cell have passed the first use by 5 min.
    passed UInt8,
    -- The tenant's clock is more than the patience of the source past the first use.
    overdue UInt8,
    -- The session may be older than the first record of this source; a record as old as given would show that
    -- it is not.
    predates UInt8,
    young_source LowCardinality(String),
    young_organization LowCardinality(String),
    needs_record_at DateTime64(9, 'UTC'),
    -- The user has a past: events on three earlier days or more.
    past_known UInt8,
    network_known UInt8,
    client_known UInt8,
    script_known UInt8
)
ENGINE = MergeTree
PARTITION BY run_id
ORDER BY (tenant, session_key, cell)
SETTINGS index_granularity = 256, fsync_after_insert = 0, fsync_part_directory = 0;

-- Sessions as they stand after their last judging: what the API shows.
CREATE TABLE IF NOT EXISTS session_states
(
    tenant LowCardinality(String),
    session_key String,
    user_key String,
    user_name String,
    session_id String,
    source LowCardinality(String),
    sources Array(LowCardinality(String)),
    organization LowCardinality(String),
    application_id LowCardinality(String),
    application_name LowCardinality(String),
    kind LowCardinality(String),
    implied Bool,
    -- When it was created: the sign-in's or issue's time, else what its records claim; 1970 if nothing says.
    created_at DateTime64(9, 'UTC'),
    -- The event that shows it, or empty.
    creation_event_id String,
    creation_link LowCardinality(String),
    first_seen DateTime64(9, 'UTC'),
    last_seen DateTime64(9, 'UTC'),
    first_use DateTime64(9, 'UTC'),
    last_use DateTime64(9, 'UTC'),
    ended_at DateTime64(9, 'UTC'),
    verdict LowCardinality(String),
    link LowCardinality(String),
    -- The best evidence and when the last real credential or factor was given; 1970 if never.
    evidence Enum8('none' = 0, 'bypassed' = 1, 'inherited' = 2, 'asserted' = 3, 'credential' = 4, 'mfa' = 5, 'phishing_resistant' = 6),
    assurance_level UInt8,
    amr Array(LowCardinality(String)),
    last_credential_at DateTime64(9, 'UTC'),
    evidence_keys Array(String),
    -- What was looked for and not found, in words, for provenance; empty when proven.
    missing String,
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (tenant, session_key)
SETTINGS index_granularity = 256;
