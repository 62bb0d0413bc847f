-- How many strands (network and client) of a session began after its finding was resolved.
SELECT count() AS strands
FROM
(
    SELECT asn, os, browser
    FROM
    (
        SELECT event_id, ts, asn, toString(os) AS os, toString(browser) AS browser, session_use
        FROM events
        WHERE tenant = {tenant:String} AND session_key = {session_key:String}
            AND ts >= {since:DateTime64(9, 'UTC')}
        ORDER BY ingested_at DESC
        LIMIT 1 BY event_id
    )
    WHERE session_use
    GROUP BY asn, os, browser
    HAVING min(ts) > {resolved_at:DateTime64(3, 'UTC')}
);
