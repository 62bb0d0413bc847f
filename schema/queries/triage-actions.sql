-- What was done about findings, by finding: each action once, the newest first, and whether it was undone since.
WITH undone AS
(
    SELECT finding_id, undoes
    FROM triage_actions
    WHERE tenant = {tenant:String} AND finding_id IN {ids:Array(String)} AND kind = 'undo'
)
SELECT finding_id, at, id, author, kind, resolution, assignee, note, undoes,
    toBool((finding_id, id) IN (SELECT finding_id, undoes FROM undone)) AS is_undone
FROM triage_actions FINAL
WHERE tenant = {tenant:String} AND finding_id IN {ids:Array(String)}
ORDER BY finding_id, at DESC, id DESC
LIMIT {most:UInt32} BY finding_id
