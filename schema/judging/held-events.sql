-- Renews the events of sessions under an open or true-positive finding before their retention ends: retention counts
-- from the time of ingestion, so an event that is ingested again is kept for as long again. Views see it again, too.
INSERT INTO events
WITH held AS
(
    SELECT current.tenant AS tenant, current.session_key AS session_key, current.first_seen AS first_seen,
        current.last_seen AS last_seen
    FROM (SELECT * FROM findings FINAL WHERE session_key != '') AS current
    LEFT JOIN (SELECT tenant, finding_id, resolution FROM finding_triage) AS triage
        ON current.tenant = triage.tenant AND current.id = triage.finding_id
    WHERE triage.resolution = 'true_positive'
        OR (current.state IN ('open', 'provisional') AND triage.resolution = '')
)
SELECT * REPLACE ({now:DateTime64(3, 'UTC')} AS ingested_at)
FROM
(
    SELECT *
    FROM events
    WHERE ts >= (SELECT min(first_seen) FROM held) AND ts <= (SELECT max(last_seen) FROM held)
        AND (tenant, session_key) IN (SELECT tenant, session_key FROM held)
        AND ingested_at < {renew_before:DateTime64(3, 'UTC')}
        AND (tenant, event_id) NOT IN
        (
            SELECT tenant, event_id
            FROM events
            WHERE ts >= (SELECT min(first_seen) FROM held) AND ts <= (SELECT max(last_seen) FROM held)
                AND (tenant, session_key) IN (SELECT tenant, session_key FROM held)
                AND ingested_at >= {renew_before:DateTime64(3, 'UTC')}
        )
    ORDER BY ingested_at DESC
    LIMIT 1 BY tenant, event_id
);
