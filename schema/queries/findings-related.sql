-- Other findings on the same session or user within a day of each of these findings, newest first.
WITH about AS
(
    SELECT id, session_key, user_key, first_seen, last_seen
    FROM findings FINAL
    WHERE tenant = {tenant:String}
        AND (raised_at, id) IN
        (
            SELECT raised_at, id
            FROM finding_revisions
            WHERE tenant = {tenant:String} AND id IN {ids:Array(String)}
        )
)
SELECT about_id, id
FROM
(
    SELECT about.id AS about_id, other.id AS id, other.raised_at AS raised_at
    FROM about
    INNER JOIN
    (
        SELECT id, session_key AS subject, raised_at, first_seen, last_seen
        FROM findings FINAL
        WHERE tenant = {tenant:String} AND session_key != '' AND session_key IN (SELECT session_key FROM about)
    ) AS other ON about.session_key = other.subject
    WHERE other.id != about.id
        AND other.first_seen <= about.last_seen + INTERVAL 1 DAY
        AND other.last_seen >= about.first_seen - INTERVAL 1 DAY
    UNION DISTINCT
    SELECT about.id AS about_id, other.id AS id, other.raised_at AS raised_at
    FROM about
    INNER JOIN
    (
        SELECT id, user_key AS subject, raised_at, first_seen, last_seen
        FROM findings FINAL
        WHERE tenant = {tenant:String} AND user_key != '' AND user_key IN (SELECT user_key FROM about)
    ) AS other ON about.user_key = other.subject
    WHERE other.id != about.id
        AND other.first_seen <= about.last_seen + INTERVAL 1 DAY
        AND other.last_seen >= about.first_seen - INTERVAL 1 DAY
)
ORDER BY about_id, raised_at DESC, id
LIMIT {most:UInt32} BY about_id
