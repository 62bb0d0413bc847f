/*---
id: session-moved
title: Session went on far from where it was vouched for
meaning: >
  A session is used from a network, with a client or on a device that is far from everything that vouches for it: the
  evidence given in it, its own vouched use, and the user's earlier days.
strength: 3
needs: [strand_points]
attack:
  - { id: AN1406, name: One session on several devices or networks }
  - { id: AN0957, name: Session cookie used from another place than its sign-in }
  - { id: T1550.004, name: "Use Alternate Authentication Material: Web Session Cookie" }
severity: medium
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
  - A VPN switched on in the middle of a session, for the first time.
  - The first day in another country.
knownGaps:
  - A thief in the user's own network, or with a residential address of the user's country and the user's client.
response:
  - Revoke the session and the tokens that came of it.
  - Ask the user whether they moved, and how.
  - See what the session did from there.
---*/
SELECT tenant, session_key, user_key, first_ts, event_id, 'open' AS state, '' AS link, points,
    reasons AS point_reasons
FROM strand_points
WHERE run_id = {run:UInt64} AND distance >= {LeastDistance:Int16} AND NOT is_concurrent AND NOT is_origin AND NOT is_issued;
