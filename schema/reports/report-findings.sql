-- report_findings: every finding once, as it is now.
CREATE OR REPLACE VIEW report_findings AS
SELECT tenant, id, raised_at, revised_at, revision, correlation, state, withdrawn_because, evidence_event_id,
    severity, points, point_reasons, link, verdict, title, summary, session_key, user_key, user_name, sources,
    organization, application_id, application_name, first_seen, last_seen, event_count
FROM findings
ORDER BY tenant, id, revision_order DESC
LIMIT 1 BY tenant, id;
