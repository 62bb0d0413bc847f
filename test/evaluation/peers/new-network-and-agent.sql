/*---
id: new-network-and-agent
title: New network and new user agent within a day of an Okta session
by: Panther, "Okta Potentially Stolen Session"
url: https://github.com/panther-labs/panther-analysis/blob/main/rules/okta_rules/okta_potentially_stolen_session.py
sources: [okta]
differs: User agents are compared by edit distance instead of Python's SequenceMatcher; both call nine letters of ten alike.
---*/
WITH uses AS
(
    SELECT user_key, ts, asn, user_agent, JSONExtractString(raw, 'authenticationContext', 'externalSessionId') AS session
    FROM events
    WHERE tenant = {tenant:String} AND source = 'okta'
        AND vendor_event_type IN ('user.authentication.sso', 'user.session.start')
        AND session NOT IN ('', 'unknown')
    LIMIT 1 BY event_id
)
SELECT later.user_key AS user_key, later.session AS session_key, min(later.ts) AS first_ts, max(later.ts) AS last_ts
FROM uses AS later
INNER JOIN
(
    SELECT session, min((ts, asn, user_agent)) AS first
    FROM uses
    GROUP BY session
) AS kept ON later.session = kept.session
WHERE later.ts > kept.first.1 AND later.ts <= kept.first.1 + INTERVAL 1 DAY
    AND later.asn != kept.first.2
    AND 1 - editDistance(later.user_agent, kept.first.3) / greatest(1, length(later.user_agent), length(kept.first.3)) < 0.95
GROUP BY later.user_key, later.session, toDate(later.ts);
