-- The events that a filter leaves, by time and id. An event may be here more than once until its parts are merged:
-- readers take one row an id. An empty list or text restricts nothing; the lower bound is part of the range, the upper
-- bound is not. Users are looked up in the narrow table that is ordered by them.
SELECT event_id, ts
FROM events
WHERE tenant = {tenant:String}
    AND ts >= {after:DateTime64(9, 'UTC')} AND ts < {before:DateTime64(9, 'UTC')}
    AND (empty({users:Array(String)}) OR (ts, event_id) IN
    (
        SELECT ts, event_id
        FROM user_events
        WHERE tenant = {tenant:String} AND user_key IN {users:Array(String)}
            AND ts >= {after:DateTime64(9, 'UTC')} AND ts < {before:DateTime64(9, 'UTC')}
    ))
    AND (empty({sessions:Array(String)}) OR has({sessions:Array(String)}, session_key))
    AND (empty({applications:Array(String)})
        OR has({applications:Array(String)}, application_id) OR has({applications:Array(String)}, application_name))
    AND (empty({sources:Array(String)}) OR has({sources:Array(String)}, source))
    AND (empty({activities:Array(String)}) OR has({activities:Array(String)}, activity))
    AND (empty({outcomes:Array(String)}) OR has({outcomes:Array(String)}, outcome))
    AND (empty({addresses:Array(String)}) OR has({addresses:Array(String)}, address))
    AND ({text:String} = '' OR positionCaseInsensitiveUTF8(
        concat(event_id, '\n', vendor_event_id, '\n', vendor_event_type, '\n', action, '\n', user_key, '\n', user_name,
            '\n', user_email, '\n', session_id, '\n', token_id, '\n', application_name, '\n', address, '\n',
            user_agent), {text:String}) > 0)
