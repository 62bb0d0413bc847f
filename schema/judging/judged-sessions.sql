-- Sessions of this run, one row a place of use: the dirty ones, and all that were used on a touched user-day
-- (their closure is computed with them). Called again after re-queueing: sessions already there are left.
INSERT INTO judged_sessions (run_id, tenant, session_key, cell, source, organization, application_id,
    application_name, kind, implied, user_key, user_id, evidence_keys, created_at, principal_key, claimed_mfa,
    first_use, first_use_event_id, last_use, stream, asn, network, country, network_class, client_kind, browser, os)
WITH
    wanted AS
    (
        SELECT tenant, session_key FROM dirty_sessions WHERE run_id = {run:UInt64}
        UNION DISTINCT
        SELECT tenant, session_key
        FROM user_events
        WHERE (tenant, user_key) IN (SELECT tenant, user_key FROM touched_days WHERE run_id = {run:UInt64})
            AND ts >= toDateTime64((SELECT min(day) FROM touched_days WHERE run_id = {run:UInt64}), 9, 'UTC')
            AND ts < toDateTime64((SELECT max(day) + 1 FROM touched_days WHERE run_id = {run:UInt64}), 9, 'UTC')
            AND (tenant, user_key, toDate(ts))
                IN (SELECT tenant, user_key, day FROM touched_days WHERE run_id = {run:UInt64})
            AND session_use AND NOT session_implied
    ),
    kinds AS
    (
        SELECT tenant, session_key, max(kind_rank) AS kind_rank, min(created_claim) AS created_claim,
            max(principal_key) AS principal_key, groupUniqArrayMerge(64)(tokens) AS tokens
        FROM sessions
        WHERE (tenant, session_key) IN (SELECT tenant, session_key FROM wanted)
        GROUP BY tenant, session_key
    )
SELECT {run:UInt64}, place.tenant, place.session_key,
    cellOf(place.source, place.organization, sessionKind(kinds.kind_rank), place.application_id), place.source,
    place.organization, place.application_id, place.application_name, sessionKind(kinds.kind_rank), place.implied,
    if(place.first_use.user_key != '', place.first_use.user_key, place.user_key_high), place.first_use.user_id,
    arrayConcat([place.session_key], kinds.tokens, if(kinds.principal_key = '', [], [kinds.principal_key])),
    if(kinds.created_claim < toDateTime64('2262-01-01 00:00:00', 9, 'UTC'), kinds.created_claim,
        toDateTime64(0, 9, 'UTC')),
    kinds.principal_key, place.claimed_mfa, place.first_use.ts, place.first_use.event_id, place.last_use,
    if(place.first_use.stream != '', place.first_use.stream, place.source), place.first_use.asn,
    place.first_use.network, place.first_use.country, place.first_use.network_class, place.first_use.client_kind,
    place.first_use.browser, place.first_use.os
FROM
(
    SELECT tenant, session_key, source, organization, application_id, max(application_name) AS application_name,
        min(implied) AS implied, max(user_key_high) AS user_key_high, max(claimed_mfa) AS claimed_mfa,
        min(first_use) AS first_use, max(last_use) AS last_use
    FROM sessions
    WHERE (tenant, session_key) IN (SELECT tenant, session_key FROM wanted)
        AND (tenant, session_key)
            NOT IN (SELECT tenant, session_key FROM judged_sessions WHERE run_id = {run:UInt64})
    GROUP BY tenant, session_key, source, organization, application_id
) AS place
INNER JOIN kinds ON place.tenant = kinds.tenant AND place.session_key = kinds.session_key;
