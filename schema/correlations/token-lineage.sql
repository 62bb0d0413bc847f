/*---
id: token-lineage
title: Temporary credential used far from its issue
meaning: >
  A temporary credential is used from a network or with a client that is far from where it was issued.
strength: 5
needs: [strand_points]
attack:
  - { id: AN0526, name: Temporary credential used elsewhere }
  - { id: AN0419, name: Token issued and used in different places }
  - { id: T1550.001, name: "Use Alternate Authentication Material: Application Access Token" }
severity: medium
every: 5 s
lookback: the whole life of a credential
parameters:
  - name: LeastDistance
    type: Int16
    default: 2
    minimum: 2
    maximum: 12
    meaning: Distance from which a strand is raised.
falsePositives:
  - A pipeline that gets its credentials in one cloud and uses them in another, on its first days.
knownGaps:
  - Credentials that a service issued to itself have no network of issue; their own use and past stand in.
  - A thief inside the same cloud is as near as the cloud's own machines.
response:
  - Revoke the role's sessions, and rotate the long-term key that asked for the credential.
  - See what the credential did from there.
---*/
SELECT tenant, session_key, user_key, first_ts, event_id, 'open' AS state, '' AS link, points,
    reasons AS point_reasons
FROM strand_points
WHERE run_id = {run:UInt64} AND distance >= {LeastDistance:Int16} AND is_issued AND NOT is_origin;
