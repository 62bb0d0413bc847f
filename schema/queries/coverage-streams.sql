-- The streams of a tenant, how late they are taken to be, what was learned of them, and the tenant's clock: its newest
-- event time, and as much later as it is since that arrived.
WITH max((seen.newest.ts, seen.newest.negated_arrival_ms)) OVER () AS latest
SELECT seen.source AS source, seen.organization AS organization, seen.stream AS stream,
    toDateTime64(seen.first_record, 9, 'UTC') AS first_record, seen.newest.ts AS newest_record,
    addMilliseconds(latest.1, greatest(0, toUnixTimestamp64Milli({now:DateTime64(3, 'UTC')}) + latest.2)) AS clock,
    toUInt8(learned.version > 0) AS is_learned, learned.disorder_seconds AS disorder_seconds,
    toUInt32(streamDelay(seen.source, learned.version > 0, learned.disorder_seconds)) AS delay_seconds,
    toUInt32(usualPause(learned.gap_seconds, seen.newest.ts)) AS pause_seconds,
    toUInt32(longestSessionLife(seen.source)) AS session_life_seconds
FROM
(
    SELECT source, organization, stream, min(streams.first_ts) AS first_record, max(streams.newest) AS newest
    FROM streams
    WHERE tenant = {tenant:String}
    GROUP BY source, organization, stream
) AS seen
LEFT JOIN
(
    SELECT source, organization, stream, disorder_seconds, gap_seconds, version
    FROM stream_clocks FINAL
    WHERE tenant = {tenant:String}
) AS learned ON seen.source = learned.source AND seen.organization = learned.organization
    AND seen.stream = learned.stream
ORDER BY source, organization, stream
LIMIT {most:UInt32}
