-- What analysts decided about findings, appended and never changed: an action that was a mistake is cancelled by
-- another one of kind `undo`, which names it. Findings themselves hold what the program found; the two are stored
-- apart, so that neither overwrites the other.
CREATE TABLE IF NOT EXISTS triage_actions
(
    tenant LowCardinality(String),
    finding_id String,
    -- Together the order of a finding's actions. Whoever writes takes a later `at` than the newest that it saw.
    at DateTime64(3, 'UTC'),
    id String,
    author String,
    -- 'acknowledge', 'resolve', 'reopen', 'assign', 'note' or 'undo'. The first five may carry an assignee and a note.
    kind LowCardinality(String),
    -- Of kind 'resolve': 'true_positive', 'false_positive' or 'benign'.
    resolution LowCardinality(String),
    -- Null: left as it was. Empty: assigned to nobody any more.
    assignee Nullable(String),
    note String,
    -- Of kind 'undo': the id of the action that it cancels. An undo is not undone itself.
    undoes String,
    -- The version of the finding that its author had seen, 0 if the author did not say.
    seen_version UInt32
)
ENGINE = ReplacingMergeTree
ORDER BY (tenant, finding_id, at, id)
SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1;

-- finding_triage: where each finding stands by its actions; findings without any are not here. An action that was
-- undone counts as if it had never been. The last of the others that sets a state or an assignee decides it.
CREATE VIEW IF NOT EXISTS finding_triage AS
SELECT tenant, finding_id,
    -- 'acknowledged', 'resolved', or '' where the finding's own state shows.
    multiIf(decision.3 = 'acknowledge', 'acknowledged', decision.3 = 'resolve', 'resolved', '') AS state,
    if(state = 'resolved', decision.4, '') AS resolution,
    ifNull(arrayLast(action -> isNotNull(action.5), effective).5, '') AS assignee,
    -- When it was resolved as it is now; 1970 if it is not.
    if(state = 'resolved', decision.1, toDateTime64(0, 3, 'UTC')) AS resolved_at,
    -- Of all actions, undone ones and undos included.
    toUInt32(length(actions)) AS action_count,
    actions[-1].1 AS last_action_at
FROM
(
    SELECT tenant, finding_id,
        arraySort(groupArray((at, id, toString(kind), toString(resolution), assignee, undoes))) AS actions,
        arrayMap(action -> action.6, arrayFilter(action -> action.3 = 'undo', actions)) AS undone,
        arrayFilter(action -> action.3 != 'undo' AND NOT has(undone, action.2), actions) AS effective,
        arrayLast(action -> action.3 IN ('acknowledge', 'resolve', 'reopen'), effective) AS decision
    FROM triage_actions FINAL
    GROUP BY tenant, finding_id
);
