-- What many share, of what was used on the touched days: from the day on that five users on three days had used it before.
-- Sessions in quarantine teach nothing. What was learned before the days in question stays as it is.
INSERT INTO learned (tenant, kind, shared, learned_on, version)
WITH
    -- A finding takes its session out of what teaches, and a withdrawal puts it back.
    revised AS
    (
        SELECT tenant, session_key, user_key, toDate(first_seen) AS day
        FROM finding_revisions
        WHERE session_key != '' AND revised_at > {now:DateTime64(3, 'UTC')} - INTERVAL 10 MINUTE
    ),
    touched AS
    (
        SELECT tenant, user_key, day FROM touched_days WHERE run_id = {run:UInt64}
        UNION ALL
        SELECT tenant, user_key, day FROM revised
    ),
    used AS
    (
        SELECT DISTINCT tenant, sharing.1 AS kind, sharing.2 AS shared, day
        FROM
        (
            SELECT tenant, day, network, asn, browser, device_key, client_kind
            FROM user_past
            WHERE (tenant, user_key) IN (SELECT tenant, user_key FROM touched)
                AND day >= (SELECT min(day) FROM touched)
                AND ((tenant, user_key, day) IN (SELECT tenant, user_key, day FROM touched)
                    OR (tenant, session_key) IN (SELECT tenant, session_key FROM revised))
        )
        ARRAY JOIN sharedThings(network, asn, browser, client_kind, device_key) AS sharing
    ),
    known AS
    (
        SELECT tenant, kind, shared, learned_on
        FROM learned FINAL
        WHERE (tenant, kind, shared) IN (SELECT tenant, kind, shared FROM used)
    ),
    open_questions AS
    (
        SELECT DISTINCT used.tenant AS tenant, used.kind AS kind, used.shared AS shared
        FROM used
        LEFT JOIN known ON used.tenant = known.tenant AND used.kind = known.kind AND used.shared = known.shared
        WHERE known.shared = '' OR known.learned_on > used.day
    ),
    computed AS
    (
        SELECT tenant, kind, shared,
            arraySort(mapValues(minMap(map(user_key, toUInt16(day))))) AS firsts,
            arraySort(groupUniqArray(toUInt16(day))) AS days,
            if(length(firsts) >= 5 AND (kind = 'device' OR length(days) >= 3),
                toDate(greatest(firsts[5], if(kind = 'device', 0, days[3])) + 1), toDate('2149-06-06')) AS learned_on
        FROM shared_days
        WHERE (tenant, kind, shared) IN (SELECT tenant, kind, shared FROM open_questions)
            AND (tenant, session_key) NOT IN (SELECT tenant, session_key FROM quarantine)
        GROUP BY tenant, kind, shared
    )
SELECT tenant, kind, shared, learned_on, {run:UInt64}
FROM computed
WHERE (tenant, kind, shared, learned_on) NOT IN (SELECT tenant, kind, shared, learned_on FROM known)
    AND (learned_on < toDate('2149-06-06') OR (tenant, kind, shared) IN (SELECT tenant, kind, shared FROM known));
