-- report_sessions: every session once, as it stands after its last judging: who, where, when it was created and
-- by what that is shown, its verdict and its assurance.
CREATE OR REPLACE VIEW report_sessions AS
SELECT tenant, session_key, user_key, user_name, session_id, source, sources, organization, application_id,
    application_name, kind, implied, created_at, creation_event_id, creation_link, first_seen, last_seen, first_use,
    last_use, ended_at, verdict, link, evidence, assurance_level, amr, last_credential_at, missing
FROM session_states
ORDER BY tenant, session_key, version DESC
LIMIT 1 BY tenant, session_key;
