-- For the sessions that were used without evidence: whether their absence counts (gate, watermark, patience, first
-- records) and what is known of the user from earlier days.
INSERT INTO judged_absence (run_id, tenant, session_key, cell, gate, passed, overdue, predates, young_source,
    young_organization, needs_record_at, past_known, network_known, client_known, script_known,
    weaker_link)
WITH
    bare AS
    (
        SELECT * FROM bare_sessions WHERE run_id = {run:UInt64}
    ),
    gates AS
    (
        SELECT tenant, cell, day, open_for_others, exceptions
        FROM cell_gates FINAL
        WHERE (tenant, cell) IN (SELECT tenant, cell FROM bare)
    ),
    gate_states AS
    (
        SELECT bare.tenant AS tenant, bare.session_key AS session_key, bare.cell AS cell,
            max(gates.day = toDate(bare.first_use)
                AND gates.open_for_others != has(gates.exceptions, bare.user_key)) AS open_now,
            max(gates.open_for_others != has(gates.exceptions, bare.user_key)) AS open_lately
        FROM bare
        INNER JOIN gates ON bare.tenant = gates.tenant AND bare.cell = gates.cell
        WHERE gates.day <= toDate(bare.first_use) AND gates.day >= toDate(bare.first_use) - 28
        GROUP BY tenant, session_key, cell
    ),
    stream_times AS
    (
        SELECT seen.tenant AS tenant, seen.source AS source, seen.organization AS organization,
            seen.stream AS stream, seen.first_record AS first_record, seen.newest AS newest,
            streamDelay(seen.source, learned.version > 0, learned.disorder_seconds) AS delay_seconds,
            learned.gap_seconds AS gap_seconds
        FROM
        (
            SELECT tenant, source, organization, stream, min(first_ts) AS first_record, max(newest) AS newest
            FROM streams
            GROUP BY tenant, source, organization, stream
        ) AS seen
        LEFT JOIN (SELECT * FROM stream_clocks FINAL) AS learned ON seen.tenant = learned.tenant
            AND seen.source = learned.source AND seen.organization = learned.organization
            AND seen.stream = learned.stream
    ),
    clocks AS
    (
        SELECT tenant,
            max((newest.ts, newest.negated_arrival_ms)) AS latest,
            addMilliseconds(latest.1,
                greatest(0, toUnixTimestamp64Milli({now:DateTime64(3, 'UTC')}) + latest.2)) AS clock
        FROM stream_times
        GROUP BY tenant
    ),
    first_records AS
    (
        SELECT tenant, source, organization, min(first_record) AS first_record
        FROM stream_times
        GROUP BY tenant, source, organization
    ),
    needed_streams AS
    (
        SELECT tenant, session_key, cell, first_use, source, organization, stream FROM bare
        UNION DISTINCT
        SELECT bare.tenant, bare.session_key, bare.cell, bare.first_use, found.source, found.organization,
            found.stream
        FROM bare
        INNER JOIN (SELECT * FROM cell_streams WHERE (tenant, cell) IN (SELECT tenant, cell FROM bare)) AS found
            ON bare.tenant = found.tenant AND bare.cell = found.cell
    ),
    clock_states AS
    (
        SELECT needed.tenant AS tenant, needed.session_key AS session_key, needed.cell AS cell,
            min(subtractSeconds(times.newest.ts, times.delay_seconds)) AS watermark,
            -- Silent beyond its habit, and nothing of it is later than the use: it may have stopped.
            max(usualPause(times.gap_seconds, clocks.clock) > 0
                AND times.newest.ts < needed.first_use + INTERVAL 5 MINUTE
                AND clocks.clock > addSeconds(times.newest.ts, usualPause(times.gap_seconds, clocks.clock)))
                AS silent,
            max((records.first_record, needed.source, needed.organization)) AS youngest
        FROM needed_streams AS needed
        INNER JOIN stream_times AS times ON needed.tenant = times.tenant AND needed.source = times.source
            AND needed.organization = times.organization AND needed.stream = times.stream
        INNER JOIN first_records AS records ON needed.tenant = records.tenant
            AND needed.source = records.source AND needed.organization = records.organization
        INNER JOIN clocks ON needed.tenant = clocks.tenant
        GROUP BY needed.tenant, needed.session_key, needed.cell
    ),
    -- What operators declared complete: its silence counts without a gate.
    declared AS
    (
        SELECT tenant, arrayJoin(argMax(complete_sources, applied_at)) AS complete
        FROM policies
        GROUP BY tenant
    ),
    declared_sessions AS
    (
        SELECT DISTINCT bare.tenant AS tenant, bare.session_key AS session_key, bare.cell AS cell
        FROM bare
        INNER JOIN declared ON bare.tenant = declared.tenant
        WHERE declared.complete.1 = bare.source AND declared.complete.2 IN ('', bare.organization)
            AND declared.complete.3 IN ('', bare.application_id)
    ),
    pasts AS
    (
        SELECT bare.tenant AS tenant, bare.session_key AS session_key, bare.cell AS cell,
            uniqExact(toDate(past.ts)) >= 3 AS past_known,
            max(past.asn = bare.asn AND bare.asn != 0) AS network_known,
            max(past.browser = bare.browser AND past.os = bare.os AND bare.browser != '') AS client_known,
            max(past.client_kind = 'tool') AS script_known
        FROM bare
        INNER JOIN
        (
            SELECT tenant, user_key, session_key, ts, asn, browser, os, client_kind
            FROM user_events
            WHERE (tenant, user_key) IN (SELECT tenant, user_key FROM bare)
                AND ts < (SELECT max(first_use) FROM bare)
                AND (tenant, session_key) NOT IN (SELECT tenant, session_key FROM quarantine)
        ) AS past ON bare.tenant = past.tenant AND bare.user_key = past.user_key
        WHERE past.session_key != bare.session_key AND toDate(past.ts) < toDate(bare.first_use)
            AND toDate(past.ts) >= toDate(bare.first_use) - 180
        GROUP BY tenant, session_key, cell
    ),
    -- The user's own evidence for other sessions, near in place and time.
    weaker AS
    (
        SELECT bare.tenant AS tenant, bare.session_key AS session_key, bare.cell AS cell,
            multiIf(max(given.asn = bare.asn AND bare.asn != 0 AND given.browser = bare.browser AND given.os = bare.os)
                = 1, 'network', max(given.ts >= bare.first_use - INTERVAL 1 HOUR) = 1, 'user', '') AS link
        FROM bare
        INNER JOIN
        (
            SELECT tenant, user_key, ts, asn, browser, os
            FROM user_evidence
            WHERE (tenant, user_key) IN (SELECT tenant, user_key FROM bare WHERE user_key != '') AND NOT is_refused
                AND ts >= (SELECT min(first_use) - INTERVAL 12 HOUR FROM bare)
                AND ts <= (SELECT max(first_use) + INTERVAL 5 MINUTE FROM bare)
        ) AS given ON bare.tenant = given.tenant AND bare.user_key = given.user_key
        WHERE given.ts >= bare.first_use - INTERVAL 12 HOUR AND given.ts <= bare.first_use + INTERVAL 5 MINUTE
        GROUP BY tenant, session_key, cell
    )
