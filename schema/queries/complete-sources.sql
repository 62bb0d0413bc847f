-- What the policy in force declares complete: its silence counts without a gate. An empty organization or application
-- stands for any.
SELECT declared.1 AS source, declared.2 AS organization, declared.3 AS application_id
FROM
(
    SELECT arrayJoin(complete_sources) AS declared
    FROM (SELECT complete_sources FROM policies WHERE tenant = {tenant:String} ORDER BY applied_at DESC LIMIT 1)
)
ORDER BY source, organization, application_id
