-- report_findings: every finding once, as it is now. `state` is what the program found; what analysts decided stands
-- beside it and is what GraphQL shows first: `triage_state` is 'acknowledged', 'resolved' or '' (nothing, or taken
-- back), `triaged_by` and `triaged_at` are those of the last decision that counts, '' and 1970 where there is none.
CREATE OR REPLACE VIEW report_findings AS
SELECT found.tenant AS tenant, found.id AS id, raised_at, revised_at, revision, correlation, found.state AS state,
    withdrawn_because, evidence_event_id, severity, points, point_reasons, link, verdict, title, summary,
    session_key, user_key, user_name, sources, organization, application_id, application_name, first_seen, last_seen,
    event_count, finding_triage.state AS triage_state, finding_triage.resolution AS resolution,
    finding_triage.assignee AS assignee, decided.author AS triaged_by, decided.at AS triaged_at
FROM
(
    SELECT *
    FROM findings
    ORDER BY tenant, id, revision_order DESC
    LIMIT 1 BY tenant, id
) AS found
LEFT JOIN finding_triage ON finding_triage.tenant = found.tenant AND finding_triage.finding_id = found.id
LEFT JOIN
(
    -- A note decides nothing, and an undone action counts as if it had never been.
    SELECT tenant, finding_id, author, at
    FROM triage_actions FINAL
    WHERE (kind IN ('acknowledge', 'resolve', 'reopen', 'assign') OR isNotNull(assignee))
        AND (tenant, finding_id, id) NOT IN (
            SELECT tenant, finding_id, undoes FROM triage_actions WHERE kind = 'undo')
    ORDER BY tenant, finding_id, at DESC, id DESC
    LIMIT 1 BY tenant, finding_id
) AS decided ON decided.tenant = found.tenant AND decided.finding_id = found.id;
