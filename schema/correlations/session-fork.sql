/*---
id: session-fork
title: Session used in two places at once
meaning: >
  One session is used in turns from a place that is vouched for and from another that is far from it: a copy of the
  session is in other hands while its owner works.
strength: 2
needs: [strand_points]
attack:
  - { id: AN0202, name: Session or token reuse across hosts }
  - { id: AN1406, name: One session on several devices or networks }
  - { id: AN0487, name: Session of one user at several places }
  - { id: T1550.004, name: "Use Alternate Authentication Material: Web Session Cookie" }
severity: high
every: 5 s
lookback: the whole life of a session; 60 days of the user's past
parameters:
  - name: LeastDistance
    type: Int16
    default: 2
    minimum: 2
    maximum: 12
    meaning: Distance from which a strand is raised.
falsePositives:
  - A VPN or a proxy that carries part of the traffic, on its first day.
  - A remote desktop in another network beside the local browser, on its first day.
knownGaps:
  - A copy that is used from the network of its owner is as near as its owner.
response:
  - Revoke the session and the tokens that came of it, at the identity provider and at the application.
  - Ask the user which of the two places was theirs.
  - Look for malware on the user's device; that is where copies of sessions come from.
---*/
SELECT tenant, session_key, user_key, first_ts, event_id, 'open' AS state, '' AS link, points,
    reasons AS point_reasons
FROM strand_points
WHERE run_id = {run:UInt64} AND distance >= {LeastDistance:Int16} AND is_concurrent AND NOT is_origin AND NOT is_issued;
