-- Events by time and id, each once, the last ingested; without the vendor's record and the attributes, which are most
-- of an event's bytes.
SELECT event_id, ts, observed_at, source, organization, region, activity, outcome, evidence, amr, assurance_level,
    vendor_event_type, vendor_event_id, action, user_key, user_name, session_key, token_key, device_key,
    application_id, application_name, address, country, asn, as_organization, network_class, user_agent, browser,
    browser_version, os, os_version
FROM events
WHERE tenant = {tenant:String}
    AND ts IN {times:Array(DateTime64(9, 'UTC'))} AND event_id IN {ids:Array(String)}
ORDER BY ts, event_id, ingested_at DESC
LIMIT 1 BY ts, event_id
