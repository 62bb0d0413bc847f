-- The dirty sessions that had begun when they, a token of theirs, or all sessions of their user were ended.
INSERT INTO ended_sessions (run_id, tenant, session_key, user_key, ended_at, event_id, scope, is_revocation, is_reuse,
    source)
WITH keyed AS
(
    SELECT DISTINCT tenant, session_key, user_key, arrayJoin(arrayPushBack(evidence_keys, user_key)) AS scope_key
    FROM judged_sessions
    WHERE run_id = {run:UInt64} AND implied = 0
        AND (tenant, session_key) IN (SELECT tenant, session_key FROM dirty_sessions WHERE run_id = {run:UInt64})
)
SELECT DISTINCT {run:UInt64}, keyed.tenant, keyed.session_key, keyed.user_key, ended.ts, ended.event_id, ended.scope,
    ended.is_revocation, ended.is_reuse, ended.source
FROM keyed
INNER JOIN
(
    SELECT tenant, scope_key, ts, event_id, scope, is_revocation, is_reuse, source
    FROM session_ends
    WHERE (tenant, scope_key) IN (SELECT tenant, scope_key FROM keyed)
    ORDER BY ingested_at DESC
    LIMIT 1 BY tenant, scope_key, event_id
) AS ended ON keyed.tenant = ended.tenant AND keyed.scope_key = ended.scope_key
INNER JOIN
(
    SELECT tenant, session_key, min(first_ts) AS first_ts
    FROM sessions
    WHERE (tenant, session_key) IN (SELECT tenant, session_key FROM dirty_sessions WHERE run_id = {run:UInt64})
    GROUP BY tenant, session_key
) AS begun ON keyed.tenant = begun.tenant AND keyed.session_key = begun.session_key
WHERE begun.first_ts < ended.ts;
