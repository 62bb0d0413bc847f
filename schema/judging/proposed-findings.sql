-- What the events of proposed sessions say, one row an event id, the last ingested: strands and states propose,
-- events dispose. Sessions whose use was corrected away have no row.
SELECT
    tenant,
    session_key,
    toUInt32(count()) AS event_count,
    min(ts) AS first_seen,
    max(ts) AS last_seen,
    argMin(event_id, (ts, event_id)) AS first_event_id,
    argMin(user_key, (ts, event_id)) AS user_key,
    argMin(user_name, (ts, event_id)) AS user_name,
    argMin(address, (ts, event_id)) AS address,
    argMin(country, (ts, event_id)) AS country,
    argMin(asn, (ts, event_id)) AS asn,
    argMin(as_organization, (ts, event_id)) AS as_organization,
    argMin(browser, (ts, event_id)) AS browser,
    argMin(os, (ts, event_id)) AS os,
    argMin(organization, (ts, event_id)) AS organization,
    argMin(application_id, (ts, event_id)) AS application_id,
    argMin(application_name, (ts, event_id)) AS application_name,
    arraySort(groupUniqArray(toString(source))) AS sources
FROM
(
    SELECT tenant, session_key, ts, event_id, session_use, user_key, user_name, address, country, asn,
        as_organization, browser, os, organization, application_id, application_name, source
    FROM events
    WHERE tenant IN {tenants:Array(String)}
        AND ts >= {since:DateTime64(9, 'UTC')} AND ts <= {until:DateTime64(9, 'UTC')}
        AND session_key IN {session_keys:Array(String)}
    ORDER BY ingested_at DESC
    LIMIT 1 BY tenant, event_id
)
WHERE session_use
GROUP BY tenant, session_key;
