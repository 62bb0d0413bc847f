-- The levels that the policy in force gives to these applications; one that it does not name is not here.
SELECT leveled.1 AS application_id, leveled.2 AS level
FROM
(
    SELECT arrayJoin(applications) AS leveled
    FROM (SELECT applications FROM policies WHERE tenant = {tenant:String} ORDER BY applied_at DESC LIMIT 1)
)
WHERE has({ids:Array(String)}, leveled.1)
