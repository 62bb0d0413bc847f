-- Records that should have been understood and were not, with the reason and the raw text (secrets removed).
CREATE TABLE IF NOT EXISTS dead_letters
(
    tenant LowCardinality(String),
    received_at DateTime64(3, 'UTC'),
    id String,
    source LowCardinality(String),
    path String,
    reason String,
    raw String CODEC(ZSTD(3))
)
ENGINE = ReplacingMergeTree(received_at)
ORDER BY (tenant, toStartOfHour(received_at), id)
TTL toDateTime(received_at) + INTERVAL 90 DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- One row a correlation and run: what it cost, what it found, and its error if it failed.
CREATE TABLE IF NOT EXISTS correlation_runs
(
    run_id UInt64,
    correlation LowCardinality(String),
    started_at DateTime64(3, 'UTC'),
    duration_ms UInt32,
    rows_read UInt64,
    bytes_read UInt64,
    sessions UInt32,
    findings_raised UInt32,
    findings_withdrawn UInt32,
    cursor_from DateTime64(3, 'UTC'),
    cursor_to DateTime64(3, 'UTC'),
    error String
)
ENGINE = MergeTree
ORDER BY (started_at, correlation)
TTL toDateTime(started_at) + INTERVAL 90 DAY;
