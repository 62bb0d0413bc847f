/*---
id: network-and-system-differ
title: Network and operating system of a session both differ within an hour
by: Google, "Okta Suspicious Use Of A Session Cookie", by session instead of by device
url: https://github.com/chronicle/detection-rules/blob/main/rules/community/okta/okta_suspicious_use_of_a_session_cookie.yaral
sources: [okta, entra, cloudtrail, otel]
differs: A session stands in the place of Okta's device cookie, so that other vendors' logs can be asked, and the autonomous system in the place of the address.
---*/
WITH uses AS
(
    SELECT user_key, session_key, ts, asn, os
    FROM events
    WHERE tenant = {tenant:String} AND session_key != '' AND NOT session_implied AND user_key != '' AND asn != 0
        AND os != '' AND outcome = 'success'
    LIMIT 1 BY event_id
)
SELECT user_key, session_key, min(ts) AS first_ts, max(ts) AS last_ts
FROM
(
    SELECT user_key, session_key, ts, asn, os,
        groupUniqArray((asn, os)) OVER (PARTITION BY user_key, session_key ORDER BY toUnixTimestamp(ts)
            RANGE BETWEEN 3600 PRECEDING AND CURRENT ROW) AS lately
    FROM uses
)
WHERE arrayExists(other -> other.1 != asn AND other.2 != os, lately)
GROUP BY user_key, session_key, toDate(ts);
