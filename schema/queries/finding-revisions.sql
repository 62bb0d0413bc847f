-- What findings were and are, by id: each revision once, the newest first.
SELECT * EXCEPT (cursor, content_hash)
FROM
(
    SELECT id, cursor, content_hash, revision, revised_at, correlation, state, withdrawn_because, severity, points,
        point_reasons, link, verdict, title, summary
    FROM finding_revisions
    WHERE tenant = {tenant:String} AND id IN {ids:Array(String)}
    LIMIT 1 BY id, cursor, content_hash
)
ORDER BY id, cursor DESC, content_hash DESC
LIMIT {most:UInt32} BY id
