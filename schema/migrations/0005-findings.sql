-- Every revision of every finding. A revision is written only if its content differs from the one before;
-- the current one is the greatest by (cursor, content hash), so that two schedulers end in the same.
CREATE TABLE IF NOT EXISTS finding_revisions
(
    tenant LowCardinality(String),
    id String,
    -- The scheduler's cursor when it was written, and the hash of the content: together the order of revisions.
    cursor DateTime64(3, 'UTC'),
    content_hash UInt64,
    revision UInt32,
    raised_at DateTime64(3, 'UTC'),
    revised_at DateTime64(3, 'UTC'),
    correlation LowCardinality(String),
    -- What it is about: the key of a session, or a cell. Story, subject and generation make the id.
    story LowCardinality(String),
    subject String,
    generation UInt32,
    state LowCardinality(String),
    withdrawn_because LowCardinality(String),
    evidence_event_id String,
    superseded_by String,
    severity LowCardinality(String),
    severity_rank UInt8,
    points Int16,
    point_reasons Array(Tuple(name String, points Int16, text String)),
    link LowCardinality(String),
    verdict LowCardinality(String),
    title String,
    summary String,
    session_key String,
    user_key String,
    user_name String,
    sources Array(LowCardinality(String)),
    organization LowCardinality(String),
    application_id LowCardinality(String),
    application_name LowCardinality(String),
    first_event_id String,
    first_seen DateTime64(9, 'UTC'),
    last_seen DateTime64(9, 'UTC'),
    event_count UInt32
)
ENGINE = ReplacingMergeTree
ORDER BY (tenant, id, cursor, content_hash)
SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1;

-- Findings as they are now: the same columns, one row a finding once merged. Small, so that FINAL is cheap.
-- `revision_order` packs (cursor, low bits of the content hash) into one number, since the engine takes one column.
CREATE TABLE IF NOT EXISTS findings
(
    tenant LowCardinality(String),
    id String,
    -- The scheduler's cursor when it was written, and the hash of the content: together the order of revisions.
    cursor DateTime64(3, 'UTC'),
    content_hash UInt64,
    revision UInt32,
    raised_at DateTime64(3, 'UTC'),
    revised_at DateTime64(3, 'UTC'),
    correlation LowCardinality(String),
    -- What it is about: the key of a session, or a cell. Story, subject and generation make the id.
    story LowCardinality(String),
    subject String,
    generation UInt32,
    state LowCardinality(String),
    withdrawn_because LowCardinality(String),
    evidence_event_id String,
    superseded_by String,
    severity LowCardinality(String),
    severity_rank UInt8,
    points Int16,
    point_reasons Array(Tuple(name String, points Int16, text String)),
    link LowCardinality(String),
    verdict LowCardinality(String),
    title String,
    summary String,
    session_key String,
    user_key String,
    user_name String,
    sources Array(LowCardinality(String)),
    organization LowCardinality(String),
    application_id LowCardinality(String),
    application_name LowCardinality(String),
    first_event_id String,
    first_seen DateTime64(9, 'UTC'),
    last_seen DateTime64(9, 'UTC'),
    event_count UInt32,
    revision_order UInt64
)
ENGINE = ReplacingMergeTree(revision_order)
ORDER BY (tenant, raised_at, id)
SETTINGS index_granularity = 1024;

CREATE MATERIALIZED VIEW IF NOT EXISTS findings_of_revisions TO findings AS
SELECT *, bitOr(bitShiftLeft(toUInt64(toUnixTimestamp64Milli(cursor)), 16), bitAnd(content_hash, 65535)) AS revision_order
FROM finding_revisions;

-- The findings of a session, for pages that start from the session.
CREATE TABLE IF NOT EXISTS finding_sessions
(
    tenant LowCardinality(String),
    session_key String,
    finding_id String,
    raised_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY (tenant, session_key, finding_id, raised_at)
SETTINGS index_granularity = 1024;

CREATE MATERIALIZED VIEW IF NOT EXISTS finding_sessions_of_revisions TO finding_sessions AS
SELECT tenant, session_key, id AS finding_id, raised_at
FROM finding_revisions
WHERE session_key != '';
