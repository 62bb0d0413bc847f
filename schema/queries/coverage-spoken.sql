-- The hours in which each source and organization said something, as hours since 1970: from 28 days before `since`, or
-- before its newest record if that is older, up to `until`. `first_hour` is that of its first record.
WITH seen AS
(
    SELECT source, organization, min(streams.first_ts) AS first_record, max(streams.newest).ts AS newest_record
    FROM streams
    WHERE tenant = {tenant:String}
        AND (empty({sources:Array(String)}) OR has({sources:Array(String)}, source))
        AND (empty({organizations:Array(String)}) OR has({organizations:Array(String)}, organization))
    GROUP BY source, organization
)
SELECT heard.source AS source, heard.organization AS organization,
    toUInt32(intDiv(toUnixTimestamp(toDateTime(any(seen.first_record), 'UTC')), 3600)) AS first_hour,
    arraySort(groupUniqArray(toUInt32(intDiv(toUnixTimestamp(heard.hour), 3600)))) AS hours
FROM
(
    SELECT DISTINCT source, organization, hour
    FROM coverage_hours
    WHERE tenant = {tenant:String} AND hour < {until:DateTime('UTC')}
        AND hour >= (SELECT toStartOfHour(toDateTime(min(newest_record), 'UTC')) FROM seen) - INTERVAL 59 DAY
) AS heard
INNER JOIN seen ON heard.source = seen.source AND heard.organization = seen.organization
WHERE heard.hour >= least({since:DateTime('UTC')}, toStartOfHour(toDateTime(seen.newest_record, 'UTC'))) - INTERVAL 28 DAY
GROUP BY source, organization
ORDER BY source, organization
LIMIT {most:UInt32}
