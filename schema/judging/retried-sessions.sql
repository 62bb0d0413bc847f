-- A correlation failed: the sessions of this run are judged again later, so that its failure loses nothing.
INSERT INTO pending (tenant, cell, day, session_key, waits_for, young_source, young_organization, needs_record_at,
    done, version)
SELECT DISTINCT tenant, '', toDate(0), session_key, 'retry', '', '', toDateTime64(0, 9, 'UTC'), 0, {run:UInt64}
FROM dirty_sessions
WHERE run_id = {run:UInt64};
