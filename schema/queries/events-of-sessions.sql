-- The events of sessions. They are looked for from `since` to `until` and, where hours are given, in these alone: the
-- table is ordered by time.
SELECT session_key, event_id, ts
FROM events
WHERE tenant = {tenant:String}
    AND ts >= {since:DateTime64(9, 'UTC')} AND ts <= {until:DateTime64(9, 'UTC')}
    AND (empty({hours:Array(DateTime('UTC'))}) OR toStartOfHour(ts) IN {hours:Array(DateTime('UTC'))})
    AND session_key IN {sessions:Array(String)}
