-- What findings were before, by id: each revision once, oldest first.
SELECT *
FROM
(
    SELECT id, revision, revised_at, correlation, state, withdrawn_because, severity, points, point_reasons, link,
        verdict, title, summary
    FROM finding_revisions
    WHERE tenant = {tenant:String} AND id IN {ids:Array(String)}
    ORDER BY id, cursor, content_hash
    LIMIT 1 BY id, cursor, content_hash
)
ORDER BY id, revision, revised_at
LIMIT {most:UInt32} BY id
