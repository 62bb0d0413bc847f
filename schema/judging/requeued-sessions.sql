-- Sessions judged again although nothing new arrived for them: a gate flipped (a gate that was open within 28
-- days makes a cell degraded, so later days of the cell count too), a source turned out to have older records,
-- or they wait for a watermark (few: their gate is open and they have no evidence), or a correlation failed on them.
INSERT INTO dirty_sessions (run_id, tenant, session_key)
WITH
    flipped AS
    (
        SELECT tenant, cell, min(day) AS first_day, max(day) AS last_day
        FROM cell_gates
        -- Of this run, and of runs that were cut off before they had judged what their flips re-queue.
        WHERE version = {run:UInt64}
            OR version > (SELECT max(version) FROM cursors WHERE name = 'completed-run')
        GROUP BY tenant, cell
    ),
    first_records AS
    (
        SELECT tenant, source, organization, min(first_ts) AS first_record
        FROM streams
        GROUP BY tenant, source, organization
    ),
    standing AS
    (
        SELECT tenant, session_key, user_key, first_seen
        FROM findings FINAL
        WHERE story = 'session' AND state IN ('open', 'provisional')
    ),
    newly_shared AS
    (
        SELECT tenant, kind, shared
        FROM learned
        WHERE version = {run:UInt64}
            OR version > (SELECT max(version) FROM cursors WHERE name = 'completed-run')
    )
SELECT DISTINCT {run:UInt64}, tenant, session_key
FROM
(
SELECT waiting.tenant AS tenant, waiting.session_key AS session_key
FROM (SELECT * FROM pending FINAL WHERE done = 0) AS waiting
LEFT JOIN flipped ON waiting.tenant = flipped.tenant AND waiting.cell = flipped.cell
LEFT JOIN first_records ON waiting.tenant = first_records.tenant
    AND waiting.young_source = first_records.source
    AND waiting.young_organization = first_records.organization
WHERE (flipped.cell != '' AND waiting.day >= flipped.first_day AND waiting.day <= flipped.last_day + 28)
    OR ({look_at_clocks:UInt8} = 1 AND waiting.waits_for IN ('watermark', 'retry'))
    OR (waiting.waits_for = 'history' AND first_records.first_record > toDateTime64(0, 9, 'UTC')
        AND first_records.first_record <= waiting.needs_record_at)
UNION ALL
-- What a user did explains, or adds to, what was found of the same user within two days.
SELECT standing.tenant, standing.session_key
FROM standing
INNER JOIN (SELECT tenant, user_key, day FROM touched_days WHERE run_id = {run:UInt64}) AS touched
    ON standing.tenant = touched.tenant AND standing.user_key = touched.user_key
WHERE abs(dateDiff('day', touched.day, toDate(standing.first_seen))) <= 2
UNION ALL
-- A network, program or device that turned out to be shared explains what was found there.
SELECT tenant, session_key
FROM shared_days
WHERE (tenant, kind, shared) IN (SELECT tenant, kind, shared FROM newly_shared)
    AND (tenant, session_key) IN (SELECT tenant, session_key FROM standing)
);
