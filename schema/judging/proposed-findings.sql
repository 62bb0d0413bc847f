-- What the events of proposed sessions say, one row an event id, the last ingested: strands and states propose,
-- events dispose. Sessions whose use was corrected away have no row. Where the story is about a strand, it is that of
-- one of `strand_events`, and only events alike in network and client count.
WITH
    uses AS
    (
        SELECT tenant, session_key, ts, event_id, user_key, user_name, address, country, asn, as_organization,
            toString(browser) AS browser, toString(os) AS os, organization, application_id, application_name, source
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
        -- What a story is about counts, even if it was refused: a refresh token that was used again.
        WHERE session_use OR event_id IN {strand_events:Array(String)}
    ),
    strand_starts AS
    (
        SELECT tenant, session_key, argMin((asn, country, browser, os), (ts, event_id)) AS likeness
        FROM uses
        WHERE event_id IN {strand_events:Array(String)}
        GROUP BY tenant, session_key
    ),
    told AS
    (
        SELECT uses.*
        FROM uses
        LEFT JOIN strand_starts ON uses.tenant = strand_starts.tenant AND uses.session_key = strand_starts.session_key
        WHERE strand_starts.session_key = '' OR (uses.asn, uses.country, uses.browser, uses.os) = strand_starts.likeness
    )
SELECT story.*, toString(states.verdict) AS session_verdict, toString(states.link) AS session_link
FROM
(
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
    FROM told
    GROUP BY tenant, session_key
) AS story
LEFT JOIN
(
    SELECT tenant, session_key, verdict, link
    FROM session_states FINAL
    WHERE tenant IN {tenants:Array(String)} AND session_key IN {session_keys:Array(String)}
) AS states ON story.tenant = states.tenant AND story.session_key = states.session_key;
