-- The applications that records name, with the level that the policy in force gives them. What has no id is known by
-- its name. An empty list or text restricts nothing.
SELECT id, name, lowerUTF8(leftUTF8(name, 120)) AS name_start, hex(sipHash128(id)) AS application_hash
FROM
(
    SELECT if(application_id != '', toString(application_id), coverage_hours.application_name) AS id,
        if(max(coverage_hours.application_name) != '', toString(max(coverage_hours.application_name)), id) AS name
    FROM coverage_hours
    WHERE tenant = {tenant:String}
    GROUP BY id
    HAVING id != ''
) AS seen
LEFT JOIN
(
    SELECT leveled.1 AS application_id, leveled.2 AS level
    FROM
    (
        SELECT arrayJoin(applications) AS leveled
        FROM (SELECT applications FROM policies WHERE tenant = {tenant:String} ORDER BY applied_at DESC LIMIT 1)
    )
) AS decided ON seen.id = decided.application_id
WHERE ({text:String} = '' OR positionCaseInsensitiveUTF8(concat(id, '\n', name), {text:String}) > 0)
    AND (empty({levels:Array(String)})
        OR has({levels:Array(String)}, if(decided.level != '', decided.level, 'normal')))
