-- Findings that say that evidence is missing, as long as it is: those that were not withdrawn, newest first.
SELECT id, subject, sources[1] AS source, organization, application_id, first_seen
FROM findings FINAL
WHERE tenant = {tenant:String} AND story = 'cell' AND state != 'withdrawn'
    AND first_seen < {until:DateTime64(9, 'UTC')}
ORDER BY first_seen DESC, id
LIMIT 1 BY id
LIMIT {most:UInt32}
