-- Findings as they are now, by id, and where they stand by triage.
SELECT id, revision, raised_at, revised_at, correlation, story, subject, found.state AS state, withdrawn_because,
    evidence_event_id, superseded_by, severity, points, point_reasons, link, verdict, title, summary, session_key,
    user_key, user_name, sources, organization, application_id, application_name, first_event_id, first_seen, last_seen,
    event_count, triage.state AS triage_state, triage.resolution AS resolution, triage.assignee AS assignee,
    triage.resolved_at AS resolved_at, triage.action_count AS action_count, triage.last_action_at AS last_action_at
FROM
(
    SELECT *
    FROM findings FINAL
    WHERE tenant = {tenant:String} AND id IN {ids:Array(String)}
    ORDER BY id, revision_order DESC
    LIMIT 1 BY id
) AS found
LEFT JOIN
(
    SELECT finding_id, state, resolution, assignee, resolved_at, action_count, last_action_at
    FROM finding_triage
    WHERE tenant = {tenant:String} AND finding_id IN {ids:Array(String)}
) AS triage ON found.id = triage.finding_id
ORDER BY id
