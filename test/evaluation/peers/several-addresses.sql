/*---
id: several-addresses
title: One session from several addresses
by: Splunk, "O365 Concurrent Sessions From Different Ips"
url: https://github.com/splunk/security_content/blob/develop/detections/cloud/o365_concurrent_sessions_from_different_ips.yml
sources: [okta, entra, otel]
differs: Written for Entra ID's sign-ins in the audit log of Microsoft 365; here for every source whose records name a session.
---*/
SELECT user_key, session_key, min(ts) AS first_ts, max(ts) AS last_ts
FROM
(
    SELECT user_key, session_key, ts, uniqExact(address) OVER (PARTITION BY user_key, session_key ORDER BY ts) AS addresses
    FROM events
    WHERE tenant = {tenant:String} AND source IN ('okta', 'entra', 'otel') AND session_key != '' AND NOT session_implied
        AND user_key != '' AND outcome = 'success' AND address != ''
)
WHERE addresses > 1
GROUP BY user_key, session_key, toDate(ts);
