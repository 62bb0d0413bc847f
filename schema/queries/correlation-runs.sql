-- Runs of correlations that began within a time, and of the part that all of them share (`judging`). Runs are of the
-- program, not of a tenant. An empty list restricts nothing.
SELECT concat(toString(run_id), '/', correlation) AS run_key, toString(correlation_runs.run_id) AS run_id, correlation,
    started_at, duration_ms, rows_read, bytes_read, sessions, findings_raised, findings_withdrawn, cursor_from,
    cursor_to, error
FROM correlation_runs
WHERE started_at >= {since:DateTime64(9, 'UTC')} AND started_at < {until:DateTime64(9, 'UTC')}
    AND (empty({correlations:Array(String)}) OR has({correlations:Array(String)}, correlation))
    AND ({failed_only:UInt8} = 0 OR error != '')
