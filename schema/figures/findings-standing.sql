-- Findings that nobody has resolved and that were not withdrawn, by severity and state; what an analyst set counts
-- before the finding's own state.
SELECT toString(severity) AS severity, state, count() AS findings
FROM
(
    SELECT severity, if(triage.state != '', triage.state, toString(found.state)) AS state
    FROM (SELECT tenant, id, severity, state FROM findings FINAL WHERE state != 'withdrawn') AS found
    LEFT JOIN (SELECT tenant, finding_id, state FROM finding_triage) AS triage
        ON found.tenant = triage.tenant AND found.id = triage.finding_id
)
WHERE state != 'resolved'
GROUP BY severity, state
