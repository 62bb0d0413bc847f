-- The user-days on which dirty sessions were used: their closure is computed again.
INSERT INTO touched_days (run_id, tenant, user_key, day)
WITH lives AS
(
    SELECT tenant, arrayJoin([user_key_low, user_key_high]) AS user_key, first_ts, last_ts
    FROM sessions
    WHERE (tenant, session_key) IN (SELECT tenant, session_key FROM dirty_sessions WHERE run_id = {run:UInt64})
        AND implied = 0
)
SELECT DISTINCT {run:UInt64}, tenant, user_key, day
FROM session_days
WHERE (tenant, user_key) IN (SELECT tenant, user_key FROM lives)
    AND day >= (SELECT toDate(min(first_ts)) FROM lives) AND day <= (SELECT toDate(max(last_ts)) FROM lives)
    AND (tenant, session_key) IN (SELECT tenant, session_key FROM dirty_sessions WHERE run_id = {run:UInt64});
