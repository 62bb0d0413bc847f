-- One action, by its finding and id, and whether it was undone since; without an id, the newest of the finding that
-- can still be undone.
WITH undone AS
(
    SELECT undoes
    FROM triage_actions
    WHERE tenant = {tenant:String} AND finding_id = {finding_id:String} AND kind = 'undo'
)
SELECT id, kind, toBool(id IN (SELECT undoes FROM undone)) AS is_undone
FROM triage_actions
WHERE tenant = {tenant:String} AND finding_id = {finding_id:String}
    AND if({id:String} = '', kind != 'undo' AND id NOT IN (SELECT undoes FROM undone), id = {id:String})
ORDER BY at DESC, id DESC
LIMIT 1
