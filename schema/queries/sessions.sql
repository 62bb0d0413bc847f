-- The sessions that a filter leaves, as they stand after their last judging, in the columns that lists of them are
-- ordered by. An empty list restricts nothing; lower bounds are part of the range, upper bounds are not.
SELECT session_key, first_seen, last_seen, user_key
FROM session_states FINAL
WHERE tenant = {tenant:String}
    AND (empty({users:Array(String)}) OR has({users:Array(String)}, user_key))
    AND (empty({sources:Array(String)}) OR hasAny(sources, {sources:Array(String)}))
    AND (empty({kinds:Array(String)}) OR has({kinds:Array(String)}, kind))
    AND (empty({verdicts:Array(String)}) OR has({verdicts:Array(String)}, verdict))
    -- Where nothing says when a session was created, it began at the latest with its first record.
    AND if(created_at > toDateTime64(0, 9, 'UTC'), created_at, first_seen) >= {started_after:DateTime64(9, 'UTC')}
    AND if(created_at > toDateTime64(0, 9, 'UTC'), created_at, first_seen) < {started_before:DateTime64(9, 'UTC')}
    AND last_seen >= {last_seen_after:DateTime64(9, 'UTC')} AND last_seen < {last_seen_before:DateTime64(9, 'UTC')}
