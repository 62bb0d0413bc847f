-- The strands of the dirty sessions, in the order of their beginning, and what vouches from outside: the issue of a
-- token, a sign-in or a provider's leg that is filed for the session (with its network; an issue by a service has
-- none). Of a session with more than 64 strands, the latest.
INSERT INTO judged_strands (run_id, tenant, session_key, strand, is_own, source, organization, user_key, asn, country,
    unrouted, network, network_class, client_kind, os, browser, version, tls_fingerprint, device_key, began, last_ts,
    event_id, has_credential, has_factor, has_phishing_resistant)
WITH
    dirty AS
    (
        SELECT tenant, session_key FROM dirty_sessions WHERE run_id = {run:UInt64}
    ),
    own AS
    (
        SELECT tenant, session_key, source, asn, country, unrouted, network_class, client_kind, os, browser, device_key,
            max(user_key) AS who, max(organization) AS place, min(begun) AS beginning, max(last_ts) AS latest,
            min(credential_ts) AS credential, min(factor_ts) AS factor, min(phishing_resistant_ts) AS strong
        FROM strands
        WHERE (tenant, session_key) IN (SELECT tenant, session_key FROM dirty)
        GROUP BY tenant, session_key, source, asn, country, unrouted, network_class, client_kind, os, browser,
            device_key
        ORDER BY beginning DESC
        LIMIT 64 BY tenant, session_key
    ),
    outside AS
    (
        SELECT tenant, session_key, source, asn, country, network, network_class, client_kind, os, browser, device_key,
            max(user_key) AS who, min((ts, event_id)) AS first_given
        FROM judged_evidence
        WHERE run_id = {run:UInt64} AND given_in != session_key AND link IN ('session', 'derived') AND network != ''
            AND network_class != 'private'
            AND (tenant, session_key) IN (SELECT tenant, session_key FROM dirty)
        GROUP BY tenant, session_key, source, asn, country, network, network_class, client_kind, os, browser, device_key
        ORDER BY first_given
        LIMIT 16 BY tenant, session_key
    )
SELECT {run:UInt64}, tenant, session_key,
    row_number() OVER (PARTITION BY tenant, session_key ORDER BY began, event_id, is_own) AS strand,
    is_own, source, organization, user_key, asn, country, unrouted, network, network_class, client_kind, os, browser,
    version, tls_fingerprint, device_key, began, last_ts, event_id, has_credential, has_factor, has_phishing_resistant
FROM
(
    SELECT tenant, session_key, 1 AS is_own, source, place AS organization, who AS user_key, asn, country, unrouted,
        beginning.network AS network, network_class, client_kind, os, browser, beginning.version AS version,
        beginning.tls_fingerprint AS tls_fingerprint, device_key, beginning.ts AS began, latest AS last_ts,
        beginning.event_id AS event_id,
        -- Given when the strand began; what was given later vouches for nothing before it.
        credential <= beginning.ts + INTERVAL 5 MINUTE AS has_credential,
        factor <= beginning.ts + INTERVAL 1 HOUR AS has_factor,
        strong <= beginning.ts + INTERVAL 1 HOUR AS has_phishing_resistant
    FROM own
    UNION ALL
    SELECT tenant, session_key, 0, source, '', who, asn, country, if(asn = 0, network, ''), network, network_class,
        client_kind, os, browser, 0, '', device_key, first_given.1, first_given.1, first_given.2, 1, 0, 0
    FROM outside
);
