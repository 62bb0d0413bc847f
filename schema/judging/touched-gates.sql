-- The gates that this run computes again: those of the eight days after a closure that changed, where somebody
-- has asked for them, and those that the sessions of this run ask for the first time.
INSERT INTO touched_gates (run_id, tenant, cell, day)
WITH
    changed AS
    (
        -- Of this run, and of runs that were cut off: what they changed is still to be followed up.
        SELECT DISTINCT tenant, cell, day
        FROM closure_days
        WHERE version = {run:UInt64}
            OR version > (SELECT max(version) FROM cursors WHERE name = 'completed-run')
    ),
    asked AS
    (
        SELECT DISTINCT tenant, cell, toDate(first_use) AS day
        FROM judged_sessions
        WHERE run_id = {run:UInt64} AND implied = 0 AND last_use > toDateTime64(0, 9, 'UTC')
        UNION DISTINCT
        SELECT DISTINCT tenant, federatedCell(source, organization), toDate(first_use)
        FROM judged_sessions
        WHERE run_id = {run:UInt64} AND implied = 0 AND last_use > toDateTime64(0, 9, 'UTC')
            AND (tenant, session_key)
                IN (SELECT tenant, session_key FROM judged_evidence WHERE run_id = {run:UInt64} AND is_federated)
    )
SELECT DISTINCT {run:UInt64}, tenant, cell, day
FROM
(
    SELECT tenant, cell, day
    FROM (SELECT tenant, cell, day + arrayJoin(range(1, 9)) AS day FROM changed)
    WHERE (tenant, cell, day) IN
    (
        SELECT tenant, cell, day FROM cell_gates WHERE (tenant, cell) IN (SELECT tenant, cell FROM changed)
    )
    UNION ALL
    SELECT tenant, cell, day
    FROM asked
    WHERE (tenant, cell, day) NOT IN
    (
        SELECT tenant, cell, day FROM cell_gates WHERE (tenant, cell) IN (SELECT tenant, cell FROM asked)
    )
);
