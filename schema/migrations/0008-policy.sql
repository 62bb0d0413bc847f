-- Policies, appended: the newest of a tenant is in force. The document is kept as it was given; the columns beside it
-- are what judging reads of it.
CREATE TABLE IF NOT EXISTS policies
(
    tenant LowCardinality(String),
    applied_at DateTime64(3, 'UTC'),
    hash String,
    author String,
    document String,
    -- Sources whose silence counts without a gate; an empty organisation or application stands for any.
    complete_sources Array(Tuple(source String, organization String, application String)),
    applications Array(Tuple(id String, level String, maximum_seconds UInt32, idle_seconds UInt32)),
    privileged_users Array(String),
    privileged_roles Array(String)
)
ENGINE = MergeTree
ORDER BY (tenant, applied_at);
