-- The provider's leg of federated sign-ins: an access of the same user to that application at an identity provider,
-- from 10 min before to 5 min after. It proves what the application only asserts. Called again after re-queueing.
INSERT INTO judged_evidence (run_id, tenant, session_key, link, ts, event_id, evidence, activity, source,
    organization, stream, given_in, user_key, amr, assurance_level, asn, network, country, network_class, client_kind,
    browser, os, device_key, is_federated)
WITH
    federated AS
    (
        SELECT given.tenant AS tenant, given.session_key AS session_key, given.ts AS ts, place.user_key AS user_key,
            place.source AS source, place.application_name AS application_name
        FROM
        (
            SELECT tenant, session_key, ts
            FROM judged_evidence
            WHERE run_id = {run:UInt64} AND is_federated
                AND (tenant, session_key) NOT IN
                    (SELECT tenant, session_key FROM judged_evidence WHERE run_id = {run:UInt64} AND activity = 'provider_leg')
        ) AS given
        INNER JOIN
        (
            SELECT DISTINCT tenant, session_key, user_key, source, if(application_name = '', application_id, application_name)
                AS application_name
            FROM judged_sessions
            WHERE run_id = {run:UInt64} AND user_key != ''
        ) AS place ON given.tenant = place.tenant AND given.session_key = place.session_key
    ),
    legs AS
    (
        SELECT tenant, user_key, ts, event_id, evidence, source, organization, stream, session_key, application_name, asn,
            network, country, network_class, client_kind, browser, os, device_key
        FROM provider_legs
        WHERE (tenant, user_key) IN (SELECT tenant, user_key FROM federated)
            AND ts >= (SELECT min(ts) - INTERVAL 10 MINUTE FROM federated)
            AND ts <= (SELECT max(ts) + INTERVAL 5 MINUTE FROM federated)
        ORDER BY ingested_at DESC
        LIMIT 1 BY tenant, event_id
    )
SELECT {run:UInt64}, federated.tenant, federated.session_key, 'derived', least(any(legs.ts), min(federated.ts)),
    legs.event_id, any(legs.evidence), 'provider_leg', any(legs.source), any(legs.organization), any(legs.stream),
    any(legs.session_key), any(legs.user_key), [], 0, any(legs.asn), any(legs.network), any(legs.country),
    any(legs.network_class), any(legs.client_kind), any(legs.browser), any(legs.os), any(legs.device_key), 0
FROM federated
INNER JOIN legs ON federated.tenant = legs.tenant AND federated.user_key = legs.user_key
WHERE legs.ts >= federated.ts - INTERVAL 10 MINUTE AND legs.ts <= federated.ts + INTERVAL 5 MINUTE
    AND isSameApplication(federated.source, federated.application_name, legs.application_name)
GROUP BY federated.tenant, federated.session_key, legs.event_id;
