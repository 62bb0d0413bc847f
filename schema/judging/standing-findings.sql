-- The findings that stand on the dirty sessions of this run, as they are now, with the evidence that has landed and
-- what an analyst resolved.
SELECT
    standing.*,
    landed.event_id AS landed_event_id,
    landed.link AS landed_link
FROM
(
    SELECT current.*, triage.resolution AS resolution, triage.resolved_at AS resolved_at
    FROM
    (
        -- The hash as text: it has more bits than a JSON number carries.
        SELECT * REPLACE (toString(content_hash) AS content_hash)
        FROM findings FINAL
        WHERE story = 'session' AND (tenant, id) IN
            (
                SELECT tenant, finding_id
                FROM finding_sessions
                WHERE (tenant, session_key)
                    IN (SELECT tenant, session_key FROM dirty_sessions WHERE run_id = {run:UInt64})
            )
    ) AS current
    LEFT JOIN
    (
        SELECT tenant, finding_id, resolution, resolved_at
        FROM finding_triage
        WHERE (tenant, finding_id) IN
            (
                SELECT tenant, finding_id
                FROM finding_sessions
                WHERE (tenant, session_key)
                    IN (SELECT tenant, session_key FROM dirty_sessions WHERE run_id = {run:UInt64})
            )
    ) AS triage ON current.tenant = triage.tenant AND current.id = triage.finding_id
) AS standing
LEFT JOIN
(
    SELECT judged.tenant AS tenant, judged.session_key AS session_key,
        min((given.link = 'asserted', given.ts, given.event_id, toString(given.link))) AS first_given,
        first_given.3 AS event_id, first_given.4 AS link
    FROM
    (
        SELECT tenant, session_key, min(first_use) AS first_use
        FROM judged_sessions
        WHERE run_id = {run:UInt64}
        GROUP BY tenant, session_key
    ) AS judged
    INNER JOIN (SELECT * FROM judged_evidence WHERE run_id = {run:UInt64}) AS given
        ON judged.tenant = given.tenant AND judged.session_key = given.session_key
    WHERE given.ts <= judged.first_use + INTERVAL 5 MINUTE
    GROUP BY judged.tenant, judged.session_key
) AS landed ON standing.tenant = landed.tenant AND standing.session_key = landed.session_key;
