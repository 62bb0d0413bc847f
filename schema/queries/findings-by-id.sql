-- Findings as they are now, by id. Their place in `findings` begins with the time at which they were raised, which
-- the revisions know by id.
SELECT id, revision, raised_at, revised_at, correlation, state, withdrawn_because, evidence_event_id, superseded_by,
    severity, points, point_reasons, link, verdict, title, summary, session_key, user_key, user_name, sources,
    organization, application_id, application_name, first_event_id, first_seen, last_seen, event_count
FROM findings FINAL
WHERE tenant = {tenant:String}
    AND (raised_at, id) IN
    (
        SELECT raised_at, id
        FROM finding_revisions
        WHERE tenant = {tenant:String} AND id IN {ids:Array(String)}
    )
ORDER BY id, revision_order DESC
LIMIT 1 BY id
