-- Other ids that the records of sessions carry (`child`), and the sessions whose records carry the ids of these
-- (`parent`).
SELECT key AS session_key, direction, other_key
FROM session_edges
WHERE tenant = {tenant:String} AND key IN {keys:Array(String)} AND kind = 'root'
GROUP BY key, direction, other_key
ORDER BY key, direction, other_key
LIMIT {most:UInt32} BY key
