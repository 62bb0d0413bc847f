-- What each source, organization, region and application brought in each hour from `since` to `until`, and how complete
-- it was. An empty list restricts nothing.
SELECT source, organization, region, application_id, hour,
    uniqCombinedMerge(coverage_hours.events) AS event_count,
    uniqCombinedMerge(coverage_hours.with_session) AS session_count,
    uniqCombinedMerge(coverage_hours.with_device) AS device_count,
    uniqCombinedMerge(coverage_hours.with_user_agent) AS user_agent_count,
    uniqCombinedMerge(coverage_hours.with_address) AS address_count,
    uniqCombinedMerge(coverage_hours.with_mfa) AS mfa_count,
    quantilesTDigestMerge(0.5, 0.99)(coverage_hours.delays) AS usual_delays
FROM coverage_hours
WHERE tenant = {tenant:String} AND hour >= {since:DateTime('UTC')} AND hour < {until:DateTime('UTC')}
    AND (empty({sources:Array(String)}) OR has({sources:Array(String)}, source))
    AND (empty({organizations:Array(String)}) OR has({organizations:Array(String)}, organization))
    AND (empty({regions:Array(String)}) OR has({regions:Array(String)}, region))
    AND (empty({applications:Array(String)}) OR has({applications:Array(String)}, application_id)
        OR has({applications:Array(String)}, coverage_hours.application_name))
GROUP BY source, organization, region, application_id, hour
ORDER BY source, organization, region, application_id, hour
LIMIT {most:UInt32}
