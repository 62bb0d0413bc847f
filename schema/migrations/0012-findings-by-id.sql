-- Findings by id alone: two schedulers that raise one finding at once do so at two moments, and sorted by those the
-- store kept it twice. The table is made anew from the revisions; making it twice makes the same.
DROP VIEW IF EXISTS findings_of_revisions;

CREATE OR REPLACE TABLE findings
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
    revision_order UInt64,
    INDEX by_time raised_at TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(revision_order)
ORDER BY (tenant, id)
SETTINGS index_granularity = 1024;

INSERT INTO findings
SELECT *, bitOr(bitShiftLeft(toUInt64(toUnixTimestamp64Milli(cursor)), 16), bitAnd(content_hash, 65535)) AS revision_order
FROM finding_revisions;

CREATE MATERIALIZED VIEW IF NOT EXISTS findings_of_revisions TO findings AS
SELECT *, bitOr(bitShiftLeft(toUInt64(toUnixTimestamp64Milli(cursor)), 16), bitAnd(content_hash, 65535)) AS revision_order
FROM finding_revisions;
