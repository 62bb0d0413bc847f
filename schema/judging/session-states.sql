-- The dirty sessions as they stand now: who, where, when they were created and by what that is shown, the verdict
-- of their uses, and the best and latest of their evidence. Of a session that was used in several places, the
-- verdict is the worst of them. An implied session proves nothing: its key is made of user and day.
INSERT INTO session_states (tenant, session_key, user_key, user_name, session_id, source, sources, organization,
    application_id, application_name, kind, implied, created_at, creation_event_id, creation_link, first_seen,
    last_seen, first_use, last_use, ended_at, verdict, link, evidence, assurance_level, amr, last_credential_at,
    evidence_keys, missing, version)
WITH
    toDateTime64(0, 9, 'UTC') AS unknown,
    toDateTime64('2262-01-01 00:00:00', 9, 'UTC') AS never,
    dirty AS
    (
        SELECT tenant, session_key FROM dirty_sessions WHERE run_id = {run:UInt64}
    ),
    lives AS
    (
        SELECT tenant, session_key, max(user_key_high) AS some_user, max(user_name) AS user_name,
            max(session_id) AS session_id, min(started) AS started, max(ended) AS ended,
            min(first_ts) AS first_seen, max(last_ts) AS last_seen,
            arraySort(groupUniqArray(toString(source))) AS sources,
            -- Where its first record was is the most root place that is known.
            min((first_ts, toString(source), toString(organization), toString(application_id), application_name))
                AS origin
        FROM
        (
            SELECT tenant, session_key, source, organization, application_id,
                max(application_name) AS application_name, max(user_key_high) AS user_key_high,
                max(user_name) AS user_name, max(session_id) AS session_id, min(started) AS started,
                max(ended) AS ended, min(first_ts) AS first_ts, max(last_ts) AS last_ts
            FROM sessions
            WHERE (tenant, session_key) IN (SELECT tenant, session_key FROM dirty)
            GROUP BY tenant, session_key, source, organization, application_id
        )
        GROUP BY tenant, session_key
    ),
    given AS
    (
        SELECT tenant, session_key, countIf(link != 'asserted') AS proofs, max(evidence) AS best,
            max(assurance_level) AS assurance_level, arraySort(groupUniqArrayArray(amr)) AS amr,
            maxIf(ts, evidence >= 'credential') AS last_credential_at,
            min((link = 'asserted', ts, event_id, toString(link))).4 AS best_link,
            minIf((ts, event_id, toString(link)), activity IN ('sign_in', 'token_issue')) AS creation
        FROM judged_evidence
        WHERE run_id = {run:UInt64}
        GROUP BY tenant, session_key
    ),
    uses AS
    (
        SELECT judged.tenant AS tenant, judged.session_key AS session_key, any(judged.user_key) AS user_key,
            any(judged.kind) AS kind, min(judged.implied) AS implied, max(judged.created_at) AS created_claim,
            any(judged.evidence_keys) AS evidence_keys, max(judged.claimed_mfa) AS claimed_mfa,
            min(judged.first_use) AS first_use, max(judged.last_use) AS last_use,
            max(absence.cell != '') AS bare,
            max(absence.cell != '' AND absence.gate = 'open' AND absence.passed = 1 AND absence.predates = 0)
                AS unvouched,
            max(multiIf(absence.cell = '', '',
                absence.predates = 1, concat('no evidence in store; the session may be older than the first record of ',
                    absence.young_source),
                absence.gate = 'shut', 'no evidence in store; too few sessions of this kind have theirs in store for that to count',
                absence.gate = 'degraded', 'no evidence in store; its source was covered lately and is not now',
                absence.passed = 0, 'no evidence in store yet; the streams that would carry it are behind',
                'no evidence in store, where sessions of this kind have theirs')) AS missing
        FROM
        (
            SELECT * FROM judged_sessions
            WHERE run_id = {run:UInt64} AND (tenant, session_key) IN (SELECT tenant, session_key FROM dirty)
        ) AS judged
        LEFT JOIN (SELECT * FROM judged_absence WHERE run_id = {run:UInt64}) AS absence
            ON judged.tenant = absence.tenant AND judged.session_key = absence.session_key
        -- A place of its own, or that of federated sessions.
        WHERE absence.cell IN ('', judged.cell, federatedCell(judged.source, judged.organization))
        GROUP BY tenant, session_key
    )
SELECT uses.tenant, uses.session_key, if(uses.user_key != '', uses.user_key, lives.some_user), lives.user_name,
    lives.session_id, lives.origin.2, lives.sources, lives.origin.3, lives.origin.4, lives.origin.5, uses.kind,
    uses.implied,
    multiIf(given.creation.1 > unknown, given.creation.1, lives.started.ts < never, lives.started.ts,
        uses.created_claim) AS created_at,
    multiIf(given.creation.1 > unknown, given.creation.2, lives.started.ts < never, lives.started.event_id, '')
        AS creation_event_id,
    multiIf(given.creation.1 > unknown, given.creation.3, lives.started.ts < never, 'session',
        uses.created_claim > unknown, 'asserted', 'none') AS creation_link,
    lives.first_seen, lives.last_seen, if(uses.last_use > unknown, uses.first_use, unknown), uses.last_use,
    lives.ended,
    multiIf(uses.unvouched = 1, 'unvouched',
        given.proofs > 0 AND uses.bare = 0 AND (uses.implied = 0 OR uses.last_use = unknown), 'proven',
        uses.claimed_mfa = 1 OR given.best_link = 'asserted', 'asserted', 'unproven') AS verdict,
    multiIf(given.best_link != '' AND uses.bare = 0, if(uses.implied = 1, 'user', given.best_link),
        uses.claimed_mfa = 1, 'asserted', 'none') AS link,
    given.best, given.assurance_level, given.amr, given.last_credential_at, uses.evidence_keys,
    if(uses.implied = 1, 'no session id on its records: user and day stand in for it', uses.missing),
    {run:UInt64}
FROM uses
INNER JOIN lives ON uses.tenant = lives.tenant AND uses.session_key = lives.session_key
LEFT JOIN given ON uses.tenant = given.tenant AND uses.session_key = given.session_key;
