-- The evidence of this run's sessions, with the link that ties it. Called again after re-queueing.
-- A principal's evidence belongs to the session created nearest to it within 3 s, and to that one alone: two
-- creation times are never joined. A sign-in that a provider asserts (a federated one) shows that the session was
-- begun, not that a person proved who they are: its link is 'asserted', until the provider's leg is found.
INSERT INTO judged_evidence (run_id, tenant, session_key, link, ts, event_id, evidence, activity, source,
    organization, stream, given_in, user_key, amr, assurance_level, asn, network, country, network_class, client_kind,
    browser, os, device_key, is_federated)
WITH
    judged AS
    (
        SELECT tenant, session_key, any(source) AS source, any(user_key) AS user_key, any(user_id) AS user_id,
            any(principal_key) AS principal_key, any(created_at) AS created_at, any(evidence_keys) AS evidence_keys
        FROM judged_sessions
        WHERE run_id = {run:UInt64}
            AND (tenant, session_key)
                NOT IN (SELECT tenant, session_key FROM judged_evidence WHERE run_id = {run:UInt64})
        GROUP BY tenant, session_key
    ),
    filed AS
    (
        SELECT tenant, session_key AS filed_under, ts, event_id, argMax(evidence, ingested_at) AS evidence,
            argMax(activity, ingested_at) AS activity, argMax(source, ingested_at) AS source,
            argMax(organization, ingested_at) AS organization, argMax(stream, ingested_at) AS stream,
            argMax(given_in, ingested_at) AS given_in, argMax(user_key, ingested_at) AS user_key,
            argMax(user_id, ingested_at) AS user_id, argMax(amr, ingested_at) AS amr,
            argMax(assurance_level, ingested_at) AS assurance_level,
            argMax((asn, network, toString(country), toString(network_class), toString(client_kind), toString(browser),
                toString(os), device_key, is_federated), ingested_at) AS given_at
        FROM session_evidence
        WHERE (tenant, session_key) IN (SELECT tenant, arrayJoin(evidence_keys) FROM judged)
        GROUP BY tenant, session_key, ts, event_id
    ),
    nearest AS
    (
        SELECT given.tenant AS tenant, given.event_id AS event_id, given.filed_under AS principal_key,
            min((abs(dateDiff('millisecond', begun.created_at, given.ts)), begun.created_at)).2 AS created_at
        FROM filed AS given
        INNER JOIN
        (
            SELECT tenant, principal_key, created_at
            FROM session_principals
            WHERE (tenant, principal_key) IN (SELECT tenant, principal_key FROM judged WHERE principal_key != '')
        ) AS begun ON given.tenant = begun.tenant AND given.filed_under = begun.principal_key
        WHERE abs(dateDiff('millisecond', begun.created_at, given.ts)) <= 3000
        GROUP BY given.tenant, given.event_id, given.filed_under
    )
SELECT {run:UInt64}, tenant, session_key,
    argMin(link, indexOf(['session', 'derived', 'asserted'], link)) AS link, ts, event_id, any(evidence), any(activity),
    any(evidence_source), any(organization), any(stream), any(given_in), any(user_key), any(amr),
    any(assurance_level), any(given_at).1, any(given_at).2, any(given_at).3, any(given_at).4, any(given_at).5,
    any(given_at).6, any(given_at).7, any(given_at).8, any(given_at).9
FROM
(
    SELECT judged.tenant AS tenant, judged.session_key AS session_key,
        multiIf(filed.given_at.9 OR (filed.evidence < 'credential' AND filed.activity != 'token_issue'), 'asserted',
            filed.filed_under = judged.principal_key, 'derived',
            filed.filed_under != judged.session_key, 'session',
            judged.source = 'cloudtrail', 'derived', 'session') AS link,
        filed.ts AS ts, filed.event_id AS event_id, filed.evidence AS evidence, filed.activity AS activity,
        filed.source AS evidence_source, filed.organization AS organization, filed.stream AS stream,
        filed.given_in AS given_in, filed.user_key AS user_key, filed.amr AS amr,
        filed.assurance_level AS assurance_level, filed.given_at AS given_at
    FROM (SELECT *, arrayJoin(evidence_keys) AS evidence_key FROM judged) AS judged
    INNER JOIN filed ON judged.tenant = filed.tenant AND judged.evidence_key = filed.filed_under
    WHERE (filed.evidence >= 'credential' OR filed.activity = 'token_issue'
            OR (filed.evidence = 'inherited' AND filed.activity = 'sign_in'))
        AND (filed.filed_under != judged.principal_key
            OR (filed.tenant, filed.event_id, filed.filed_under, judged.created_at)
                IN (SELECT tenant, event_id, principal_key, created_at FROM nearest))
        -- An application's session id can be chosen by its client: it links only the same user.
        AND (judged.source != 'otel' OR filed.user_key = judged.user_key
            OR (filed.user_id != '' AND filed.user_id = judged.user_id))
)
GROUP BY tenant, session_key, ts, event_id;
