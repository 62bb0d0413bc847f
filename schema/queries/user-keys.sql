-- Keys of the users whose login name is one of these.
SELECT user_name, user_key
FROM session_states
WHERE tenant = {tenant:String} AND has({names:Array(String)}, user_name) AND user_key != ''
GROUP BY user_name, user_key
ORDER BY user_name, user_key
LIMIT 1000
