-- The first use of sessions and its stream, the tokens that were used in them and whether a use claimed MFA, by key.
SELECT session_key, life.first_use.ts AS first_use_ts, life.first_use.event_id AS first_use_event_id,
    life.first_use.stream AS first_use_stream, life.claimed AS claimed_mfa, life.used_tokens AS tokens
FROM
(
    SELECT session_key, min(sessions.first_use) AS first_use, toUInt8(max(sessions.claimed_mfa)) AS claimed,
        arraySort(groupUniqArrayMerge(64)(sessions.tokens)) AS used_tokens
    FROM sessions
    WHERE tenant = {tenant:String} AND session_key IN {keys:Array(String)}
    GROUP BY session_key
) AS life
