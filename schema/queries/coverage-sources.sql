-- What each source, organization, region and application brought from `since` to `until`, and how complete it was.
-- Those that were there within the 28 days before and are not any more are here too, with a count of 0. `total` counts
-- all that the filter leaves, answered or not. An empty list restricts nothing.
SELECT source, organization, region, application_id, toString(max(coverage_hours.application_name)) AS application_name,
    toDateTime64(max(coverage_hours.newest), 9, 'UTC') AS newest,
    uniqCombinedMergeIf(coverage_hours.events, hour >= {since:DateTime('UTC')}) AS event_count,
    uniqCombinedMergeIf(coverage_hours.with_session, hour >= {since:DateTime('UTC')}) AS session_count,
    uniqCombinedMergeIf(coverage_hours.with_device, hour >= {since:DateTime('UTC')}) AS device_count,
    uniqCombinedMergeIf(coverage_hours.with_user_agent, hour >= {since:DateTime('UTC')}) AS user_agent_count,
    uniqCombinedMergeIf(coverage_hours.with_address, hour >= {since:DateTime('UTC')}) AS address_count,
    uniqCombinedMergeIf(coverage_hours.with_mfa, hour >= {since:DateTime('UTC')}) AS mfa_count,
    quantilesTDigestMergeIf(0.5, 0.99)(coverage_hours.delays, hour >= {since:DateTime('UTC')}) AS usual_delays,
    count() OVER () AS total
FROM coverage_hours
WHERE tenant = {tenant:String}
    AND hour >= {since:DateTime('UTC')} - INTERVAL 28 DAY AND hour < {until:DateTime('UTC')}
    AND (empty({sources:Array(String)}) OR has({sources:Array(String)}, source))
    AND (empty({organizations:Array(String)}) OR has({organizations:Array(String)}, organization))
    AND (empty({regions:Array(String)}) OR has({regions:Array(String)}, region))
    AND (empty({applications:Array(String)}) OR has({applications:Array(String)}, application_id)
        OR has({applications:Array(String)}, coverage_hours.application_name))
GROUP BY source, organization, region, application_id
ORDER BY source, organization, region, application_id
LIMIT {most:UInt32}
