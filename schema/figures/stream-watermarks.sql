-- How far the watermark of each stream lies behind now, in seconds: it is the time of the stream's newest event less
-- the delay that is usual for the stream. A stream that is silent falls behind as one that is late does.
SELECT seen.tenant AS tenant, seen.source AS source, seen.organization AS organization, seen.stream AS stream,
    greatest(0, dateDiff('millisecond', subtractSeconds(seen.newest.ts,
        streamDelay(seen.source, learned.version > 0, learned.disorder_seconds)), now64(3, 'UTC'))) / 1000
        AS lag_seconds
FROM
(
    SELECT tenant, source, organization, stream, max(newest) AS newest
    FROM streams
    GROUP BY tenant, source, organization, stream
) AS seen
LEFT JOIN (SELECT * FROM stream_clocks FINAL) AS learned ON seen.tenant = learned.tenant
    AND seen.source = learned.source AND seen.organization = learned.organization
    AND seen.stream = learned.stream
ORDER BY seen.newest DESC
LIMIT {most:UInt32}
