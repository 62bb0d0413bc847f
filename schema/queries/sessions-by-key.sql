-- Sessions as they stand after their last judging, by key.
SELECT session_key, user_key, user_name, session_id, source, sources, organization, application_id, application_name,
    kind, implied, created_at, creation_event_id, creation_link, first_seen, last_seen, first_use, last_use, ended_at,
    verdict, link, evidence, assurance_level, amr, last_credential_at, missing
FROM session_states
WHERE tenant = {tenant:String} AND session_key IN {keys:Array(String)}
ORDER BY session_key, version DESC
LIMIT 1 BY session_key
