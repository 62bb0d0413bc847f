-- Sessions that teach nothing: those with a finding at MEDIUM or above that nobody resolved as harmless.
CREATE OR REPLACE VIEW quarantine AS
SELECT DISTINCT current.tenant AS tenant, current.session_key AS session_key
FROM
(
    SELECT tenant, id, session_key, state, severity_rank
    FROM findings FINAL
    WHERE session_key != '' AND severity_rank >= 2
) AS current
LEFT JOIN (SELECT tenant, finding_id, resolution FROM finding_triage) AS triage
    ON current.tenant = triage.tenant AND current.id = triage.finding_id
WHERE triage.resolution = 'true_positive'
    OR (triage.resolution = '' AND current.state IN ('open', 'provisional'));
