-- Which of these users have an event.
SELECT user_key
FROM user_events
WHERE tenant = {tenant:String} AND user_key IN {keys:Array(String)}
LIMIT 1 BY user_key
