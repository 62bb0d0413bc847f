-- The strands of sessions as judging measured them, oldest first, each with the number of its events.
WITH
    held AS
    (
        SELECT session_key, arrayJoin(strands) AS strand
        FROM session_strands FINAL
        WHERE tenant = {tenant:String} AND session_key IN {keys:Array(String)}
    ),
    uses AS
    (
        SELECT session_key, source, asn, country, client_kind, os, browser, device_key, uniqExact(event_id) AS events
        FROM user_events
        WHERE tenant = {tenant:String}
            AND user_key IN
            (
                SELECT user_key
                FROM session_states FINAL
                WHERE tenant = {tenant:String} AND session_key IN {keys:Array(String)}
            )
            AND ts >= (SELECT min(strand.first_seen) FROM held) AND ts <= (SELECT max(strand.last_seen) FROM held)
            AND session_key IN {keys:Array(String)}
        GROUP BY session_key, source, asn, country, client_kind, os, browser, device_key
    )
SELECT held.session_key AS session_key, strand.asn AS asn, strand.country AS country, strand.network AS network,
    strand.network_class AS network_class, strand.client_kind AS client_kind, strand.os AS os, strand.browser AS browser,
    strand.device_key AS device_key, strand.first_seen AS first_seen, strand.last_seen AS last_seen,
    toUInt32(greatest(uses.events, 1)) AS event_count, strand.vouched_by AS vouched_by,
    strand.session_distance AS session_distance, strand.user_distance AS user_distance, strand.concurrent AS concurrent
FROM held
LEFT JOIN uses ON held.session_key = uses.session_key AND strand.source = uses.source AND strand.asn = uses.asn
    AND strand.country = uses.country AND strand.client_kind = uses.client_kind AND strand.os = uses.os
    AND strand.browser = uses.browser AND strand.device_key = uses.device_key
ORDER BY session_key, first_seen, network
LIMIT {most:UInt32} BY session_key
