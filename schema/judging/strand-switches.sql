-- What the events of far strands say, one row an event id, the last ingested: whether the strand is still there, and
-- how its network, or its client where the network is near, alternates with vouched ones. An excursion of under ten
-- minutes, with use elsewhere before and after, is an overlap; coming home from a VPN is neither.
INSERT INTO strand_switches (run_id, tenant, session_key, strand, uses, switches, overlaps)
WITH
    far AS
    (
        SELECT tenant, session_key, strand, user_key, asn, country, unrouted, os, browser, client_kind, device_key, began,
            last_ts,
            -- Told apart by its network where that is far, else by its client as well.
            (tenant, session_key, strand) IN
                (SELECT tenant, session_key, strand FROM measured_strands WHERE run_id = {run:UInt64} AND network_distance >= 2)
                AS is_by_network
        FROM judged_strands
        WHERE run_id = {run:UInt64} AND is_own
            AND (tenant, session_key, strand) IN
                (SELECT tenant, session_key, strand FROM measured_strands WHERE run_id = {run:UInt64} AND distance >= 2)
    ),
    trusted AS
    (
        SELECT tenant, session_key, groupUniqArray((asn, toString(country), unrouted)) AS places,
            groupUniqArray((asn, toString(country), unrouted, toString(os), toString(browser))) AS clients
        FROM judged_strands
        WHERE run_id = {run:UInt64}
            AND (tenant, session_key, strand) IN
            (
                SELECT tenant, session_key, strand FROM measured_strands WHERE run_id = {run:UInt64} AND vouched_by != 'none'
                UNION ALL
                SELECT tenant, session_key, strand FROM judged_strands WHERE run_id = {run:UInt64} AND NOT is_own
            )
        GROUP BY tenant, session_key
    ),
    uses AS
    (
        SELECT tenant, user_key, session_key, ts, event_id, asn, country, if(asn = 0, network, '') AS unrouted, os, browser,
            client_kind, device_key
        FROM user_events
        WHERE (tenant, user_key) IN (SELECT tenant, user_key FROM far)
            AND ts >= (SELECT min(began) - INTERVAL 1 DAY FROM far) AND ts <= (SELECT max(last_ts) + INTERVAL 1 DAY FROM far)
            AND (tenant, session_key) IN (SELECT tenant, session_key FROM far)
            AND network != ''
        ORDER BY ingested_at DESC
        LIMIT 1 BY tenant, event_id
    ),
    marked AS
    (
        SELECT far.tenant AS tenant, far.session_key AS session_key, far.strand AS strand, uses.ts AS ts,
            uses.event_id AS event_id,
            (uses.asn, uses.country, uses.unrouted) = (far.asn, far.country, far.unrouted)
                AND (far.is_by_network OR (uses.os = far.os AND uses.browser = far.browser)) AS is_there,
            is_there AND uses.os = far.os AND uses.browser = far.browser AND uses.client_kind = far.client_kind
                AND uses.device_key = far.device_key AS is_it
        FROM far
        INNER JOIN uses ON far.tenant = uses.tenant AND far.session_key = uses.session_key
        LEFT JOIN trusted ON far.tenant = trusted.tenant AND far.session_key = trusted.session_key
        WHERE uses.ts >= far.began - INTERVAL 1 DAY AND uses.ts <= far.last_ts + INTERVAL 1 DAY
            AND (is_there OR if(far.is_by_network, has(trusted.places, (uses.asn, toString(uses.country), uses.unrouted)),
                has(trusted.clients,
                    (uses.asn, toString(uses.country), uses.unrouted, toString(uses.os), toString(uses.browser)))))
    )
SELECT {run:UInt64}, tenant, session_key, strand, uses,
    arrayCount((is_there, before) -> is_there != before, arrayPopFront(turns.2), arrayPopBack(turns.2)) AS switches,
    -- There, with vouched use right before and right after, ten minutes apart at most.
    arrayExists((is_there, position) -> is_there = 1 AND position > 1 AND position < length(runs)
        AND dateDiff('second', runs[position - 1].3, runs[position + 1].2) <= 600,
        runs.1, arrayEnumerate(runs)) AS overlaps
FROM
(
    SELECT tenant, session_key, strand, countIf(is_it) AS uses,
        -- The first so many: which ones must not depend on the order in which they are read.
        groupArraySorted(16384)((ts, toUInt8(is_there))) AS turns,
        -- Runs of use on one side: (there, first, last).
        arrayFold((acc, turn) -> if(notEmpty(acc) AND acc[-1].1 = turn.2,
                arrayPushBack(arrayPopBack(acc), (turn.2, acc[-1].2, turn.1)),
                arrayPushBack(acc, (turn.2, turn.1, turn.1))),
            turns, CAST([], 'Array(Tuple(UInt8, DateTime64(9, \'UTC\'), DateTime64(9, \'UTC\')))')) AS runs
    FROM marked
    GROUP BY tenant, session_key, strand
);
