-- The events behind findings: the uses of each finding's session from its first to its last. `hours` holds every hour
-- that one of the findings touches, so that only those are read.
SELECT {ids:Array(String)}[nth] AS finding_id, event_id, ts
FROM
(
    SELECT event_id, ts, session_key
    FROM events
    WHERE tenant = {tenant:String}
        AND toStartOfHour(ts) IN {hours:Array(DateTime('UTC'))}
        AND session_key IN {sessions:Array(String)}
        AND session_use
)
ARRAY JOIN arrayFilter(
    nth -> {sessions:Array(String)}[nth] = session_key
        AND ts >= {firsts:Array(DateTime64(9, 'UTC'))}[nth] AND ts <= {lasts:Array(DateTime64(9, 'UTC'))}[nth],
    arrayEnumerate({ids:Array(String)})) AS nth
