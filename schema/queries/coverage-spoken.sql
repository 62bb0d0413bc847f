-- The hours in which each source and organization said something, as hours since 1970, from 56 days before `since` up
-- to `until`; `first_hour` is that of its first record. A source that has said nothing in the 28 days before `since`
-- is not here: it is no longer usual that it does.
SELECT heard.source AS source, heard.organization AS organization, any(seen.first_hour) AS first_hour,
    arraySort(groupUniqArray(heard.hour)) AS hours
FROM
(
    SELECT source, organization, toUInt32(intDiv(toUnixTimestamp(coverage_hours.hour), 3600)) AS hour
    FROM coverage_hours
    WHERE tenant = {tenant:String} AND coverage_hours.hour >= {since:DateTime('UTC')} - INTERVAL 56 DAY
        AND coverage_hours.hour < {until:DateTime('UTC')}
        AND (empty({sources:Array(String)}) OR has({sources:Array(String)}, source))
        AND (empty({organizations:Array(String)}) OR has({organizations:Array(String)}, organization))
    GROUP BY source, organization, hour
) AS heard
INNER JOIN
(
    SELECT source, organization,
        toUInt32(intDiv(toUnixTimestamp(toDateTime(min(streams.first_ts), 'UTC')), 3600)) AS first_hour
    FROM streams
    WHERE tenant = {tenant:String}
    GROUP BY source, organization
    HAVING max(streams.newest).ts >= toDateTime64({since:DateTime('UTC')}, 9, 'UTC') - INTERVAL 28 DAY
) AS seen ON heard.source = seen.source AND heard.organization = seen.organization
GROUP BY source, organization
ORDER BY source, organization
LIMIT {most:UInt32}
