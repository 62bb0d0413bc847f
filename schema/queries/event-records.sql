-- The attributes and the vendor's record of events, by time and id, each once, the last ingested.
SELECT event_id, ts, attributes, raw
FROM events
WHERE tenant = {tenant:String}
    AND ts IN {times:Array(DateTime64(9, 'UTC'))} AND event_id IN {ids:Array(String)}
ORDER BY ts, event_id, ingested_at DESC
LIMIT 1 BY ts, event_id
