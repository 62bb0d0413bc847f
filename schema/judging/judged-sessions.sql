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
        FROM session_days
        WHERE (tenant, user_key, day)
            IN (SELECT tenant, user_key, day FROM touched_days WHERE run_id = {run:UInt64})
    )
SELECT {run:UInt64}, tenant, session_key, cellOf(source, organization, sessionKind(session_kind_rank), application_id),
    source, organization, application_id, application_name, sessionKind(session_kind_rank), implied,
    if(first_use.user_key != '', first_use.user_key, user_key_high), first_use.user_id,
    arrayConcat([session_key], tokens, if(principal = '', [], [principal])),
    if(created < toDateTime64('2262-01-01 00:00:00', 9, 'UTC'), created, toDateTime64(0, 9, 'UTC')), principal,
    claimed_mfa, first_use.ts, first_use.event_id, last_use,
    if(first_use.stream != '', first_use.stream, source), first_use.asn, first_use.network, first_use.country,
    first_use.network_class, first_use.client_kind, first_use.browser, first_use.os
FROM
(
    -- What belongs to the session is taken over all places of its use.
    SELECT *, max(kind_rank) OVER whole AS session_kind_rank, min(created_claim) OVER whole AS created,
        max(principal_key) OVER whole AS principal, groupUniqArrayArray(64)(place_tokens) OVER whole AS tokens
    FROM
    (
        SELECT tenant, session_key, source, organization, application_id, max(application_name) AS application_name,
            min(implied) AS implied, max(user_key_high) AS user_key_high, max(claimed_mfa) AS claimed_mfa,
            min(first_use) AS first_use, max(last_use) AS last_use, max(kind_rank) AS kind_rank,
            min(created_claim) AS created_claim, max(principal_key) AS principal_key,
            groupUniqArrayMerge(64)(tokens) AS place_tokens
        FROM sessions
        WHERE (tenant, session_key) IN (SELECT tenant, session_key FROM wanted)
            AND (tenant, session_key)
                NOT IN (SELECT tenant, session_key FROM judged_sessions WHERE run_id = {run:UInt64})
        GROUP BY tenant, session_key, source, organization, application_id
    )
    WINDOW whole AS (PARTITION BY tenant, session_key)
);
