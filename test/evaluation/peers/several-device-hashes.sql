/*---
id: several-device-hashes
title: Several device hashes in one Okta session
by: Elastic, "Multiple Device Token Hashes for Single Okta Session"
url: https://github.com/elastic/detection-rules/blob/main/rules/integrations/okta/credential_access_multiple_device_token_hashes_for_single_okta_session.toml
sources: [okta]
differs: Every nine minutes are looked at, not only those before each run.
---*/
SELECT user_key, session AS session_key, min(ts) AS first_ts, max(ts) AS last_ts
FROM
(
    SELECT user_key, session, ts,
        uniqExact(hash) OVER (PARTITION BY user_key, session ORDER BY second RANGE BETWEEN 540 PRECEDING AND CURRENT ROW) AS hashes
    FROM
    (
        SELECT user_key, ts, toUnixTimestamp(ts) AS second,
            JSONExtractString(raw, 'authenticationContext', 'externalSessionId') AS session,
            JSONExtractString(raw, 'debugContext', 'debugData', 'dtHash') AS hash
        FROM events
        WHERE tenant = {tenant:String} AND source = 'okta'
            AND vendor_event_type NOT IN ('policy.evaluate_sign_on', 'user.session.start', 'user.authentication.sso')
            AND user_key LIKE '%@%'
    )
    WHERE session NOT IN ('', 'unknown') AND hash != ''
)
WHERE hashes >= 2
GROUP BY user_key, session, toDate(ts);
