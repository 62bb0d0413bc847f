-- The users whose key or login name holds a text, with when their sessions were last seen. Keys may be long, so a list
-- is ordered by the beginning of them. `privileged` is 'yes', 'no', or '' for both.
SELECT user_key, leftUTF8(user_key, 120) AS name_start, hex(sipHash128(user_key)) AS user_hash,
    max(states.last_seen) AS last_seen
FROM
(
    SELECT user_key, last_seen
    FROM session_states FINAL
    WHERE tenant = {tenant:String} AND user_key != ''
        AND ({text:String} = ''
            OR positionCaseInsensitiveUTF8(concat(user_key, '\n', user_name), {text:String}) > 0)
        AND ({privileged:String} = ''
            OR ({privileged:String} = 'yes') = (user_key IN (
                SELECT user_key
                FROM report_privileges
                -- The set is built even where it is not asked for.
                WHERE tenant = {tenant:String} AND {privileged:String} != '')))
) AS states
GROUP BY user_key
