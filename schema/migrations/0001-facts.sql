-- Facts about this store itself, such as the fingerprint of the key that its keys were made with.
CREATE TABLE IF NOT EXISTS store_facts
(
    name String,
    value String,
    set_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(set_at)
ORDER BY name;
