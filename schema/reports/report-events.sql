-- report_events: every event once, the last ingested of its id. For reports; the table `events` may hold an
-- event twice until its parts are merged.
CREATE OR REPLACE VIEW report_events AS
SELECT *
FROM events
ORDER BY tenant, ts, event_id, ingested_at DESC
LIMIT 1 BY tenant, ts, event_id;
