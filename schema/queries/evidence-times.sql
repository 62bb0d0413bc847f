-- When evidence events happened, by the session whose keys they are filed under: an event is found by its time.
SELECT event_id, ts
FROM session_evidence
WHERE tenant = {tenant:String}
    AND session_key IN
    (
        SELECT arrayJoin(evidence_keys)
        FROM session_states
        WHERE tenant = {tenant:String} AND session_key IN {sessions:Array(String)}
    )
    AND event_id IN {ids:Array(String)}
LIMIT 1 BY event_id
