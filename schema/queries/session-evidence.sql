-- The evidence of sessions, oldest first, with the link that ties it and the key that it is filed under: the rules of
-- judging/judged-evidence.sql, for all grades. A principal's evidence belongs to the session that was created nearest
-- to it within 3 s, and to that one alone.
WITH
    lives AS
    (
        SELECT session_key, any(sessions.source) AS source, max(sessions.principal_key) AS principal,
            min(sessions.created_claim) AS created, groupUniqArrayMerge(64)(sessions.tokens) AS used_tokens,
            min(sessions.first_use) AS first, max(sessions.user_key_high) AS some_user
        FROM sessions
        WHERE tenant = {tenant:String} AND session_key IN {keys:Array(String)}
        GROUP BY session_key
    ),
    asked AS
    (
        SELECT session_key, source, principal, created, first.user_id AS user_id,
            if(first.user_key != '', first.user_key, some_user) AS user_key,
            arrayConcat([session_key], used_tokens, if(principal = '', [], [principal])) AS evidence_keys
        FROM lives
    ),
    filed AS
    (
        SELECT session_key AS filed_under, ts, event_id, argMax(session_evidence.evidence, ingested_at) AS grade,
            argMax(session_evidence.activity, ingested_at) AS activity,
            argMax(session_evidence.source, ingested_at) AS source,
            argMax(session_evidence.given_in, ingested_at) AS given_in,
            argMax(session_evidence.user_key, ingested_at) AS user_key,
            argMax(session_evidence.user_id, ingested_at) AS user_id,
            argMax(session_evidence.amr, ingested_at) AS amr,
            argMax(session_evidence.assurance_level, ingested_at) AS assurance_level
        FROM session_evidence
        WHERE tenant = {tenant:String} AND session_key IN (SELECT arrayJoin(evidence_keys) FROM asked)
        GROUP BY session_key, ts, event_id
    ),
    nearest AS
    (
        SELECT given.event_id AS event_id, given.filed_under AS principal,
            min((abs(dateDiff('millisecond', begun.created_at, given.ts)), begun.created_at)).2 AS created
        FROM filed AS given
        INNER JOIN
        (
            SELECT principal_key, created_at
            FROM session_principals
            WHERE tenant = {tenant:String} AND principal_key IN (SELECT principal FROM asked WHERE principal != '')
        ) AS begun ON given.filed_under = begun.principal_key
        WHERE abs(dateDiff('millisecond', begun.created_at, given.ts)) <= 3000
        GROUP BY given.event_id, given.filed_under
    )
SELECT *
FROM
(
    SELECT asked.session_key AS session_key, filed.ts AS ts, filed.event_id AS event_id, filed.filed_under AS filed_under,
        multiIf(filed.grade < 'credential' AND filed.activity != 'token_issue', 'asserted',
            filed.filed_under = asked.principal, 'derived',
            filed.filed_under != asked.session_key, 'session',
            asked.source = 'cloudtrail', 'derived', 'session') AS link,
        filed.grade AS grade, filed.activity AS activity, filed.source AS source, filed.given_in AS given_in,
        filed.amr AS amr, filed.assurance_level AS assurance_level
    FROM (SELECT *, arrayJoin(evidence_keys) AS evidence_key FROM asked) AS asked
    INNER JOIN filed ON asked.evidence_key = filed.filed_under
    WHERE (filed.filed_under != asked.principal
            OR (filed.event_id, filed.filed_under, asked.created) IN (SELECT event_id, principal, created FROM nearest))
        -- An application's session id can be chosen by its client: it links only the same user.
        AND (asked.source != 'otel' OR filed.user_key = asked.user_key
            OR (filed.user_id != '' AND filed.user_id = asked.user_id))
    -- Of one event that is filed under several keys of a session, the row with the strongest link.
    ORDER BY session_key, ts, event_id, indexOf(['session', 'derived', 'asserted'], link), filed_under
    LIMIT 1 BY session_key, ts, event_id
)
ORDER BY session_key, ts, event_id
LIMIT {most:UInt32} BY session_key
