-- The last run of each correlation. Runs are of the program, not of a tenant.
SELECT toString(run_id) AS run_id, correlation, started_at, duration_ms, rows_read, bytes_read, sessions,
    findings_raised, findings_withdrawn, cursor_from, cursor_to, error
FROM correlation_runs
WHERE (started_at, correlation) IN
    (
        SELECT max(runs.started_at), runs.correlation
        FROM correlation_runs AS runs
        WHERE runs.correlation IN {correlations:Array(String)}
        GROUP BY runs.correlation
    )
ORDER BY correlation, run_id DESC
LIMIT 1 BY correlation
