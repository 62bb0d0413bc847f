-- The dirty sessions that were used without evidence up to 5 min after their first use (clocks differ by that much),
-- and, in the cell of federated sessions, those that only a federated sign-in without its provider's leg vouches for.
INSERT INTO bare_sessions (run_id, tenant, session_key, cell, source, organization, application_id, stream, user_key,
    created_at, first_use, asn, browser, os)
SELECT {run:UInt64}, place.tenant, place.session_key, place.cell, place.source, place.organization,
    place.application_id, place.stream, place.user_key, place.created_at, place.first_use, place.asn, place.browser, place.os
FROM
(
    SELECT tenant, session_key, cell, source, organization, application_id, stream, user_key, created_at,
        first_use, asn, browser, os
    FROM judged_sessions
    WHERE run_id = {run:UInt64} AND implied = 0 AND last_use > toDateTime64(0, 9, 'UTC')
        AND (tenant, session_key)
            IN (SELECT tenant, session_key FROM dirty_sessions WHERE run_id = {run:UInt64})
) AS place
LEFT JOIN
(
    SELECT tenant, session_key, min(ts) AS ts
    FROM judged_evidence
    WHERE run_id = {run:UInt64}
    GROUP BY tenant, session_key
) AS earliest ON place.tenant = earliest.tenant AND place.session_key = earliest.session_key
WHERE NOT (earliest.ts > toDateTime64(0, 9, 'UTC') AND earliest.ts <= place.first_use + INTERVAL 5 MINUTE)
UNION ALL
SELECT {run:UInt64}, place.tenant, place.session_key, federatedCell(place.source, place.organization), place.source,
    place.organization, place.application_id, place.stream, place.user_key, place.created_at, place.first_use, place.asn,
    place.browser, place.os
FROM
(
    SELECT tenant, session_key, source, organization, application_id, stream, user_key, created_at, first_use, asn,
        browser, os
    FROM judged_sessions
    WHERE run_id = {run:UInt64} AND implied = 0 AND last_use > toDateTime64(0, 9, 'UTC')
        AND (tenant, session_key)
            IN (SELECT tenant, session_key FROM dirty_sessions WHERE run_id = {run:UInt64})
    ORDER BY first_use
    LIMIT 1 BY tenant, session_key
) AS place
INNER JOIN
(
    SELECT tenant, session_key
    FROM judged_evidence
    WHERE run_id = {run:UInt64}
    GROUP BY tenant, session_key
    HAVING max(is_federated) = 1 AND countIf(link != 'asserted') = 0
) AS federated ON place.tenant = federated.tenant AND place.session_key = federated.session_key;
