-- Closure of the touched user-days: 1 if every session that the user used in the cell on the day is vouched for
-- (here, or at the ceiling of its source). By day of use, not of the session's start. Only rows that change are
-- written; where a user's sessions turned out to be of another kind, the old cell's row becomes one of 0 sessions.
INSERT INTO closure_days (tenant, cell, day, user_key, sessions, closed, version)
WITH
    judged AS
    (
        SELECT place.tenant AS tenant, place.session_key AS session_key, place.source AS source,
            place.organization AS organization, place.application_id AS application_id, place.cell AS cell,
            earliest.ts > toDateTime64(0, 9, 'UTC')
                AND earliest.ts <= place.first_use + INTERVAL 5 MINUTE AS vouched
        FROM (SELECT * FROM judged_sessions WHERE run_id = {run:UInt64} AND implied = 0) AS place
        LEFT JOIN
        (
            SELECT tenant, session_key, min(ts) AS ts
            FROM judged_evidence
            WHERE run_id = {run:UInt64}
            GROUP BY tenant, session_key
        ) AS earliest ON place.tenant = earliest.tenant AND place.session_key = earliest.session_key
    ),
    used AS
    (
        SELECT DISTINCT tenant, user_key, day, session_key, source, organization, application_id
        FROM session_days
        WHERE (tenant, user_key, day)
            IN (SELECT tenant, user_key, day FROM touched_days WHERE run_id = {run:UInt64})
    ),
    computed AS
    (
        SELECT used.tenant AS tenant, judged.cell AS cell, used.day AS day, used.user_key AS user_key,
            toUInt32(count()) AS sessions, toUInt8(min(judged.vouched)) AS closed
        FROM used
        INNER JOIN judged ON used.tenant = judged.tenant AND used.session_key = judged.session_key
            AND used.source = judged.source AND used.organization = judged.organization
            AND used.application_id = judged.application_id
        GROUP BY tenant, cell, day, user_key
        UNION ALL
        -- Federated sessions once more, in their own cell: closed where the provider has a record of each sign-in.
        SELECT used.tenant AS tenant, federatedCell(used.source, used.organization) AS cell, used.day AS day,
            used.user_key AS user_key, toUInt32(uniqExact(used.session_key)) AS sessions,
            toUInt8(min(federated.has_leg)) AS closed
        FROM used
        INNER JOIN
        (
            SELECT tenant, session_key, max(activity = 'provider_leg') AS has_leg
            FROM judged_evidence
            WHERE run_id = {run:UInt64}
            GROUP BY tenant, session_key
            HAVING max(is_federated) = 1
        ) AS federated ON used.tenant = federated.tenant AND used.session_key = federated.session_key
        GROUP BY tenant, cell, day, user_key
    ),
    -- Every cell that one of these sessions may have been counted in before.
    places AS
    (
        SELECT DISTINCT tenant,
            arrayJoin(arrayPushBack(arrayMap(rank -> cellOf(source, organization, sessionKind(rank), application_id), range(7)),
                federatedCell(source, organization))) AS cell
        FROM judged
    ),
    known AS
    (
        SELECT tenant, cell, day, user_key, sessions, closed
        FROM closure_days FINAL
        WHERE (tenant, cell) IN (SELECT tenant, cell FROM places)
            AND (tenant, user_key, day)
                IN (SELECT tenant, user_key, day FROM touched_days WHERE run_id = {run:UInt64})
    )
SELECT tenant, cell, day, user_key, sessions, closed, {run:UInt64}
FROM computed
WHERE (tenant, cell, day, user_key, sessions, closed)
    NOT IN (SELECT tenant, cell, day, user_key, sessions, closed FROM known)
UNION ALL
SELECT tenant, cell, day, user_key, toUInt32(0), toUInt8(1), {run:UInt64}
FROM known
WHERE sessions > 0
    AND (tenant, cell, day, user_key) NOT IN (SELECT tenant, cell, day, user_key FROM computed);