SELECT {run:UInt64}, bare.tenant, bare.session_key, bare.cell,
    multiIf((gate_states.open_now = 1 OR declared_sessions.cell != '') AND clock_states.silent = 0, 'open',
        gate_states.open_lately = 1 OR declared_sessions.cell != '', 'degraded', 'shut'),
    clock_states.watermark >= bare.first_use + INTERVAL 5 MINUTE,
    clocks.clock > addSeconds(bare.first_use, patience(bare.source)),
    if(bare.created_at > toDateTime64(0, 9, 'UTC'), bare.created_at,
        subtractSeconds(bare.first_use, longestSessionLife(bare.source))) < clock_states.youngest.1,
    clock_states.youngest.2, clock_states.youngest.3,
    if(bare.created_at > toDateTime64(0, 9, 'UTC'), bare.created_at,
        subtractSeconds(bare.first_use, longestSessionLife(bare.source))),
    pasts.past_known, pasts.network_known, pasts.client_known, pasts.script_known,
    weaker.link
FROM bare
LEFT JOIN gate_states ON bare.tenant = gate_states.tenant AND bare.session_key = gate_states.session_key
    AND bare.cell = gate_states.cell
LEFT JOIN clock_states ON bare.tenant = clock_states.tenant AND bare.session_key = clock_states.session_key
    AND bare.cell = clock_states.cell
LEFT JOIN declared_sessions ON bare.tenant = declared_sessions.tenant
    AND bare.session_key = declared_sessions.session_key AND bare.cell = declared_sessions.cell
LEFT JOIN clocks ON bare.tenant = clocks.tenant
LEFT JOIN pasts ON bare.tenant = pasts.tenant AND bare.session_key = pasts.session_key
    AND bare.cell = pasts.cell
LEFT JOIN weaker ON bare.tenant = weaker.tenant AND bare.session_key = weaker.session_key
    AND bare.cell = weaker.cell;
