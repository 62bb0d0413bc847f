-- The session that a source's log names by this id. Short ids are unique only within their organization: of several,
-- the one seen last.
SELECT session_key
FROM session_states FINAL
WHERE tenant = {tenant:String} AND session_id = {vendor_id:String} AND has(sources, {source:String})
ORDER BY last_seen DESC, session_key
LIMIT 1
