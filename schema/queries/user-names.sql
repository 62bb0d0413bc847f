-- Login names under which users were seen, the latest first.
SELECT user_key, arrayMap(name -> name.2, arrayReverseSort(groupArray((last_seen, user_name)))) AS names
FROM
(
    SELECT user_key, user_name, max(session_states.last_seen) AS last_seen
    FROM session_states
    WHERE tenant = {tenant:String} AND user_key IN {keys:Array(String)} AND user_name != ''
    GROUP BY user_key, user_name
    ORDER BY user_key, last_seen DESC
    LIMIT 50 BY user_key
)
GROUP BY user_key
