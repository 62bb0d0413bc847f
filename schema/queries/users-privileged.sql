-- Which of these users are privileged, and why.
SELECT user_key, by_policy, admin_acts, last_admin_act_at, last_admin_action
FROM report_privileged_users
WHERE tenant = {tenant:String} AND user_key IN {keys:Array(String)}
