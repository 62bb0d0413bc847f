-- Which of these users are privileged, and why; of administrative acts the newest 100 of each are counted.
SELECT user_key, max(reason = 'policy')::Bool AS by_policy, uniqExactIf(event_id, reason = 'admin') AS admin_acts,
    max(ts) AS last_admin_act_at, argMax(action, ts) AS last_admin_action
FROM report_privileges
WHERE tenant = {tenant:String} AND user_key IN {keys:Array(String)}
    -- Events are found by their times, and their times by the users; 1970 is that of policy.
    AND ts IN (
        SELECT toDateTime64(0, 9, 'UTC')
        UNION ALL
        SELECT ts
        FROM
        (
            SELECT user_key, ts
            FROM user_events
            WHERE tenant = {tenant:String} AND user_key IN {keys:Array(String)} AND activity = 'admin'
            ORDER BY user_key, ts DESC
            LIMIT 100 BY user_key
        ))
GROUP BY user_key
