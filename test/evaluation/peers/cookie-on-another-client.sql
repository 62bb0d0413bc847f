/*---
id: cookie-on-another-client
title: One Okta device cookie from two addresses and two clients within an hour
by: Okta, Google and Splunk, "Suspicious Use of an Okta Session Cookie"
url: https://github.com/okta/customer-detections/blob/master/detections/suspicious_use_of_an_Okta_Session_Cookie.yml
sources: [okta]
differs: The hour is that of the rule at chronicle/detection-rules; Okta's own looks at whatever the search covers.
---*/
SELECT user_key, hash AS session_key, min(ts) AS first_ts, max(ts) AS last_ts
FROM
(
    SELECT user_key, hash, ts, uniqExact(address) OVER hour AS addresses, uniqExact(os) OVER hour AS systems,
        uniqExact(browser) OVER hour AS browsers
    FROM
    (
        SELECT user_key, ts, toUnixTimestamp(ts) AS second, address, os, browser,
            JSONExtractString(raw, 'debugContext', 'debugData', 'dtHash') AS hash
        FROM events
        WHERE tenant = {tenant:String} AND source = 'okta' AND vendor_event_type = 'policy.evaluate_sign_on'
            AND policy_result = 'allow'
    )
    WHERE hash != ''
    WINDOW hour AS (PARTITION BY user_key, hash ORDER BY second RANGE BETWEEN 3600 PRECEDING AND CURRENT ROW)
)
WHERE addresses > 1 AND (systems > 1 OR browsers > 1)
GROUP BY user_key, hash, toDate(ts);
