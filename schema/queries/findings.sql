-- The findings that a filter leaves, as they are now, in the columns that lists of them are ordered by.
-- An empty list or text restricts nothing; lower bounds are part of the range, upper bounds are not. The state that
-- counts is that of triage where there is one; triage is read only where the filter asks for it.
SELECT id, raised_at, severity_rank, first_seen, last_seen, session_key, user_key
FROM findings FINAL
WHERE tenant = {tenant:String}
    AND (empty({states:Array(String)})
        OR (has({states:Array(String)}, state) AND id NOT IN
        (
            SELECT finding_id
            FROM finding_triage
            WHERE tenant = {tenant:String} AND notEmpty({states:Array(String)}) AND finding_triage.state != ''
        ))
        OR id IN
        (
            SELECT finding_id
            FROM finding_triage
            WHERE tenant = {tenant:String} AND hasAny({states:Array(String)}, ['acknowledged', 'resolved'])
                AND has({states:Array(String)}, finding_triage.state)
        ))
    AND (empty({assignees:Array(String)})
        OR id IN
        (
            SELECT finding_id
            FROM finding_triage
            WHERE tenant = {tenant:String} AND notEmpty({assignees:Array(String)})
                AND has({assignees:Array(String)}, assignee)
        )
        -- An empty name stands for nobody.
        OR (has({assignees:Array(String)}, '') AND id NOT IN
        (
            SELECT finding_id
            FROM finding_triage
            WHERE tenant = {tenant:String} AND has({assignees:Array(String)}, '') AND assignee != ''
        )))
    AND (empty({severities:Array(String)}) OR has({severities:Array(String)}, severity))
    AND (empty({correlations:Array(String)}) OR has({correlations:Array(String)}, correlation))
    AND (empty({users:Array(String)}) OR has({users:Array(String)}, user_key))
    AND (empty({sessions:Array(String)}) OR has({sessions:Array(String)}, session_key))
    AND (empty({applications:Array(String)})
        OR has({applications:Array(String)}, application_id) OR has({applications:Array(String)}, application_name))
    AND (empty({sources:Array(String)}) OR hasAny(sources, {sources:Array(String)}))
    AND (empty({links:Array(String)}) OR has({links:Array(String)}, link))
    AND (empty({verdicts:Array(String)}) OR has({verdicts:Array(String)}, verdict))
    AND raised_at >= {raised_after:DateTime64(9, 'UTC')} AND raised_at < {raised_before:DateTime64(9, 'UTC')}
    AND first_seen >= {first_seen_after:DateTime64(9, 'UTC')} AND first_seen < {first_seen_before:DateTime64(9, 'UTC')}
    AND last_seen >= {last_seen_after:DateTime64(9, 'UTC')} AND last_seen < {last_seen_before:DateTime64(9, 'UTC')}
    AND ({text:String} = '' OR positionCaseInsensitiveUTF8(
        concat(title, '\n', summary, '\n', user_name, '\n', user_key, '\n', application_name), {text:String}) > 0)
